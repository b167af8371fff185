internal import VaultCrypto

/// How one vault is opened, and opened again after its keys have changed.
struct VaultAccess: Sendable {
  let file: VaultFile
  /// What this host remembers of the vault.
  let memory: HostMemory
  private let search: KeySearch
  let configuration: VaultConfiguration

  /// Whether all records are wanted, so that they are decoded while they are read.
  var decodesAtOnce: Bool { configuration.decodesAtOnce }

  /// Who else could put another vault in this one's place, if that is allowed.
  var sharedDirectory: String? { try? configuration.sharedDirectory() }

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

  /// A vault that has been read, and the key that opens it.
  struct Opened {
    let image: VaultReader
    var found: UnlockedKey
    /// What is remembered.
    let remembered: Remembered
    let slots: SlotComparison
  }

  /// What is remembered of a store.
  struct Remembered {
    /// The store that was at the path.
    let atPath: StoreID?
    let highest: SeenGeneration?
    let slots: SlotMemory?
  }

  /// What becomes of the vault's generation and slots.
  enum GenerationCheck {
    /// What is not as it was seen is an error, what is newer is remembered.
    case isRemembered
    /// What is not as it was seen is an error. For a header that has not been shown to be what was written.
    case isCompared
    /// Any generation will do, since a higher one is about to be written over the vault; the data key and this host's slot
    /// must be as they were seen.
    case isSuperseded
    /// Any will do: for a copy.
    case isIgnored

    fileprivate var isOfGenerations: Bool { self == .isRemembered || self == .isCompared }
  }

  /// What is known from opening the same vault before.
  struct Known {
    let store: StoreID
    let generation: SeenGeneration
    /// What was remembered as the highest one at that time.
    let highest: SeenGeneration?
    let found: UnlockedKey
    let slots: [KeySlot]
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
    _ body: (Opened) throws(TokenVaultError) -> (Result, generation: SeenGeneration)
  ) throws(TokenVaultError) -> Result {
    for _ in 0..<Self.roundLimit {
      let image = try VaultReader(file, mayBeDamaged: mayBeDamaged)
      if let lock, try !holdNewest(image.version, lock) { continue }
      do throws(TokenVaultError) {
        var opened = try openedImage(image, known)
        // A copy that is read for a restore tells nothing of the vault's own key.
        if opened.found.isStaged, lock != nil || check != .isIgnored {
          complete(&opened, under: lock)
        }
        if check != .isIgnored { try refuseUnproven(opened) }
        let (result, generation) = try body(opened)
        if check.isOfGenerations { try compare(opened, generation, known, check, under: lock) }
        return result
      } catch {
        guard error.isAboutWhatChanges, try !isCurrent(image.version) else { throw error }
      }
    }
    throw changing
  }

  /// Finds the key without reading the records, so that whatever is asked is asked before a lock is taken;
  /// what was typed is then at hand.
  @discardableResult
  func findKey(
    _ known: Known? = nil, mayBeDamaged: Bool = false
  ) throws(TokenVaultError) -> (VaultHeader, UnlockedKey) {
    for _ in 0..<Self.roundLimit {
      let image = try VaultReader(file, mayBeDamaged: mayBeDamaged)
      do throws(TokenVaultError) {
        let opened = try openedImage(image, known)
        return (image.header, opened.found)
      } catch {
        guard error.isAboutWhatChanges, try !isCurrent(image.version) else { throw error }
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

  /// Finds the key of an image, of which nothing but the header was read.
  private func openedImage(
    _ image: VaultReader, _ known: Known?
  ) throws(TokenVaultError) -> Opened {
    let remembered = try remembered(of: image.header.store, known)
    let found = try find(image, known, remembered.slots)
    do throws(CryptoError) {
      let slots = try SlotComparison(image.header, found, remembered.slots)
      return Opened(image: image, found: found, remembered: remembered, slots: slots)
    } catch {
      throw TokenVaultError(error)
    }
  }

  private func find(
    _ image: VaultReader, _ known: Known?, _ slots: SlotMemory?
  ) throws(TokenVaultError) -> UnlockedKey {
    let header = image.header
    let path = file.location.path
    if let known, let found = try reuse(known.found, header) { return found }
    do {
      return try search.find(header) { (try? file.isCurrent(image.version)) == true }
    } catch .noneOpens(let attempts) {
      if !configuration.acceptsSlots, let slot = slots?.lostSlot(in: header) {
        throw .slotGone(path: path, slot: slot)
      }
      if let known, known.found.file == nil { throw .keyChanged(path: path) }
      throw .keyUnavailable(path: path, attempts: attempts, slots: header.slots.map(\.name))
    } catch {
      throw TokenVaultError(error, path: path)
    }
  }

  /// The key that opened the vault before, where it still does.
  private func reuse(
    _ found: UnlockedKey, _ header: VaultHeader
  ) throws(TokenVaultError) -> UnlockedKey? {
    // A file is read anew, so that a rotation that was killed is seen.
    if header.dataKeyID == found.dataKey.id, !found.isStaged { return found }
    guard found.file == nil, let key = found.key, header.slot(openedBy: key.id) != nil else {
      return nil
    }
    do {
      let (slot, dataKey) = try VaultContainer.dataKey(of: header, with: key)
      return UnlockedKey(
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
}

extension TokenVaultError {
  /// Whether the error can come of reading a vault and its key, or what is remembered of it, at two moments.
  fileprivate var isAboutWhatChanges: Bool {
    switch self {
    case .keyUnavailable, .keyChanged, .rolledBack, .otherVault, .slotGone, .unprovenDataKey: true
    default: false
    }
  }
}
