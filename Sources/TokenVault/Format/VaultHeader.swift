internal import VaultCrypto

/// The text at the start of a vault, which a person can read; `FileFormat` has its grammar.
package struct VaultHeader: Sendable, Equatable {
  /// The version of the format that this program reads and writes.
  package static let version = "1"
  /// Longer ones are refused before any work.
  static let sizeLimit = 65_536
  /// The highest generation there is: 10^15.
  package static let generationLimit: UInt64 = 1_000_000_000_000_000

  /// Names the store for its whole life.
  package var store: StoreID
  /// How the records are written.
  package var format: RecordFormat
  /// Counts the times the vault was written, from 1.
  package var generation: UInt64
  /// Names the data key.
  package var dataKeyID: DataKeyID
  /// The ways to open the data key.
  package var slots: [KeySlot]

  /// The header's bytes, its end line and digest included.
  func encode() throws(CryptoError) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(512)
    func line(_ words: String...) {
      for (index, word) in words.enumerated() {
        if index > 0 { bytes.append(UInt8(ascii: " ")) }
        bytes.append(contentsOf: word.utf8)
      }
      bytes.append(UInt8(ascii: "\n"))
    }
    line("tokenvault", Self.version)
    line("store", store.text)
    line("format", format.rawValue)
    line("generation", String(generation))
    line("data-key", dataKeyID.text)
    for slot in slots {
      line("slot", slot.name, "key", slot.keyID.text, Hexadecimal.encode(slot.wrapped))
    }
    let digest = Hexadecimal.encode(try Digest.sha256(bytes.span))
    line("end", digest)
    return bytes
  }
}

extension VaultHeader {
  /// Reads the header at the start of `file`, and gives its size in bytes.
  static func decode(_ file: Span<UInt8>) throws(FormatError) -> (header: VaultHeader, size: Int) {
    if file.isEmpty { throw .empty }
    let version = try version(of: file)
    let lines = try? HeaderLines(file)
    let isIntact = try lines?.hasRightDigest(file) ?? false
    guard version == Self.version else { throw .unknownVersion(version, isIntact: isIntact) }
    guard let lines else { throw .headerWithoutEnd }
    guard isIntact else { throw .headerDigest }
    return (try parse(lines.texts), lines.size)
  }

  /// What follows `tokenvault ` in the first line.
  private static func version(of file: Span<UInt8>) throws(FormatError) -> String {
    let start = file.extracting(0..<min(file.count, 40)).array
    let magic = Array("tokenvault ".utf8)
    guard start.starts(with: magic), let end = start.firstIndex(of: 0x0A) else { throw .notAVault }
    let version = start[magic.count..<end]
    guard !version.isEmpty, version.allSatisfy({ (48...57).contains($0) }) else { throw .notAVault }
    return String(decoding: version, as: UTF8.self)
  }

  private static func parse(_ lines: [Substring]) throws(FormatError) -> VaultHeader {
    func words(_ index: Int, _ name: String, _ count: Int) throws(FormatError) -> [Substring] {
      let words =
        lines.indices.contains(index)
        ? lines[index].split(separator: " ", omittingEmptySubsequences: false) : []
      guard words.count == count, words[0] == name else { throw .header(line: index + 1) }
      return words
    }
    let store = try words(1, "store", 2)[1]
    let format = RecordFormat(rawValue: String(try words(2, "format", 2)[1]))
    let generation = UInt64(try words(3, "generation", 2)[1])
    let dataKey = try words(4, "data-key", 2)[1]
    guard Hexadecimal.decode(store, count: 16) != nil else { throw .header(line: 2) }
    guard let format else { throw .header(line: 3) }
    guard let generation, (1...generationLimit).contains(generation),
      lines[3] == "generation \(generation)"
    else {
      throw .header(line: 4)
    }
    guard Hexadecimal.decode(dataKey, count: 8) != nil else { throw .header(line: 5) }
    // One slot of one kind; other kinds and more of them come with a later version of this program.
    let slot = try words(5, "slot", 5)
    guard slot[1] == KeySlot.defaultName, slot[2] == "key", lines.count == 6,
      Hexadecimal.decode(slot[3], count: 8) != nil,
      let wrapped = Hexadecimal.decode(slot[4], count: KeySlot.wrappedSize)
    else { throw .header(line: 6) }
    return VaultHeader(
      store: StoreID(text: String(store)), format: format, generation: generation,
      dataKeyID: DataKeyID(text: String(dataKey)),
      slots: [
        KeySlot(name: String(slot[1]), keyID: KeyID(text: String(slot[3])), wrapped: wrapped)
      ])
  }
}

/// The lines of a header and the digest they end with, before anyone asks what they say.
private struct HeaderLines {
  /// The lines before the end line.
  let texts: [Substring]
  /// Bytes, the end line included.
  let size: Int
  private let digest: [UInt8]
  private let digestedSize: Int

  init(_ file: Span<UInt8>) throws(FormatError) {
    let start = file.extracting(0..<min(file.count, VaultHeader.sizeLimit)).array
    var lineStart = 0
    var texts: [Substring] = []
    while let end = start[lineStart...].firstIndex(of: 0x0A) {
      let line = Substring(decoding: start[lineStart..<end], as: UTF8.self)
      if line.hasPrefix("end ") {
        guard let digest = Hexadecimal.decode(line.dropFirst(4), count: 32) else {
          throw .headerWithoutEnd
        }
        (self.texts, self.digest) = (texts, digest)
        (size, digestedSize) = (end + 1, lineStart)
        return
      }
      texts.append(line)
      lineStart = end + 1
    }
    throw .headerWithoutEnd
  }

  func hasRightDigest(_ file: Span<UInt8>) throws(FormatError) -> Bool {
    do { return try Digest.sha256(file.extracting(0..<digestedSize)) == digest } catch {
      throw .crypto(error)
    }
  }
}
