internal import VaultCrypto

// A slot's line in the header; FileFormat has its grammar.
extension KeySlot {
  /// The number of words behind the word `slot`.
  static let wordCount = 11

  /// The line without the MAC at its end, as the MACs of all slots are computed over it.
  var lineWithoutMAC: String {
    let (form, wrapped) = wrapping.words
    let words = [
      "slot", name, kind.rawValue, added.description, renewed.description, keyID.text,
      Hexadecimal.encode(publicKey), Hexadecimal.encode(authenticator), form, wrapped,
      derivation?.word ?? PassphraseDerivation.noWord,
    ]
    return words.joined(separator: " ")
  }

  /// The whole line, without its LF.
  var line: String { "\(lineWithoutMAC) \(Hexadecimal.encode(mac))" }

  /// Reads the words behind `slot`; nil if one breaks the grammar.
  init?(words: [Substring]) {
    guard words.count == Self.wordCount, Self.isValidName(words[0]),
      let kind = SlotKind(rawValue: String(words[1])),
      let added = Timestamp(canonicalText: words[2]),
      let renewed = Timestamp(canonicalText: words[3]),
      Hexadecimal.decode(words[4], count: 8) != nil,
      let publicKey = Hexadecimal.decode(words[5], count: HPKE.publicKeySize),
      let authenticator = Hexadecimal.decode(words[6], count: Wrapping.sealedSize),
      let wrapping = Wrapping(words[7], words[8]),
      let mac = Hexadecimal.decode(words[10], count: HMAC.size)
    else { return nil }
    let derivation = PassphraseDerivation(word: words[9])
    // A passphrase has a derivation, and nothing else has one.
    guard (kind == .passphrase) == (derivation != nil),
      derivation != nil || words[9] == PassphraseDerivation.noWord
    else { return nil }
    self.init(
      name: String(words[0]), kind: kind, added: added, renewed: renewed,
      keyID: KeyID(text: String(words[4])), publicKey: publicKey, authenticator: authenticator,
      wrapping: wrapping, derivation: derivation, mac: mac)
  }
}

extension KeySlot.Wrapping {
  /// The form of wrapping, and the wrapped key in hexadecimal digits.
  fileprivate var words: (form: String, bytes: String) {
    switch self {
    case .sealed(let bytes): ("sealed", Hexadecimal.encode(bytes))
    case .hpke(let bytes): ("hpke", Hexadecimal.encode(bytes))
    }
  }

  fileprivate init?(_ form: Substring, _ digits: Substring) {
    if form == "sealed", let bytes = Hexadecimal.decode(digits, count: Self.sealedSize) {
      self = .sealed(bytes)
    } else if form == "hpke", let bytes = Hexadecimal.decode(digits, count: Self.hpkeSize) {
      self = .hpke(bytes)
    } else {
      return nil
    }
  }
}

extension PassphraseDerivation {
  /// Stands in the place of a derivation that is not there.
  fileprivate static let noWord = "-"

  /// `scrypt:<exponent of N>:<r>:<p>:<salt>`.
  fileprivate var word: String { "scrypt:\(cost.exponent):8:1:\(Hexadecimal.encode(salt))" }

  /// Nil for other parameters than those within the limits, before anything is computed.
  fileprivate init?(word: Substring) {
    let parts = word.parts(between: ":")
    guard parts.count == 5, parts[0] == "scrypt", let exponent = Int(parts[1]),
      let cost = Scrypt.Cost(exponent: exponent), String(exponent) == parts[1],
      parts[2] == "8", parts[3] == "1",
      let salt = Hexadecimal.decode(parts[4], count: Scrypt.saltSize)
    else { return nil }
    self.init(cost: cost, salt: salt)
  }
}

extension Timestamp {
  /// Reads RFC 3339 in UTC with milliseconds; nil for any other form.
  init?(canonicalText text: Substring) {
    let text = String(text)
    guard Timestamp.isCanonical(text), let moment = Timestamp(text) else { return nil }
    self = moment
  }
}
