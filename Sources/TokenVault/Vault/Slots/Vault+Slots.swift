internal import VaultCrypto

extension Vault {
  /// Adds a way to open the vault: with the key of `source`, which is made where it is a key file that is
  /// not there yet.
  ///
  /// Throws `slotExists` where a slot has that name or that key, `invalidSlotName`, `tooManySlots`, or
  /// `keyUnavailable` where the new key cannot be had; the vault is unchanged then.
  @discardableResult
  public func addSlot(
    named name: String, key source: KeySource
  ) throws(TokenVaultError) -> KeySlotStatus {
    guard KeySlot.isValidName(name) else { throw .invalidSlotName(name) }
    var planned = try withCurrentState { $0.header }
    if planned.slot(named: name) != nil { throw .slotExists(name) }
    guard planned.slots.count < VaultHeader.slotLimit else { throw .tooManySlots }
    // Without the lock: a passphrase takes time, and a descriptor may not have anything yet.
    let new = try NewSlotKey(source, &planned, configuration)
    var note: KeyFileUse?
    do throws(TokenVaultError) {
      try commit(new, named: name, planned, &note)
    } catch {
      if isWithout(new.key) {
        note?.forget()
        if new.isNewFile { new.file?.discard() }
      }
      throw error
    }
    guard let slot = try slots().first(where: { $0.name == name }) else {
      throw .unknownSlot(name)  // Another process has removed it already.
    }
    return slot
  }

  private func commit(
    _ new: NewSlotKey, named name: String, _ planned: VaultHeader,
    _ note: inout KeyFileUse?
  ) throws(TokenVaultError) {
    try withWriter { (writer) throws(TokenVaultError) in
      try writer.header.add(name, new.key, planned, writer.dataKey, configuration)
      // So that whoever rotates the key in this file knows that it opens this vault too. Before the commit:
      // a kill between the two is a refusal too many, and not a vault that is lost.
      if let file = new.file { note = try writer.note(besides: file) }
      try writer.commit(previous: .keep)
    }
  }

  /// Whether the vault on the disk has certainly no slot for this key.
  private func isWithout(_ key: SlotKey) -> Bool {
    guard let image = try? VaultReader(configuration.file()) else { return false }
    return image.header.slot(openedBy: key.id) == nil
  }

  /// Removes a way to open the vault, and the snapshot before, which it would still open.
  ///
  /// Who has had the vault open with it may have kept the data key: `rotate(_:)` makes that worthless.
  /// Throws `unknownSlot`, and `lastSlot` for the only one.
  public func removeSlot(named name: String) throws(TokenVaultError) {
    try withWriter { (writer) throws(TokenVaultError) in
      guard writer.header.slot(named: name) != nil else { throw .unknownSlot(name) }
      guard writer.header.slots.count > 1 else { throw .lastSlot(name) }
      writer.header.removeSlot(named: name)
      try writer.commit(previous: .remove)
    }
  }
}

extension VaultHeader {
  fileprivate mutating func add(
    _ name: String, _ key: SlotKey, _ planned: VaultHeader, _ dataKey: DataKey,
    _ configuration: VaultConfiguration
  ) throws(TokenVaultError) {
    if slot(named: name) != nil { throw .slotExists(name) }
    if let slot = slot(openedBy: key.id) { throw .slotExists(slot.name) }
    guard slots.count < Self.slotLimit else { throw .tooManySlots }
    if key.kind == .passphrase {
      // Another process may have added or removed the last of the others meanwhile.
      guard passphrases == nil || passphrases == planned.passphrases else {
        throw .keyChanged(path: configuration.path)
      }
      passphrases = planned.passphrases
    }
    do throws(CryptoError) {
      try addSlot(name, for: key, dataKey, now: time(at: configuration.now()).stamp)
    } catch {
      throw TokenVaultError(error)
    }
  }
}

extension RecoveryCode {
  /// A new one, with 256 random bits.
  public static func make() throws(TokenVaultError) -> RecoveryCode {
    do { return try random() } catch { throw TokenVaultError(error) }
  }
}
