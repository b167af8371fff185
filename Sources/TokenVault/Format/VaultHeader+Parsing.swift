internal import VaultCrypto

extension VaultHeader {
  /// Reads the header at the start of `file`.
  ///
  /// - Returns: The header, and its size in bytes.
  static func decode(_ file: Span<UInt8>) throws(FormatError) -> (header: VaultHeader, size: Int) {
    if file.isEmpty { throw .empty }
    let version = try version(of: file)
    let lines = HeaderLines(file)
    let isIntact = try lines?.hasRightDigest(file) ?? false
    guard version == Self.version else { throw .unknownVersion(version, isIntact: isIntact) }
    guard let lines else { throw .headerWithoutEnd }
    guard isIntact else { throw .headerDigest }
    return (try parse(lines.texts), lines.size)
  }

  /// The version in the first line, behind `tokenvault `.
  private static func version(of file: Span<UInt8>) throws(FormatError) -> String {
    let start = file.extracting(0..<min(file.count, 40)).array
    let magic = Array("tokenvault ".utf8)
    guard start.starts(with: magic), let end = start.firstIndex(of: 0x0A) else { throw .notAVault }
    let version = start[magic.count..<end]
    guard !version.isEmpty, version.allSatisfy({ (48...57).contains($0) }) else { throw .notAVault }
    return String(decoding: version, as: UTF8.self)
  }

  private static func parse(_ lines: [Substring]) throws(FormatError) -> VaultHeader {
    var reader = HeaderReader(lines)
    let store = try reader.line("store", 1)
    guard Hexadecimal.decode(store[0], count: 16) != nil else { throw reader.error }
    let format = RecordFormat(rawValue: String(try reader.line("format", 1)[0]))
    guard let format else { throw reader.error }
    let generation = try reader.number(try reader.line("generation", 1)[0], 1...generationLimit)
    let dataKey = try reader.line("data-key", 2)
    guard Hexadecimal.decode(dataKey[0], count: 8) != nil else { throw reader.error }
    let made = try reader.moment(dataKey[1])
    let passphrases = try reader.isAt("scrypt") ? passphraseDerivation(&reader) : nil
    var slots: [KeySlot] = []
    while !reader.isAtEnd { slots.append(try slot(&reader, after: slots)) }
    // Every header has a slot, and a scrypt line if and only if a slot is for a passphrase.
    guard !slots.isEmpty, (passphrases != nil) == slots.contains(where: { $0.kind == .passphrase })
    else { throw reader.error }
    return VaultHeader(
      store: StoreID(text: String(store[0])), format: format, generation: generation,
      dataKeyID: DataKeyID(text: String(dataKey[0])), dataKeyMade: made, passphrases: passphrases,
      slots: slots)
  }

  private static func passphraseDerivation(
    _ reader: inout HeaderReader
  ) throws(FormatError) -> PassphraseDerivation {
    let words = try reader.line("scrypt", 4)
    let limits = UInt64(Scrypt.Cost.limits.lowerBound)...UInt64(Scrypt.Cost.limits.upperBound)
    let exponent = try reader.number(words[0], limits)
    guard let cost = Scrypt.Cost(exponent: Int(exponent)), words[1] == "8", words[2] == "1",
      let salt = Hexadecimal.decode(words[3], count: Scrypt.saltSize)
    else { throw reader.error }
    return PassphraseDerivation(cost: cost, salt: salt)
  }

  private static func slot(
    _ reader: inout HeaderReader, after slots: [KeySlot]
  ) throws(FormatError) -> KeySlot {
    let words = try reader.line("slot", 9)
    let name = String(words[0])
    guard KeySlot.isValidName(name), let kind = SlotKind(rawValue: String(words[1])),
      Hexadecimal.decode(words[4], count: 8) != nil,
      let publicKey = Hexadecimal.decode(words[5], count: HPKE.publicKeySize),
      let authenticator = Hexadecimal.decode(words[6], count: KeySlot.Wrapping.sealedSize),
      let wrapping = KeySlot.Wrapping(words[7], words[8]),
      slots.count < slotLimit,
      !slots.contains(where: { $0.name == name || $0.keyID.text == words[4] })
    else { throw reader.error }
    return KeySlot(
      name: name, kind: kind, added: try reader.moment(words[2]),
      renewed: try reader.moment(words[3]), keyID: KeyID(text: String(words[4])),
      publicKey: publicKey, authenticator: authenticator, wrapping: wrapping)
  }
}

extension KeySlot.Wrapping {
  /// Reads the last two words of a slot's line.
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

/// The lines of a header after the first, read one after another.
private struct HeaderReader {
  private let lines: [Substring]
  /// The index of the line that was read last.
  private var index = 0

  init(_ lines: [Substring]) { self.lines = lines }

  var isAtEnd: Bool { index + 1 >= lines.count }
  /// The error for the line that was read last.
  var error: FormatError { .header(line: index + 1) }

  func isAt(_ name: String) -> Bool {
    !isAtEnd && lines[index + 1].prefix { $0 != " " } == name
  }

  /// The words of the next line, which begins with this name.
  mutating func line(_ name: String, _ count: Int) throws(FormatError) -> [Substring] {
    index += 1
    guard lines.indices.contains(index) else { throw error }
    let words = lines[index].split(separator: " ", omittingEmptySubsequences: false)
    guard words.count == count + 1, words[0] == name else { throw error }
    return Array(words.dropFirst())
  }

  func number(
    _ text: Substring, _ range: ClosedRange<UInt64>
  ) throws(FormatError) -> UInt64 {
    guard let value = UInt64(text), String(value) == text, range.contains(value) else {
      throw error
    }
    return value
  }

  func moment(_ text: Substring) throws(FormatError) -> Timestamp {
    let text = String(text)
    guard Timestamp.isCanonical(text), let moment = Timestamp(text) else { throw error }
    return moment
  }
}

/// The lines of a header and the digest at their end, not parsed yet.
private struct HeaderLines {
  /// The lines before the end line.
  let texts: [Substring]
  /// Bytes, the end line included.
  let size: Int
  private let digest: [UInt8]
  private let digestedSize: Int

  /// Nil if the file ends before the header does, or that goes on past the limit.
  init?(_ file: Span<UInt8>) {
    let start = file.extracting(0..<min(file.count, VaultHeader.sizeLimit)).array
    var lineStart = 0
    var texts: [Substring] = []
    while let end = start[lineStart...].firstIndex(of: 0x0A) {
      let line = Substring(decoding: start[lineStart..<end], as: UTF8.self)
      if line.hasPrefix("end ") {
        guard let digest = Hexadecimal.decode(line.dropFirst(4), count: 32) else { return nil }
        (self.texts, self.digest) = (texts, digest)
        (size, digestedSize) = (end + 1, lineStart)
        return
      }
      texts.append(line)
      lineStart = end + 1
    }
    return nil
  }

  func hasRightDigest(_ file: Span<UInt8>) throws(FormatError) -> Bool {
    do { return try Digest.sha256(file.extracting(0..<digestedSize)) == digest } catch {
      throw .crypto(error)
    }
  }
}
