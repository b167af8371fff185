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
    let isNumber = !version.isEmpty && version.allSatisfy { (48...57).contains($0) }
    guard isNumber, version.count == 1 || version.first != UInt8(ascii: "0") else {
      throw .notAVault
    }
    return String(decoding: version, as: UTF8.self)
  }

  private static func parse(_ lines: [Substring]) throws(FormatError) -> VaultHeader {
    // First, since a feature may change the other lines.
    try refuseFeatures(lines)
    var reader = HeaderReader(lines)
    let store = try reader.line("store", 1)
    guard Hexadecimal.decode(store[0], count: 16) != nil else { throw reader.error }
    let format = RecordFormat(rawValue: String(try reader.line("format", 1)[0]))
    guard let format else { throw reader.error }
    let generation = try reader.number(try reader.line("generation", 1)[0], 1...generationLimit)
    let after = try compactionPoint(&reader, limit: generation)
    guard try reader.line("features", 1) == ["none"] else { throw reader.error }
    let logExtent = try reader.number(try reader.line("log-extent", 1)[0], logExtents)
    guard logExtent.isMultiple(of: logExtentUnit) else { throw reader.error }
    let dataKey = try reader.line("data-key", 2)
    guard Hexadecimal.decode(dataKey[0], count: 8) != nil,
      let made = Timestamp(canonicalText: dataKey[1])
    else { throw reader.error }
    return VaultHeader(
      store: StoreID(text: String(store[0])), format: format, generation: generation, after: after,
      logExtent: logExtent, dataKeyID: DataKeyID(text: String(dataKey[0])), dataKeyMade: made,
      slots: try slots(&reader))
  }

  /// Throws `FormatError.unknownFeatures` for a header that names features: this version knows none.
  private static func refuseFeatures(_ lines: [Substring]) throws(FormatError) {
    // Every version of this format has it in the sixth line.
    let index = 5
    guard lines.indices.contains(index), lines[index].hasPrefix("features ") else { return }
    let names = lines[index].parts(between: " ").dropFirst()
    if names == ["none"] { return }
    let isSorted = zip(names, names.dropFirst()).allSatisfy { one, next in
      one.utf8.lexicographicallyPrecedes(next.utf8)
    }
    guard isSorted, names.allSatisfy(isFeature) else { throw .header(line: index + 1) }
    throw .unknownFeatures(names.map(String.init))
  }

  /// Whether this is the name of a feature: 1 to 32 lower-case letters, digits and `-`, and not the word for none.
  private static func isFeature(_ name: Substring) -> Bool {
    let isAllowed = name.unicodeScalars.allSatisfy { scalar in
      switch scalar {
      case "a"..."z", "0"..."9", "-": true
      default: false
      }
    }
    return isAllowed && (1...32).contains(name.utf8.count) && name != "none"
  }

  private static func compactionPoint(
    _ reader: inout HeaderReader, limit: UInt64
  ) throws(FormatError) -> CompactionPoint? {
    let words = try reader.line("after", 1...2)
    if words == ["none"] { return nil }
    guard words.count == 2,
      let tag = Hexadecimal.decode(words[1], count: CompactionPoint.tagSize)
    else { throw reader.error }
    return CompactionPoint(generation: try reader.number(words[0], 1...limit), tag: tag)
  }

  private static func slots(_ reader: inout HeaderReader) throws(FormatError) -> [KeySlot] {
    var slots: [KeySlot] = []
    while !reader.isAtEnd {
      let slot = KeySlot(words: try reader.line("slot", KeySlot.wordCount))
      guard let slot, slots.count < slotLimit,
        !slots.contains(where: { $0.name == slot.name || $0.keyID == slot.keyID })
      else { throw reader.error }
      slots.append(slot)
    }
    if slots.isEmpty { throw reader.error }
    return slots
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

  /// The words of the next line, which begins with this name.
  mutating func line(_ name: String, _ count: Int) throws(FormatError) -> [Substring] {
    try line(name, count...count)
  }

  mutating func line(
    _ name: String, _ counts: ClosedRange<Int>
  ) throws(FormatError) -> [Substring] {
    index += 1
    guard lines.indices.contains(index) else { throw error }
    let words = lines[index].parts(between: " ")
    guard counts.contains(words.count - 1), words[0] == name else { throw error }
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
