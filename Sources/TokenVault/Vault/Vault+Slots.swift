internal import Synchronization
internal import VaultCrypto

// The ways to open a vault: its key slots, and the rotation of its keys.
extension Vault {
  // MARK: Slots

  /// The key slots of the vault now.
  ///
  /// - Throws: As ``findToken(matching:)``.
  @available(*, noasync)
  public func slots() throws(TokenVaultError) -> [KeySlotStatus] { try status().slots }

  /// Adds a key slot: the key of `source` opens the vault, too. A key file that is not there yet is made.
  ///
  /// - Throws: The vault is unchanged then.
  ///   - ``TokenVaultError/slotExists(_:)`` if a slot has that name or that key;
  ///   - ``TokenVaultError/invalidSlotName(_:)``, ``TokenVaultError/tooManySlots``;
  ///   - ``TokenVaultError/keyUnavailable(path:attempts:slots:)`` if the new key cannot be read.
  @available(*, noasync)
  @discardableResult
  public func addSlot(
    named name: String, key source: KeySource
  ) throws(TokenVaultError) -> KeySlotStatus {
    try addSlot(named: name) { (header) throws(TokenVaultError) in
      try NewSlotKey(source, header, configuration)
    }
  }

  /// Adds a key slot for a new recovery code; throws as ``addSlot(named:key:)``.
  package func addSlot(
    named name: String, code: RecoveryCode
  ) throws(TokenVaultError) -> KeySlotStatus {
    try addSlot(named: name) { (_) throws(TokenVaultError) in try NewSlotKey(code) }
  }

  private func addSlot(
    named name: String,
    _ newKey: (VaultHeader) throws(TokenVaultError) -> NewSlotKey
  ) throws(TokenVaultError) -> KeySlotStatus {
    guard KeySlot.isValidName(name) else { throw .invalidSlotName(name) }
    let header = try withCurrentState { $0.header }
    if header.slot(named: name) != nil { throw .slotExists(name) }
    guard header.slots.count < VaultHeader.slotLimit else { throw .tooManySlots }
    // Without the lock: a passphrase takes time, and a descriptor may not have anything yet.
    let new = try newKey(header)
    var use: KeyFileUse?
    do throws(TokenVaultError) {
      try add(new, named: name, &use)
    } catch {
      if isWithout(new.key) {
        use?.forget()
        if new.isNewFile { new.file?.discard() }
      }
      throw error
    }
    guard let slot = try slots().first(where: { $0.name == name }) else {
      throw .unknownSlot(name)  // Another process has removed it already.
    }
    return slot
  }

  private func add(
    _ new: NewSlotKey, named name: String, _ use: inout KeyFileUse?
  ) throws(TokenVaultError) {
    try write { (transaction) throws(TokenVaultError) in
      try transaction.header.add(name, new.key, transaction.dataKey, configuration)
      // So that a rotation of the key in this file finds that it opens this vault, too. Before the commit: a kill between
      // the two costs a refusal, and not a vault.
      if let file = new.file { use = try transaction.markUse(of: file) }
      try transaction.commit(previous: .keep)
    }
  }

  /// Whether the vault on the disk certainly has no slot for this key.
  private func isWithout(_ key: SlotKey) -> Bool {
    guard let image = try? VaultReader(configuration.file()) else { return false }
    return image.header.slot(openedBy: key.id) == nil
  }

  /// Removes a key slot, and the previous snapshot, which its key still opens.
  ///
  /// A former holder of the key may have kept the data-encryption key; ``rotate(_:)`` makes that worthless.
  ///
  /// - Throws: ``TokenVaultError/unknownSlot(_:)``; ``TokenVaultError/lastSlot(_:)`` for the only slot.
  @available(*, noasync)
  public func removeSlot(named name: String) throws(TokenVaultError) {
    try write { (transaction) throws(TokenVaultError) in
      guard transaction.header.slot(named: name) != nil else { throw .unknownSlot(name) }
      guard transaction.header.slots.count > 1 else { throw .lastSlot(name) }
      try TokenVaultError.wrap(
        at: configuration.path,
        format: transaction.header.removeSlot(named: name, transaction.dataKey))
      try transaction.commit(previous: .remove)
    }
  }

  // MARK: The key in use

  /// Opens the vault with another key from now on: after `keyChanged`, or to hold a key that lasts longer.
  ///
  /// - Throws: As ``init(_:)``; the former key stays in use then. ``TokenVaultError/otherVault(path:seen:found:)`` if
  ///   another vault is at the path.
  @available(*, noasync)
  public func useKey(_ source: KeySource) throws(TokenVaultError) {
    var configuration = configuration
    configuration.key = source
    let new = configuration
    try session.mutex.withLock { (session) throws(TokenVaultError) in
      try session.change(to: VaultAccess(session.access.file, new))
    }
  }

  /// Keeps the data-encryption key in the kernel's user keyring, for this user's processes, until the time is up: so that
  /// a passphrase is typed once. After the next rotation it opens nothing any more.
  ///
  /// - Throws: ``TokenVaultError/keyring(reason:)`` if the kernel refuses, as in many containers.
  @available(*, noasync)
  public func unlock(for time: Duration) throws(TokenVaultError) {
    let (store, dataKey) = try read { ($0.header.store, $0.found.dataKey) }
    let seconds = UInt32(clamping: max(1, min(time.components.seconds, 4_000_000_000)))
    try TokenVaultError.wrap(keyring: KernelKeyring.keep(dataKey, of: store, seconds: seconds))
  }

  /// Removes the vault's data-encryption key from the kernel's keyring. Needs no key.
  ///
  /// - Returns: False if none was kept.
  /// - Throws: ``TokenVaultError/keyring(reason:)`` if the kernel refuses.
  @available(*, noasync)
  @discardableResult
  public static func lock(_ configuration: VaultConfiguration) throws(TokenVaultError) -> Bool {
    let header = try VaultReader(configuration.file()).header
    return try TokenVaultError.wrap(keyring: KernelKeyring.forget(header.store))
  }

  // MARK: Rotation

  /// Rotates the keys: makes a new data-encryption key and a new key for the slot that has opened the vault, seals the
  /// records again, and wraps the data-encryption key for every other slot. The old key, the previous snapshot and every
  /// older copy of the file open nothing that is written from then on.
  ///
  /// Other processes go on reading and writing meanwhile. A kill at any moment leaves a vault that opens.
  ///
  /// - Throws: ``TokenVaultError/keyNotReplaceable(source:)`` or ``TokenVaultError/keyShared(path:others:)`` before
  ///   anything is changed. After every other error, too, the key that is in place opens the vault.
  @available(*, noasync)
  @discardableResult
  public func rotate(
    _ rotation: RotationOptions = RotationOptions()
  ) throws(TokenVaultError) -> RotationReport {
    let (access, known) = try withCurrentState { ($0.access, $0.known) }
    let rotator = KeyRotator(access: access, configuration: configuration, rotation: rotation)
    let outcome = try rotator.run(known)
    if !rotation.isDryRun { try adopt(outcome.found) }
    return outcome.report
  }

  /// The same for a vault that is not open: its records are sealed again without being decoded.
  ///
  /// - Throws: As ``rotate(_:)``, and as ``init(_:)``.
  @available(*, noasync)
  @discardableResult
  public static func rotate(
    _ configuration: VaultConfiguration, _ rotation: RotationOptions = RotationOptions()
  ) throws(TokenVaultError) -> RotationReport {
    var configuration = configuration
    // The keyring has only the data-encryption key, and the rotation renews the slot's key.
    if !rotation.keepsKey { configuration.usesKeyring = false }
    if rotation.otherSlots == .accept { configuration.acceptsSlots = true }
    let access = VaultAccess(try configuration.file(), configuration)
    return try KeyRotator(access: access, configuration: configuration, rotation: rotation)
      .run(nil).report
  }

  /// Goes on with the key that this vault's own rotation has made, unless another process has rotated since.
  func adopt(_ found: UnlockedKey) throws(TokenVaultError) {
    try session.mutex.withLock { (session) throws(TokenVaultError) in
      var access = session.access
      if let path = found.file?.path, path != session.found.file?.path {
        var configuration = configuration
        configuration.key = .file(path)
        access = VaultAccess(access.file, configuration)
      }
      try session.reload(access, with: found)
    }
  }
}

extension VaultHeader {
  fileprivate mutating func add(
    _ name: String, _ key: SlotKey, _ dataKey: DataKey, _ configuration: VaultConfiguration
  ) throws(TokenVaultError) {
    if slot(named: name) != nil { throw .slotExists(name) }
    if let slot = slot(openedBy: key.id) { throw .slotExists(slot.name) }
    guard slots.count < Self.slotLimit else { throw .tooManySlots }
    try TokenVaultError.wrap(
      at: configuration.path,
      format: addSlot(name, for: key, dataKey, now: time(at: configuration.now()).stamp))
  }
}

extension RecoveryCode {
  /// A new one, with 256 random bits.
  ///
  /// - Throws: ``TokenVaultError/system(call:path:errno:reason:)`` if the kernel has no random bytes.
  public static func make() throws(TokenVaultError) -> RecoveryCode {
    return try TokenVaultError.wrap(crypto: random())
  }
}
