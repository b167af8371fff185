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
    return (try parse(lines.lines), lines.size)
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

  private static func parse(_ lines: [HeaderWord]) throws(FormatError) -> VaultHeader {
    // First, since a feature may change the other lines.
    try refuseFeatures(lines)
    var reader = HeaderReader(lines)
    let store = try reader.line("store", 1)
    guard Hexadecimal.decode(store[0], count: 16) != nil else { throw reader.error }
    let format = RecordFormat(rawValue: try reader.line("format", 1)[0].text)
    guard let format else { throw reader.error }
    let generation = try reader.number(try reader.line("generation", 1)[0], 1...generationLimit)
    let after = try compactionPoint(&reader, limit: generation)
    guard try reader.line("features", 1)[0].isText("none") else { throw reader.error }
    let logExtent = try reader.number(try reader.line("log-extent", 1)[0], logExtents)
    guard logExtent.isMultiple(of: logExtentUnit) else { throw reader.error }
    let dataKey = try reader.line("data-key", 2)
    guard Hexadecimal.decode(dataKey[0], count: 8) != nil,
      let made = dataKey[1].time
    else { throw reader.error }
    return VaultHeader(
      store: StoreID(text: store[0].text), format: format, generation: generation, after: after,
      logExtent: logExtent, dataKeyID: DataKeyID(text: dataKey[0].text), dataKeyMade: made,
      slots: try slots(&reader))
  }

  /// Throws `FormatError.unknownFeatures` for a header that names features: this version knows none.
  private static func refuseFeatures(_ lines: [HeaderWord]) throws(FormatError) {
    // Every version of this format has it in the sixth line.
    let index = 5
    guard lines.indices.contains(index), case let words = lines[index].parts(between: " "),
      words.count > 1, words[0].isText("features")
    else { return }
    let names = words.dropFirst()
    if names.count == 1, words[1].isText("none") { return }
    let isSorted = zip(names, names.dropFirst()).allSatisfy { $0.lexicographicallyPrecedes($1) }
    guard isSorted, names.allSatisfy(isFeature) else { throw .header(line: index + 1) }
    throw .unknownFeatures(names.map(\.text))
  }

  /// Whether this is the name of a feature: 1 to 32 lower-case letters, digits and `-`, and not the word for none.
  private static func isFeature(_ name: HeaderWord) -> Bool {
    let isAllowed = name.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
        UInt8(ascii: "-"):
        true
      default: false
      }
    }
    return isAllowed && (1...32).contains(name.count) && !name.isText("none")
  }

  private static func compactionPoint(
    _ reader: inout HeaderReader, limit: UInt64
  ) throws(FormatError) -> CompactionPoint? {
    let words = try reader.line("after", 1...2)
    if words.count == 1, words[0].isText("none") { return nil }
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
