import Foundation
import Synchronization

@testable import TokenVault

/// A file of the published test kit: a vault, and what must happen to it (see `Fixtures/format-1/README.md`).
struct FormatVector {
  static let directory = packageRoot.appending(path: "Fixtures/format-1")

  /// The names of all vectors, in order.
  static var names: [String] {
    get throws {
      try FileManager.default.contentsOfDirectory(atPath: directory.path)
        .filter { $0.hasSuffix(".txt") }.sorted()
    }
  }

  /// The lines of the head, by their names.
  private var values: [String: [String]] = [:]
  /// The lines that say the vault's bytes.
  private var pieces: [Substring] = []

  init(_ name: String) throws {
    let text = try String(contentsOf: Self.directory.appending(path: name), encoding: .utf8)
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false)[...]
    while let line = lines.popFirst(), !line.isEmpty {
      let parts = line.split(separator: ":", maxSplits: 1)
      values[String(parts[0]), default: []].append(String(parts[1].dropFirst()))
    }
    pieces = lines.dropLast()
  }

  subscript(_ name: String) -> String { values[name]?.first ?? "" }

  /// The generation that the host remembers; nil for none.
  var seen: UInt64? { UInt64(self["seen"]) }

  /// What opens the vault.
  var key: KeySource {
    let parts = self["secret"].split(separator: " ", maxSplits: 1).map(String.init)
    let secret = Secret(parts[1])
    return switch parts[0] {
    case "passphrase": .passphrase(secret)
    case "recovery": .recoveryCode(secret)
    default: .key(secret)
    }
  }

  // MARK: The vault

  func vault() throws -> [UInt8] {
    try pieces.flatMap { piece in
      let words = piece.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false)
      return switch words[0] {
      case "line": Array(words[1].utf8) + [0x0A]
      case "zeros": [UInt8](repeating: 0, count: Int(words[1]) ?? 0)
      case "base64": [UInt8](Data(base64Encoded: String(words[1])) ?? Data())
      default: try Self.copied(words[1])
      }
    }
  }

  private static func copied(_ text: Substring) throws -> [UInt8] {
    let words = text.split(separator: " ")
    let (start, count) = (Int(words[1]) ?? 0, Int(words[2]) ?? 0)
    return Array(try base(String(words[0])).vault[start..<start + count])
  }

  /// The vault and the records of a vector that others refer to, which are read once.
  private struct Base: @unchecked Sendable {
    let vault: [UInt8]
    let records: [NSDictionary]
  }

  private static let bases = Mutex<[String: Base]>([:])

  private static func base(_ name: String) throws -> Base {
    try bases.withLock { bases in
      if let base = bases[name] { return base }
      let vector = try FormatVector(name)
      let base = Base(vault: try vector.vault(), records: try vector.records("record"))
      bases[name] = base
      return base
    }
  }

  // MARK: What must happen

  /// The records that the lines with a word say, in their order.
  func records(_ word: String) throws -> [NSDictionary] {
    var records: [NSDictionary] = []
    if let base = values["\(word)-of"]?.first {
      records = try Self.base(base).records
    }
    for id in values["\(word)-without"] ?? [] { records.removeAll { $0["id"] as? String == id } }
    let isOfBase = !records.isEmpty
    for line in values[word] ?? [] {
      let record = try Self.record(Data(line.utf8))
      if isOfBase, let place = records.firstIndex(where: { $0.hasSameID(as: record) }) {
        records[place] = record
      } else {
        records.append(record)
      }
    }
    return records
  }

  static func record(_ line: Data) throws -> NSDictionary {
    try JSONSerialization.jsonObject(with: line) as? NSDictionary ?? [:]
  }
}

extension NSDictionary {
  /// Byte for byte: to Swift, two texts that Unicode calls equal are equal.
  fileprivate func hasSameID(as other: NSDictionary) -> Bool {
    let ids = [self, other].map { ($0["id"] as? String).map { Array($0.utf8) } }
    return ids[0] == ids[1]
  }
}
