internal import Glibc

/// The text of a configuration of OpenSSL (config(5)), as far as one question needs it: whether it changes anything.
///
/// OpenSSL runs the settings of the section that `openssl_conf` names, and no others. The answer errs on the side of
/// yes: it is no only if the text is plain (ASCII outside comments, no escapes, no includes, no long lines) and these
/// sections have no settings, as in the file that Debian installs.
struct OpenSSLConfiguration {
  /// Whether the text leaves OpenSSL as it is.
  private(set) var changesNothing = true
  private var section: [UInt8] = Array("default".utf8)
  /// The sections that OpenSSL runs.
  private var run: [[UInt8]] = []
  /// All sections, and those that have settings.
  private var sections: [[UInt8]] = []
  private var settled: [[UInt8]] = []

  private static let running = Array("openssl_conf".utf8)
  /// OpenSSL reads lines in pieces of 511 bytes.
  private static let longestLine = 500

  /// Reads a text.
  init(_ text: Span<UInt8>) {
    // A zero ends a line early.
    changesNothing = Self.index(of: 0, in: text) == nil
    var start = 0
    while changesNothing, start < text.count {
      let rest = text.extracting(start...)
      let count = Self.index(of: UInt8(ascii: "\n"), in: rest) ?? rest.count
      changesNothing = count <= Self.longestLine && read(rest.extracting(..<count))
      start += count + 1
    }
    if changesNothing {
      changesNothing = run.allSatisfy { sections.contains($0) && !settled.contains($0) }
    }
  }

  /// Reads a line; false if it is not plain.
  private mutating func read(_ line: Span<UInt8>) -> Bool {
    let line = line.extracting(Self.trimmed(line))
    if line.isEmpty { return true }
    // A comment that ends with a backslash goes on in the next line.
    if line[0] == UInt8(ascii: "#") { return line[line.count - 1] != UInt8(ascii: "\\") }
    guard Self.isPlain(line) else { return false }
    return line[0] == UInt8(ascii: "[") ? readSection(line) : readSetting(line)
  }

  private mutating func readSection(_ line: Span<UInt8>) -> Bool {
    guard let end = Self.index(of: UInt8(ascii: "]"), in: line),
      let name = Self.name(line.extracting(1..<end))
    else { return false }
    let rest = line.extracting((end + 1)...)
    let comment = rest.extracting(Self.trimmed(rest))
    guard comment.isEmpty || comment[0] == UInt8(ascii: "#") else { return false }
    section = name
    sections.append(name)
    return true
  }

  private mutating func readSetting(_ line: Span<UInt8>) -> Bool {
    guard let end = Self.index(of: UInt8(ascii: "="), in: line),
      let name = Self.name(line.extracting(..<end))
    else { return false }
    if settled.last != section { settled.append(section) }
    guard name == Self.running else { return true }
    guard let value = Self.name(line.extracting((end + 1)...)) else { return false }
    run.append(value)
    return true
  }

  /// A name that OpenSSL takes as it stands; nil for one that it may expand, or reads as an instruction.
  private static func name(_ text: Span<UInt8>) -> [UInt8]? {
    let text = text.extracting(trimmed(text))
    guard !text.isEmpty, text[0] != UInt8(ascii: ".") else { return nil }
    for index in text.indices {
      switch text[index] {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"),
        UInt8(ascii: "."):
        continue
      default: return nil
      }
    }
    return text.array
  }

  /// Whether all bytes are printable ASCII or tabs, and none is a backslash.
  private static func isPlain(_ text: Span<UInt8>) -> Bool {
    for index in text.indices {
      let byte = text[index]
      guard byte == 9 || (0x20...0x7E).contains(byte), byte != UInt8(ascii: "\\") else {
        return false
      }
    }
    return true
  }

  private static func index(of byte: UInt8, in text: Span<UInt8>) -> Int? {
    unsafe text.withUnsafeBytes { text in
      guard let start = text.baseAddress, let place = unsafe memchr(start, Int32(byte), text.count)
      else { return nil }
      return unsafe UnsafeRawPointer(place) - start
    }
  }

  /// Where the text is without the blanks around it.
  private static func trimmed(_ text: Span<UInt8>) -> Range<Int> {
    func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 9 || byte == 13 }
    var (start, end) = (0, text.count)
    while start < end, isBlank(text[start]) { start += 1 }
    while start < end, isBlank(text[end - 1]) { end -= 1 }
    return start..<end
  }
}
