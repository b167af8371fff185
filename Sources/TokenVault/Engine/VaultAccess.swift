internal import VaultCrypto

/// Opens one vault, and opens it again after its keys have changed.
///
/// A class, because a save copies sessions, and these would copy each string of the configuration.
final class VaultAccess: Sendable {
  let file: VaultFile
  /// What this host remembers of the vault.
  let memory: HostMemory
  private let search: KeySearch
  let configuration: VaultConfiguration

  /// The same keys for a copy of the vault.
  init(copy file: VaultFile, like other: VaultAccess) {
    (self.file, search, configuration) = (file, other.search, other.configuration)
    memory = HostMemory(ofCopyAt: file.location)
  }

  /// `isCopy` says that the file may be older than the vault, and another store's.
  init(_ file: VaultFile, _ configuration: VaultConfiguration, isCopy: Bool = false) {
    (self.file, self.configuration) = (file, configuration)
    memory = isCopy ? HostMemory(ofCopyAt: file.location) : configuration.memory(of: file)
    search = KeySearch(
      configuration.key, prompt: configuration.prompt, promptAgain: configuration.promptAgain,
      usesKeyring: configuration.usesKeyring, configuration.locations, configuration.disk)
  }

  /// A vault whose header was read, and the key that opens it.
  struct Opened {
    let image: VaultReader
    var found: UnlockedKey
    let remembered: Remembered
    let slots: SlotComparison

    /// The highest generation that this host has seen, or the open store that reads the vault again.
    func seen(_ known: Known? = nil) -> SeenGeneration? {
      let seen = [remembered.highest, known?.generation].compactMap(\.self)
      return seen.max { $0.number < $1.number }
    }
  }

  /// What this host remembers of a store.
  struct Remembered {
    /// The store that was at the path.
    let atPath: StoreID?
    let highest: SeenGeneration?
    let slots: SlotMemory?
  }

  /// How the vault's generation and slots are compared with what this host remembers.
  enum GenerationCheck {
    /// A rollback is an error; what is newer is remembered.
    case isRemembered
    /// A rollback is an error. For a header that has not been authenticated yet.
    case isCompared
    /// Any generation will do, since a higher one is about to replace the vault; the data-encryption key and this host's
    /// slot must be as they were seen.
    case isSuperseded
    /// Anything will do: for a copy.
    case isIgnored

    fileprivate var isOfGenerations: Bool { self == .isRemembered || self == .isCompared }
  }

  /// What is known from opening the same vault before.
  struct Known {
    let store: StoreID
    let generation: SeenGeneration
    /// The highest generation that was remembered at that time.
    let highest: SeenGeneration?
    var found: UnlockedKey
    let slots: [KeySlot]
  }

  /// Reads the header, finds the key, and lends both to `body`, which opens the snapshot, and thereby authenticates the
  /// header.
  ///
  /// Other processes may rotate keys meanwhile: if the key does not fit, and the file was replaced since it was read, this
  /// begins again.
  ///
  /// - Parameters:
  ///   - known: The same vault as it was opened before.
  ///   - lock: The writer's lock, if the caller has it. The inode that is read is locked, too, so that it stays the newest.
  ///   - mayBeDamaged: Whether `body` takes what is sound.
  ///   - check: What is compared with this host's memory.
  ///   - body: Returns the generation with the log entries, besides its result.
  func open<Result>(
    _ known: Known? = nil, under lock: WriterLock? = nil, mayBeDamaged: Bool = false,
    generation check: GenerationCheck = .isRemembered,
    _ body: (Opened) throws(TokenVaultError) -> (Result, generation: SeenGeneration)
  ) throws(TokenVaultError) -> Result {
    try withImage(under: lock, mayBeDamaged: mayBeDamaged) { (image) throws(TokenVaultError) in
      var opened = try openedImage(image, known)
      // The copy that a restore reads does not tell which key the vault has.
      if opened.found.isStaged, lock != nil || check != .isIgnored {
        completeRotation(&opened, under: lock)
      }
      let dataKey = opened.found.dataKey.secret
      try TokenVaultError.wrap(crypto: dataKey.keepState())
      defer { dataKey.dropState() }
      if check != .isIgnored { try refuseUnproven(opened) }
      let (result, generation) = try body(opened)
      if check.isOfGenerations { try compare(opened, generation, known, check, under: lock) }
      return result
    }
  }

  /// Finds the key without reading the records, so that a person is asked before a lock is taken; the key search keeps
  /// the answer.
  @discardableResult
  func findKey(
    _ known: Known? = nil, mayBeDamaged: Bool = false
  ) throws(TokenVaultError) -> (VaultHeader, UnlockedKey) {
    try withImage(under: nil, mayBeDamaged: mayBeDamaged) { (image) throws(TokenVaultError) in
      (image.header, try openedImage(image, known).found)
    }
  }

  /// Lends the newest header, again and again while keys change.
  private func withImage<Result>(
    under lock: WriterLock?, mayBeDamaged: Bool,
    _ body: (VaultReader) throws(TokenVaultError) -> Result
  ) throws(TokenVaultError) -> Result {
    for _ in 0..<Self.roundLimit {
      let image = try VaultReader(file, mayBeDamaged: mayBeDamaged)
      if let lock,
        try !TokenVaultError.wrap(file: file.holdNewest(image.version, by: lock))
      {
        continue
      }
      do throws(TokenVaultError) { return try body(image) } catch {
        guard error.isAboutWhatChanges,
          try !TokenVaultError.wrap(file: file.isCurrent(image.version))
        else { throw error }
      }
    }
    throw .damaged(path: file.location.path, place: "its keys change faster than they can be read")
  }

  /// Reading the vault is faster than a rotation, so one that happens meanwhile costs one more round. The limit is
  /// for a file that changes without end.
  private static let roundLimit = 100

  private func openedImage(
    _ image: VaultReader, _ known: Known?
  ) throws(TokenVaultError) -> Opened {
    let remembered = try remembered(of: image.header.store, known)
    let found = try find(image, known, remembered.slots)
    let slots = try TokenVaultError.wrap(
      crypto: SlotComparison(image.header, found, remembered.slots))
    return Opened(image: image, found: found, remembered: remembered, slots: slots)
  }

  private func find(
    _ image: VaultReader, _ known: Known?, _ slots: SlotMemory?
  ) throws(TokenVaultError) -> UnlockedKey {
    let (header, path) = (image.header, file.location.path)
    if let known, let found = try reuse(known.found, header) { return found }
    let outcome = try TokenVaultError.wrap(
      at: path, key: search.find(header) { (try? file.isCurrent(image.version)) == true })
    switch outcome {
    case .key(let found): return found
    case .none(let attempts):
      if !configuration.acceptsSlots, let slot = slots?.lostSlot(in: header) {
        throw .slotGone(path: path, slot: slot)
      }
      if let known, known.found.file == nil { throw .keyChanged(path: path) }
      throw .keyUnavailable(path: path, attempts: attempts, slots: header.slots.map(\.name))
    }
  }

  /// The key that opened the vault before, if it still does.
  private func reuse(
    _ found: UnlockedKey, _ header: VaultHeader
  ) throws(TokenVaultError) -> UnlockedKey? {
    // A key file is read anew, to find a rotation that was killed.
    if header.dataKeyID == found.dataKey.id, !found.isStaged {
      try TokenVaultError.wrap(
        at: file.location.path, format: found.verifySlots(of: header))
      return found
    }
    guard found.file == nil, let key = found.key, header.slot(openedBy: key.id) != nil else {
      return nil
    }
    return try TokenVaultError.wrap(
      at: file.location.path, format: UnlockedKey(header, key, source: found.source))
  }

  /// Does the last step of a rotation that was killed, unless one is under way. If that fails, the staged key goes on
  /// to open the vault.
  private func completeRotation(_ opened: inout Opened, under held: WriterLock?) {
    guard let keyFile = opened.found.file,
      let lock = held ?? (try? LockWait.pausing { try file.lock(timeout: .zero) })
    else { return }
    defer { withExtendedLifetime(lock) {} }
    guard (try? file.holdNewest(opened.image.version, by: lock)) == true,
      (try? keyFile.readStaged(for: opened.image.header.store))??.id == opened.found.key?.id,
      // The killed rotation may not have flushed the vault's name.
      (try? file.synchronizeDirectory()) != nil,
      (try? keyFile.promote(for: opened.image.header.store)) != nil
    else { return }
    opened.found.isStaged = false
    configuration.onEvent?(.completedRotation(path: file.location.path))
  }
}

extension TokenVaultError {
  /// Whether reading the vault, its key and what is remembered of it at different moments can cause the error.
  fileprivate var isAboutWhatChanges: Bool {
    switch self {
    case .keyUnavailable, .keyChanged, .rolledBack, .otherVault, .slotGone, .unprovenDataKey: true
    default: false
    }
  }
}
