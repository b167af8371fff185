/// How one vault is opened, and opened again after its keys have changed.
struct VaultAccess: Sendable {
  let file: VaultFile
  private let search: KeySearch
  private let configuration: VaultConfiguration

  /// Whether all records are wanted, so that they are decoded while they are read.
  var decodesAtOnce: Bool { configuration.decodesAtOnce }

  /// The same keys for another file.
  init(_ file: VaultFile, like other: VaultAccess) {
    (self.file, search, configuration) = (file, other.search, other.configuration)
  }

  init(_ file: VaultFile, _ configuration: VaultConfiguration) {
    (self.file, self.configuration) = (file, configuration)
    search = KeySearch(
      configuration.key, prompt: configuration.prompt, usesKeyring: configuration.usesKeyring,
      configuration.locations, configuration.disk)
  }

  /// A vault that has been read, and the key that opens it.
  struct Opened {
    let image: OpenedImage
    var found: FoundKey
    var memory: GenerationMemory
    /// What is remembered.
    var highest: UInt64?
  }

  /// What becomes of the vault's generation.
  enum GenerationCheck {
    /// A lower one than was seen is an error, a higher one is remembered.
    case isRemembered
    /// A lower one is an error. For a header that has not been shown to be what was written.
    case isCompared
    /// Any will do.
    case isIgnored
  }

  /// What is known from opening the same vault before.
  struct Known {
    let store: StoreID
    let generation: UInt64
    /// What was remembered as the highest one at that time.
    let highest: UInt64?
    let found: FoundKey
  }

  /// Reads the vault, finds its key, and lends both; the body opens the snapshot and so shows that the
  /// header is what was written, and tells the generation with the commits behind it.
  ///
  /// Nobody is kept from rotating keys meanwhile: where the key does not fit, and the vault is no longer the
  /// one that was read, all of it is done again. Under a lock, the inode of what is read is locked too, so that it
  /// stays the newest until the lock is let go. `mayBeDamaged` says that the body takes what is sound.
  func open<Result>(
    _ known: Known? = nil, under lock: WriterLock? = nil, mayBeDamaged: Bool = false,
    generation check: GenerationCheck = .isRemembered,
    _ body: (Opened) throws(TokenVaultError) -> (Result, generation: UInt64)
  ) throws(TokenVaultError) -> Result {
    for _ in 0..<Self.roundLimit {
      let image = try OpenedImage(file, mayBeDamaged: mayBeDamaged)
      if let lock, try !holdNewest(image.version, lock) { continue }
      do throws(TokenVaultError) {
        let found = try find(image, known)
        var opened = Opened(
          image: image, found: found, memory: try memory(image.header.store, found.file))
        // A copy that is read for a restore tells nothing of the vault's own key.
        if opened.found.isStaged, lock != nil || check != .isIgnored {
          complete(&opened, under: lock)
        }
        do { opened.highest = try opened.memory.highest() } catch { throw TokenVaultError(error) }
        let (result, generation) = try body(opened)
        if check != .isIgnored {
          try compare(
            opened.image, generation, opened.highest, known, &opened.memory, check)
        }
        return result
      } catch {
        guard error.isAboutKeysOrAge, try !isCurrent(image.version) else { throw error }
      }
    }
    throw changing
  }

  /// Finds the key without reading the records, so that whatever is asked is asked before a lock is taken;
  /// what was typed is then at hand.
  @discardableResult
  func findKey(
    _ known: Known? = nil, mayBeDamaged: Bool = false
  ) throws(TokenVaultError) -> (VaultHeader, FoundKey) {
    for _ in 0..<Self.roundLimit {
      let image = try OpenedImage(file, mayBeDamaged: mayBeDamaged)
      do throws(TokenVaultError) {
        return (image.header, try find(image, known))
      } catch {
        guard error.isAboutKeysOrAge, try !isCurrent(image.version) else { throw error }
      }
    }
    throw changing
  }

  private var changing: TokenVaultError {
    .damaged(path: file.location.path, place: "its keys change faster than they can be read")
  }

  /// A rotation takes longer than a round, so a second one is rare and a third a wonder.
  private static let roundLimit = 100

  private func isCurrent(_ version: VaultFile.Version) throws(TokenVaultError) -> Bool {
    do { return try file.isCurrent(version) } catch { throw TokenVaultError(error) }
  }

  private func holdNewest(
    _ version: VaultFile.Version, _ lock: WriterLock
  ) throws(TokenVaultError) -> Bool {
    do { return try file.holdNewest(version, by: lock) } catch { throw TokenVaultError(error) }
  }

  private func find(
    _ image: OpenedImage, _ known: Known?
  ) throws(TokenVaultError) -> FoundKey {
    let header = image.header
    let path = file.location.path
    if let known {
      guard header.store == known.store else {
        throw .damaged(path: path, place: "another vault has taken its place")
      }
      if let found = try reuse(known.found, header) { return found }
    }
    do {
      return try search.find(header) { (try? file.isCurrent(image.version)) == true }
    } catch .noneOpens(let attempts) {
      if let known, known.found.file == nil { throw .keyChanged(path: path) }
      throw .keyUnavailable(path: path, attempts: attempts, slots: header.slots.map(\.name))
    } catch {
      throw TokenVaultError(error, path: path)
    }
  }

  /// The key that opened the vault before, where it still does.
  private func reuse(
    _ found: FoundKey, _ header: VaultHeader
  ) throws(TokenVaultError) -> FoundKey? {
    // A file is read anew, so that a rotation that was killed is seen.
    if header.dataKeyID == found.dataKey.id, !found.isStaged { return found }
    guard found.file == nil, let key = found.key, header.slot(openedBy: key.id) != nil else {
      return nil
    }
    do {
      let (slot, dataKey) = try VaultImage.dataKey(of: header, with: key)
      return FoundKey(
        dataKey: dataKey, slot: slot, key: key, source: found.source, file: nil, isStaged: false)
    } catch {
      throw TokenVaultError(error, path: file.location.path)
    }
  }

  /// Does the last step of a rotation that was killed, unless one is under way. Where it cannot be done, the
  /// staged key goes on to open the vault.
  private func complete(_ opened: inout Opened, under held: WriterLock?) {
    guard let keyFile = opened.found.file,
      let lock = held ?? (try? file.lock(timeout: .zero))
    else { return }
    defer { withExtendedLifetime(lock) {} }
    guard (try? file.holdNewest(opened.image.version, by: lock)) == true,
      (try? keyFile.readStaged(for: opened.image.header.store))??.id == opened.found.key?.id,
      // The vault's new name may not have reached the disk: whoever was to see to it was killed.
      (try? file.synchronizeDirectory()) != nil,
      (try? keyFile.promote(for: opened.image.header.store)) != nil
    else { return }
    opened.found.isStaged = false
  }

  // MARK: The highest generation

  /// Where the highest generation of a vault is remembered that was opened with a key in this file, or in
  /// none.
  func memory(_ store: StoreID, _ keyFile: KeyFile?) throws(TokenVaultError) -> GenerationMemory {
    do {
      return try GenerationMemory(
        of: store, at: file.location, keyFile: keyFile, configuration.locations, configuration.disk)
    } catch {
      throw TokenVaultError(error, path: file.location.path)
    }
  }

  private func compare(
    _ image: OpenedImage, _ generation: UInt64, _ highest: UInt64?, _ known: Known?,
    _ memory: inout GenerationMemory, _ check: GenerationCheck
  ) throws(TokenVaultError) {
    // Where what is remembered has become lower, another process has accepted that; it counts more than what this one
    // has seen.
    let isAccepted = highest.map { $0 < known?.highest ?? 0 } ?? false
    let seen = isAccepted ? highest : [highest, known?.generation].compactMap(\.self).max()
    if let seen, generation < seen {
      guard configuration.acceptsRollback else {
        throw .rolledBack(path: file.location.path, generation: generation, highest: seen)
      }
      if check == .isRemembered { memory.reset(to: generation) }
    } else if check == .isRemembered {
      // An open store leaves that to the writer: its threads would wait for the disk.
      guard known == nil, generation <= highest ?? 0 || isDurable(image.version) else { return }
      memory.raise(to: generation, from: highest, everywhere: image.header.slots.count > 1)
    }
  }

  /// Makes what was read survive a power cut: its writer may be on the way to that, or have been killed. A generation
  /// that is remembered, and not on the disk, would make the vault rolled back.
  private func isDurable(_ version: VaultFile.Version) -> Bool {
    (try? file.synchronize(version)) != nil && (try? file.synchronizeDirectory()) != nil
  }
}

extension TokenVaultError {
  /// Whether the error can come of reading a vault and its key, or what is remembered of it, at two moments.
  fileprivate var isAboutKeysOrAge: Bool {
    switch self {
    case .keyUnavailable, .keyChanged, .rolledBack: true
    default: false
    }
  }
}
