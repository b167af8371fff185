internal import VaultCrypto

/// The text at the start of a vault, which a person can read; FileFormat has its grammar.
struct VaultHeader: Sendable, Equatable {
  /// The version of the format that this program reads and writes.
  static let version = "1"
  /// The most bytes of a header; a longer one is refused before it is parsed.
  static let sizeLimit = 65_536
  /// The highest generation there is: 10^15.
  static let generationLimit: UInt64 = 1_000_000_000_000_000

  /// Names the store for its whole life.
  var store: StoreID
  /// The encoding of the records.
  var format: RecordFormat
  /// The generation of the snapshot, from 1; the log entries count on from it. A replacement of the file raises it
  /// above every generation that was seen.
  var generation: UInt64
  /// Names the DEK.
  var dataKeyID: DataKeyID
  /// When the DEK was made.
  var dataKeyMade: Timestamp
  /// How passphrases become KEKs; nil if no slot is for one.
  var passphrases: PassphraseDerivation?
  var slots: [KeySlot]

  /// The header's bytes, its end line and digest included.
  func encode() throws(CryptoError) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(1024)
    func line(_ words: String...) { bytes += "\(words.joined(separator: " "))\n".utf8 }
    line("tokenvault", Self.version)
    line("store", store.text)
    line("format", format.rawValue)
    line("generation", String(generation))
    line("data-key", dataKeyID.text, dataKeyMade.description)
    if let passphrases {
      line(
        "scrypt", String(passphrases.cost.exponent), "8", "1", Hexadecimal.encode(passphrases.salt))
    }
    for slot in slots {
      let (form, wrapped) = slot.wrapping.words
      line(
        "slot", slot.name, slot.kind.rawValue, slot.added.description, slot.renewed.description,
        slot.keyID.text, Hexadecimal.encode(slot.publicKey),
        Hexadecimal.encode(slot.authenticator), form, wrapped)
    }
    let digest = Hexadecimal.encode(try Digest.sha256(bytes.span))
    line("end", digest)
    return bytes
  }
}

extension KeySlot.Wrapping {
  /// The last two words of a slot's line.
  fileprivate var words: (form: String, bytes: String) {
    switch self {
    case .sealed(let bytes): ("sealed", Hexadecimal.encode(bytes))
    case .hpke(let bytes): ("hpke", Hexadecimal.encode(bytes))
    }
  }
}
