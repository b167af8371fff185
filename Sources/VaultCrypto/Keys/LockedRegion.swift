internal import Glibc
internal import Synchronization

/// Memory for keys and other small secrets, which the kernel neither swaps out nor writes into a core dump, as far as it lets
/// this process ask for that.
///
/// A region has slots of one size and stays for the life of the process, so that many keys take few locked pages and few
/// system calls. There is no mutex in it: a child that is forked while another thread takes a slot must not wait for it.
@safe final class LockedRegion: @unchecked Sendable {
  // Sendable: `used` says which thread has a slot, and all else is constant.

  /// Bytes of a slot: the keys of one message and all that HKDF gives at once fit into it.
  static let slotSize = 128
  private static let slotCount = 64
  private static let size = slotSize * slotCount

  private static let first = AtomicLazyReference<LockedRegion>()
  /// A forked child has its parent's pages, but not locked. `first` exists before the handler does, so that no child waits for
  /// a thread that was making it.
  private static let isLockedAfterFork =
    first.load() == nil && pthread_atfork(nil, nil, { LockedRegion.lockAll() }) == 0

  private let start: UnsafeMutableRawPointer
  /// A bit for each slot that is taken.
  private let used = Atomic<UInt64>(0)
  /// Once all slots of this one were taken.
  private let next = AtomicLazyReference<LockedRegion>()

  /// Nil if there is no memory.
  private init?() {
    let memory = unsafe mmap(
      nil, Self.size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    guard let memory = unsafe memory, unsafe memory != MAP_FAILED else { return nil }
    unsafe start = memory
    unsafe madvise(start, Self.size, MADV_DONTDUMP)
    lock()
  }

  deinit { unsafe munmap(start, Self.size) }

  /// Fails where the limit for locked memory (RLIMIT_MEMLOCK) is too low; the keys are as secret as other memory then.
  private func lock() { _ = unsafe mlock(start, Self.size) }

  private static func lockAll() {
    var region = first.load()
    while let current = region {
      current.lock()
      region = current.next.load()
    }
  }

  /// A slot of zeros, and its region, which takes it back; nil if there is no memory.
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

  /// Takes a slot back, which the caller has cleansed.
  func giveBack(_ slot: UnsafeMutableRawPointer) {
    let index = unsafe (slot - start) / Self.slotSize
    used.bitwiseAnd(~(1 << UInt64(index)), ordering: .releasing)
  }
}
