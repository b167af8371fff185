/// The key that a rotation gives to the slot that has opened the vault.
enum NewKey {
  case kept
  /// A new key, staged beside this file and then moved to it; the old key was in `replacing`, if that is another file.
  case file(KeyFile, replacing: KeyFile?)
  /// A new passphrase, which a person has typed.
  case passphrase(Secret)
  /// A new recovery code, which was shown.
  case recoveryCode(RecoveryCode)

  /// Decides, asks, and refuses: before anything is changed, and without a lock, since a person may take time.
  init(
    _ rotation: RotationOptions, for found: UnlockedKey, _ header: VaultHeader,
    _ configuration: VaultConfiguration, _ access: VaultAccess
  ) throws(TokenVaultError) {
    if rotation.keepsKey {
      self = .kept
      return
    }
    if let kind = rotation.demandedKind, kind != found.slot?.kind {
      throw .otherSlotKind(slot: found.slot?.name, demanded: kind)
    }
    switch found.slot?.kind {
    case .key: self = try Self.file(rotation, found, header, configuration, access)
    case .passphrase: self = try Self.passphrase(rotation)
    case .recovery: self = try Self.recoveryCode(rotation)
    case .secretService, nil: throw .keyNotReplaceable(source: found.source)
    }
  }

  private static func file(
    _ rotation: RotationOptions, _ found: UnlockedKey, _ header: VaultHeader,
    _ configuration: VaultConfiguration, _ access: VaultAccess
  ) throws(TokenVaultError) -> NewKey {
    let use: KeyFileUse? =
      if let file = found.file { try access.use(of: file, header.store) } else { nil }
    let original = try TokenVaultError.wrap(file: use?.original())
    func newKey() throws(KeyError) -> NewKey? {
      let named = try rotation.newKeyFile.map { (path) throws(KeyError) in
        try KeyFile(path: path, disk: configuration.disk)
      }
      try named?.refuseNames(of: access.file.location)
      guard let file = named ?? found.file, try file.isReplaceable(for: header.store) else {
        return nil
      }
      if file.path != found.file?.path {
        if try file.isThere() { throw .file(.alreadyThere(path: file.path)) }
        return .file(file, replacing: original == nil ? found.file : nil)
      }
      // If this vault is a copy, the original would be lost with its key.
      let others =
        try file.otherVaults(than: header.store, openedBy: found.key?.id)
        + [original].compactMap(\.self)
      if others.isEmpty { return .file(file, replacing: nil) }
      throw .shared(path: file.path, others)
    }
    let key = try TokenVaultError.wrap(writing: configuration.path, key: newKey())
    guard let key else { throw .keyNotReplaceable(source: found.source) }
    return key
  }

  private static func passphrase(_ rotation: RotationOptions) throws(TokenVaultError) -> NewKey {
    guard let ask = rotation.newPassphrase else {
      throw .keyNotReplaceable(source: "passphrase")
    }
    if rotation.isDryRun { return .passphrase("") }  // No question without need.
    switch ask() {
    case .text(let text) where text.revealed.isEmpty:
      throw .noPassphrase("an empty one protects nothing")
    case .text(let text): return .passphrase(text)
    case .none(let reason): throw .noPassphrase(reason)
    }
  }

  private static func recoveryCode(_ rotation: RotationOptions) throws(TokenVaultError) -> NewKey {
    guard let show = rotation.showRecoveryCode else {
      throw .keyNotReplaceable(source: "recovery code")
    }
    let code = try RecoveryCode.make()
    if !rotation.isDryRun, let reason = show(code) {
      throw .notAnswered(reason: "the new recovery code could not be shown: \(reason)")
    }
    return .recoveryCode(code)
  }
}

extension NewKey {
  var isKept: Bool { if case .kept = self { true } else { false } }

  /// The file that the new key goes to.
  var file: KeyFile? { if case .file(let file, _) = self { file } else { nil } }
}
