internal import Glibc
internal import Synchronization

/// Locked memory for keys and other small secrets: the kernel does not swap it out (mlock(2)) and leaves it out of core
/// dumps (`MADV_DONTDUMP`), as far as this process may ask for that.
///
/// A region has slots of one size and stays for the life of the process, so that many keys take few locked pages and
/// few system calls. It is lock-free: a mutex that another thread holds at a fork would stay locked in the child.
@safe final class LockedRegion: @unchecked Sendable {
  // Sendable: a bit of `used` gives a slot to one thread, and all else is constant.

  /// The bytes of a slot: it holds the keys of one message, or all that HKDF derives for it.
  static let slotSize = 128
  private static let slotCount = 64
  private static let size = slotSize * slotCount

  private static let first = AtomicLazyReference<LockedRegion>()
  /// Registers a handler that locks the regions again in a forked child, which inherits pages but no locks (mlock(2)).
  /// `first` is set up before the handler, so that no child waits for a parent's thread that was setting it up.
  private static let isLockedAfterFork =
    first.load() == nil && pthread_atfork(nil, nil, { LockedRegion.lockAll() }) == 0

  private let start: UnsafeMutableRawPointer
  /// One bit for each slot, set while the slot is taken.
  private let used = Atomic<UInt64>(0)
  /// The region that was made when all slots of this one were taken.
  private let next = AtomicLazyReference<LockedRegion>()

  /// Maps and locks a region; nil if there is no memory.
  private init?() {
    let memory = unsafe mmap(
      nil, Self.size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    guard let memory = unsafe memory, unsafe memory != MAP_FAILED else { return nil }
    unsafe start = memory
    unsafe madvise(start, Self.size, MADV_DONTDUMP)
    lock()
  }

  deinit { unsafe munmap(start, Self.size) }

  /// Locks the pages. If the limit for locked memory (`RLIMIT_MEMLOCK`) is too low, the keys may be swapped out as
  /// other memory is.
  private func lock() { _ = unsafe mlock(start, Self.size) }

  private static func lockAll() {
    var region = first.load()
    while let current = region {
      current.lock()
      region = current.next.load()
    }
  }

  /// Takes a free slot.
  ///
  /// - Returns: The slot, filled with zeros, and the region to return it to; nil if there is no memory.
  static func take() -> (region: LockedRegion, slot: UnsafeMutableRawPointer)? {
    _ = isLockedAfterFork
    var region = first.load() ?? LockedRegion().map { first.storeIfNil($0) }
    while let current = region {
      if let slot = unsafe current.takeSlot() { return unsafe (current, slot) }
      region = current.next.load() ?? LockedRegion().map { current.next.storeIfNil($0) }
    }
    return nil
  }

  private func takeSlot() -> UnsafeMutableRawPointer? {
    var taken = used.load(ordering: .relaxed)
    while taken != .max {
      let index = (~taken).trailingZeroBitCount
      let (isDone, now) = used.weakCompareExchange(
        expected: taken, desired: taken | 1 << UInt64(index), ordering: .acquiringAndReleasing)
      if isDone { return unsafe start + index * Self.slotSize }
      taken = now
    }
    return nil
  }

  /// Frees a slot of this region, which the caller has cleansed.
  func giveBack(_ slot: UnsafeMutableRawPointer) {
    let index = unsafe (slot - start) / Self.slotSize
    used.bitwiseAnd(~(1 << UInt64(index)), ordering: .releasing)
  }
}
