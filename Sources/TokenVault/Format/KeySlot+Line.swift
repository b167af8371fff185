internal import VaultCrypto

// A slot's line in the header; FileFormat has its grammar.
extension KeySlot {
  /// The number of words behind the word `slot`.
  static let wordCount = 11

  /// Appends the line without the MAC at its end, as the MACs of all slots are computed over it.
  func appendLineWithoutMAC(to bytes: inout [UInt8]) {
    bytes += "slot \(name) \(kind.rawValue) \(added) \(renewed) \(keyID.text) ".utf8
    Hexadecimal.append(publicKey, to: &bytes)
    bytes.append(UInt8(ascii: " "))
    Hexadecimal.append(authenticator, to: &bytes)
    bytes += wrapping.form.utf8
    Hexadecimal.append(wrapping.bytes, to: &bytes)
    bytes.append(UInt8(ascii: " "))
    bytes += (derivation?.word ?? PassphraseDerivation.noWord).utf8
  }

  /// Appends the whole line, without its LF.
  func appendLine(to bytes: inout [UInt8]) {
    appendLineWithoutMAC(to: &bytes)
    bytes.append(UInt8(ascii: " "))
    Hexadecimal.append(mac, to: &bytes)
  }

  /// Reads the words behind `slot`; nil if one breaks the grammar.
  init?(words: [HeaderWord]) {
    guard words.count == Self.wordCount, Self.isValidName(words[0].text),
      let kind = SlotKind(rawValue: words[1].text),
      let added = words[2].time,
      let renewed = words[3].time,
      Hexadecimal.decode(words[4], count: 8) != nil,
      let publicKey = Hexadecimal.decode(words[5], count: HPKE.publicKeySize),
      let authenticator = Hexadecimal.decode(words[6], count: Wrapping.sealedSize),
      let wrapping = Wrapping(words[7], words[8]),
      let mac = Hexadecimal.decode(words[10], count: HMAC.size)
    else { return nil }
    let derivation = PassphraseDerivation(word: words[9])
    // A passphrase has a derivation, and nothing else has one.
    guard (kind == .passphrase) == (derivation != nil),
      derivation != nil || words[9].isText(PassphraseDerivation.noWord)
    else { return nil }
    self.init(
      name: words[0].text, kind: kind, added: added, renewed: renewed,
      keyID: KeyID(text: words[4].text), publicKey: publicKey, authenticator: authenticator,
      wrapping: wrapping, derivation: derivation, mac: mac)
  }
}

extension KeySlot.Wrapping {
  /// The form of wrapping, between blanks.
  fileprivate var form: String {
    switch self {
    case .sealed: " sealed "
    case .hpke: " hpke "
    }
  }

  /// The wrapped key.
  fileprivate var bytes: [UInt8] {
    switch self {
    case .sealed(let bytes), .hpke(let bytes): bytes
    }
  }

  fileprivate init?(_ form: HeaderWord, _ digits: HeaderWord) {
    if form.isText("sealed"), let bytes = Hexadecimal.decode(digits, count: Self.sealedSize) {
      self = .sealed(bytes)
    } else if form.isText("hpke"), let bytes = Hexadecimal.decode(digits, count: Self.hpkeSize) {
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
  fileprivate init?(word: HeaderWord) {
    let parts = word.parts(between: ":")
    guard parts.count == 5, parts[0].isText("scrypt"),
      let exponent = parts[1].number.flatMap({ Int(exactly: $0) }),
      let cost = Scrypt.Cost(exponent: exponent), parts[2].isText("8"), parts[3].isText("1"),
      let salt = Hexadecimal.decode(parts[4], count: Scrypt.saltSize)
    else { return nil }
    self.init(cost: cost, salt: salt)
  }
}
