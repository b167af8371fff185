/// What the slot that opened a vault gets by a rotation.
enum NewKey {
  /// It keeps what it has.
  case kept
  /// A new key, staged beside this file and then moved to it; the old key was in `replacing`, if that is
  /// another.
  case file(KeyFile, replacing: KeyFile?)
  /// What a person thought of.
  case passphrase(Secret)
  /// What was shown.
  case recoveryCode(RecoveryCode)

  /// Decides, asks, and refuses: before anything has been changed, and without a lock, since a person may
  /// take time.
  init(
    _ rotation: RotationOptions, for found: FoundKey, _ header: VaultHeader,
    _ configuration: VaultConfiguration
  ) throws(TokenVaultError) {
    if rotation.keepsKey {
      self = .kept
      return
    }
    switch found.slot?.kind {
    case .key: self = try Self.file(rotation, found, header, configuration)
    case .passphrase: self = try Self.passphrase(rotation)
    case .recovery: self = try Self.recoveryCode(rotation)
    case nil: throw .keyNotReplaceable(source: found.source)
    }
  }

  private static func file(
    _ rotation: RotationOptions, _ found: FoundKey, _ header: VaultHeader,
    _ configuration: VaultConfiguration
  ) throws(TokenVaultError) -> NewKey {
    do throws(KeyError) {
      let named = try rotation.newKeyFile.map { (path) throws(KeyError) in
        try KeyFile(path: path, disk: configuration.disk)
      }
      if let file = named ?? found.file, try file.isReplaceable() {
        if file.path != found.file?.path {
          if try file.isThere() { throw KeyError.file(.alreadyThere(path: file.path)) }
          return .file(file, replacing: found.file)
        }
        let others = try file.otherStores(than: header.store)
        if others.isEmpty { return .file(file, replacing: nil) }
        throw KeyError.shared(path: file.path, others)
      }
    } catch {
      throw TokenVaultError(error, path: configuration.path)
    }
    throw .keyNotReplaceable(source: found.source)
  }

  private static func passphrase(_ rotation: RotationOptions) throws(TokenVaultError) -> NewKey {
    guard let ask = rotation.newPassphrase else {
      throw .keyNotReplaceable(source: "passphrase")
    }
    switch ask() {
    case .text(let text) where text.revealed.isEmpty:
      throw .notAnswered(reason: "an empty one protects nothing")
    case .text(let text): return .passphrase(text)
    case .none(let reason): throw .notAnswered(reason: reason)
    }
  }

  private static func recoveryCode(_ rotation: RotationOptions) throws(TokenVaultError) -> NewKey {
    guard let show = rotation.showRecoveryCode else {
      throw .keyNotReplaceable(source: "recovery code")
    }
    if rotation.isDryRun { return .kept }
    let code = try RecoveryCode.make()
    guard show(code) else { throw .notAnswered(reason: "the new recovery code was not shown") }
    return .recoveryCode(code)
  }
}

extension NewKey {
  var isKept: Bool { if case .kept = self { true } else { false } }

  /// The file that the new key goes to.
  var file: KeyFile? { if case .file(let file, _) = self { file } else { nil } }
}
