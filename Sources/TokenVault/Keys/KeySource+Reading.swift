internal import VaultCrypto

// The key of one source, for a present or a new slot.
extension KeySource {
  /// Reads or derives the key of a source, which must not be `.standard`.
  func slotKey(
    _ header: VaultHeader, _ locations: StandardLocations, _ disk: any Disk
  ) throws(KeyError) -> SlotKey {
    switch self {
    case .standard: throw .unavailable(problem: "it stands for several places")
    case .file(let path): return try KeyFile(path: path, disk: disk).read()
    case .credential(let name):
      guard let path = locations.credential(name) else {
        throw .unavailable(problem: "CREDENTIALS_DIRECTORY is not set, or the name is no file's")
      }
      return try KeyFile(path: path, disk: disk).readCredential()
    case .descriptor(let number):
      let input = SecretInput(descriptor: number, disk: disk)
      return try KeyMaterial.decode(input.all(limit: KeyMaterial.sizeLimit))
    case .command(let command):
      return try KeyMaterial.decode(
        KeyCommand.output(of: command, limit: KeyMaterial.sizeLimit))
    case .key(let text): return try KeyMaterial.decode(Array(text.revealed.utf8))
    case .passphrase, .passphraseDescriptor:
      return try Self.key(passphrase: passphrase(disk) ?? "", header)
    case .recoveryCode(let text): return try Self.key(recoveryCode: text)
    case .recoveryCodeDescriptor(let number):
      return try Self.key(recoveryCode: Self.line(number, disk))
    }
  }

  private static func line(_ descriptor: Int32, _ disk: any Disk) throws(KeyError) -> Secret {
    try SecretInput(descriptor: descriptor, disk: disk).text()
  }

  /// The key of the first slot that a passphrase opens, or a key that opens none. Costs one scrypt for each slot that is
  /// tried, in the header's order.
  static func key(
    passphrase text: Secret, _ header: VaultHeader
  ) throws(KeyError) -> SlotKey {
    var wrong: SlotKey?
    for slot in header.slots {
      guard let derivation = slot.derivation else { continue }
      let key = try key(passphrase: text, derivation)
      if key.id == slot.keyID { return key }
      wrong = key
    }
    guard let wrong else {
      throw .unavailable(problem: "the vault has no slot for a passphrase")
    }
    return wrong
  }

  /// The key of a new passphrase, with a salt of its own.
  static func key(
    newPassphrase text: Secret, cost: Scrypt.Cost
  ) throws(KeyError) -> SlotKey {
    try key(passphrase: text, KeyError.wrap(crypto: .random(cost: cost)))
  }

  private static func key(
    passphrase text: Secret, _ derivation: PassphraseDerivation
  ) throws(KeyError) -> SlotKey {
    try KeyError.wrap(crypto: derivation.slotKey(SecretBytes(copyingText: text)))
  }

  /// The text of a source that is a passphrase; nil for every other.
  func passphrase(_ disk: any Disk) throws(KeyError) -> Secret? {
    switch self {
    case .passphrase(let text): text
    case .passphraseDescriptor(let number): try Self.line(number, disk)
    default: nil
    }
  }

  private static func key(recoveryCode text: Secret) throws(KeyError) -> SlotKey {
    guard let code = RecoveryCode(text) else {
      throw .unavailable(problem: noRecoveryCode)
    }
    return try key(code)
  }

  /// Why a text opens no slot for a recovery code.
  static let noRecoveryCode = "it is no recovery code, or has a slip in it"

  static func key(_ code: RecoveryCode) throws(KeyError) -> SlotKey {
    try KeyError.wrap(crypto: code.slotKey)
  }

  /// Whether a later read returns a key that was replaced meanwhile.
  var canBeReadAgain: Bool {
    switch self {
    case .file, .credential, .command: true
    default: false
    }
  }
}

extension SecretBytes {
  /// A text's UTF-8 bytes.
  fileprivate convenience init(copyingText text: Secret) throws(CryptoError) {
    var bytes = Array(text.revealed.utf8)
    defer { bytes.cleanse() }
    try self.init(copying: bytes.span)
  }
}
