internal import Synchronization
internal import VaultCrypto

/// What this host remembers of a vault, to detect a rollback, another vault in its place, or other slots.
///
/// By store id, wherever the vault is: the highest durable generation (`SeenRecord`) and the slots (`SlotMemory`). By
/// the path as it was named: the store id. All of it is best effort: a host that cannot write its state directory
/// remembers nothing, which is no error.
final class HostMemory: Sendable {
  /// Hears of a file that others could reach, and that was made anew.
  typealias Warning = @Sendable (_ path: String, _ othersCouldWrite: Bool) -> Void

  let directory: StateDirectory?
  let location: VaultLocation
  /// The path as it was named, in one form.
  let path: [UInt8]
  private let warn: Warning
  /// The store's record, kept open because an open for each save would cost more than the write.
  private let kept = Mutex(ProcessOwned<SeenFile?>(.descriptor) { nil })

  /// The memory of a vault at this location.
  init(
    of location: VaultLocation, _ locations: StandardLocations, _ disk: any Disk,
    warn: @escaping Warning = { _, _ in }
  ) {
    directory = StateDirectory(locations, disk)
    (self.location, path) = (location, Self.plain(location.named))
    self.warn = warn
  }

  /// A memory that is always empty, for copies of a vault, which are older by nature.
  init(ofCopyAt location: VaultLocation) {
    (directory, self.location, path) = (nil, location, [])
    warn = { _, _ in }
  }

  // MARK: The highest generation

  private func record(of store: StoreID) -> String { "vaults/\(store.text).seen" }

  /// The highest durable generation of a store; nil if none is remembered.
  func seen(_ store: StoreID) throws(FileError) -> SeenGeneration? {
    try kept.withLock { (kept) throws(FileError) in
      try opened(store, &kept)?.read()
    }
  }

  /// Remembers a durable generation, unless a higher one is remembered.
  func remember(_ generation: SeenGeneration, of store: StoreID) {
    update(store) { old in
      guard let old, old.number >= generation.number else { return generation }
      return old.number == generation.number && old.tag == nil ? generation : nil
    }
  }

  /// Makes this generation the highest, even if a higher one was remembered: a person has accepted that.
  func reset(to generation: SeenGeneration, of store: StoreID) {
    update(store) { _ in generation }
  }

  /// Whether this object holds a record of the store's generations that it can write.
  func isRemembering(_ store: StoreID) -> Bool {
    kept.withLock { $0.value.map { $0.store == store && $0.isWritable && $0.isAtItsPath } ?? false }
  }

  private func update(
    _ store: StoreID, _ decide: (SeenGeneration?) -> SeenGeneration?
  ) {
    kept.withLock { kept in
      if let file = try? opened(store, &kept, isFresh: false), file.update(decide) { return }
      // It was removed, or is not there yet.
      kept.value = nil
      if let file = try? opened(store, &kept) {
        _ = file.update(decide)
      } else if let file = try? made(store) {
        kept.store(file, madeAt: file.file.history)
        if !file.update(decide) {
          file.removeIfEmpty()
          kept.value = nil
        }
      }
    }
  }

  /// The open record; nil if there is none. `isFresh` demands that it is the one at its path.
  private func opened(
    _ store: StoreID, _ kept: inout ProcessOwned<SeenFile?>, isFresh: Bool = true
  ) throws(FileError) -> SeenFile? {
    if let file = kept.value, file.store == store, !isFresh || file.isAtItsPath { return file }
    kept.value = nil
    guard let directory else { return nil }
    var (purpose, found) = (OpenPurpose.updating, try directory.open(record(of: store), .updating))
    if found == nil {
      purpose = .reading
      found = try directory.open(record(of: store), .reading)
    }
    guard var opened = found else { return nil }
    if opened.trust != .ownerAlone, let mended = try mend(opened, store) {
      (opened, purpose) = (mended, .updating)
    }
    let file = SeenFile(
      store: store, file: opened.file, isWritable: purpose == .updating, disk: directory.disk)
    kept.store(file, madeAt: file.file.history)
    return file
  }

  /// Makes the record anew for the owner alone; its number stays, as a lower bound. Nil if that fails.
  private func mend(
    _ opened: StateDirectory.Opened, _ store: StoreID
  ) throws(FileError) -> StateDirectory.Opened? {
    guard let directory else { return nil }
    let old = try SeenFile(
      store: store, file: opened.file, isWritable: false, disk: directory.disk
    ).read()
    let number = SeenGeneration(old?.number ?? 0, tag: nil)
    let bytes = SeenRecord.encode(number, after: SeenRecord.start(of: store))
    guard (try? directory.replace(record(of: store), with: bytes)) != nil else { return nil }
    warn(opened.trust, record(of: store))
    return try directory.open(record(of: store), .updating)
  }

  private func warn(_ trust: StateDirectory.Trust, _ name: String) {
    warn(directory?.place(name) ?? name, trust == .othersCouldWrite)
  }

  private func made(_ store: StoreID) throws(FileError) -> SeenFile? {
    guard let directory else { return nil }
    let (files, path) = (PrivateFile(disk: directory.disk), directory.place(record(of: store)))
    let file: OpenFile
    do throws(FileError) { file = try files.make(path) } catch .missing {
      try files.makeDirectories(above: path)
      file = try files.make(path)
    } catch .alreadyThere {
      // Another process was first.
      guard let opened = try directory.open(record(of: store), .updating) else { return nil }
      file = opened.file
    }
    return SeenFile(store: store, file: file, isWritable: true, disk: directory.disk)
  }

  // MARK: The slots

  private func slotFile(of store: StoreID) -> String { "vaults/\(store.text).slots" }

  /// The slots of a store; nil if none are remembered, or others could have written them.
  func slots(_ store: StoreID) throws(FileError) -> SlotMemory? {
    try trusted(slotFile(of: store)).flatMap { SlotMemory.decode($0, of: store) }
  }

  /// The bytes of a file. A file that others could write is removed, and nil returned; one that others could only read
  /// is made anew for the owner alone.
  func trusted(_ name: String) throws(FileError) -> [UInt8]? {
    guard let directory, let (bytes, trust) = try directory.read(name) else { return nil }
    switch trust {
    case .ownerAlone: return bytes
    case .othersCouldRead:
      if (try? directory.replace(name, with: bytes)) != nil { warn(trust, name) }
      return bytes
    case .othersCouldWrite:
      if (try? directory.disk.remove(directory.place(name))) != nil { warn(trust, name) }
      return nil
    }
  }

  /// Remembers the slots of a store, durable, best effort.
  func remember(_ slots: SlotMemory, of store: StoreID) {
    try? directory?.replace(slotFile(of: store), with: slots.encode(for: store))
  }
}
