internal import VaultCrypto

// Which store was at a path, as it was named: before its last link is followed, so that a link that leads to another
// vault now is noticed too.
extension HostMemory {
  private static let start = "tokenvault path 1\n"

  /// The store that was at the path; nil if none is remembered.
  package func storeAtPath() throws(FileError) -> StoreID? {
    guard directory != nil, let name = pathFile, let bytes = try trusted(name) else { return nil }
    let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n", maxSplits: 2)
    guard lines.count > 2, Hexadecimal.decode(lines[1], count: 16) != nil else { return nil }
    let store = StoreID(text: String(lines[1]))
    return contents(store) == bytes ? store : nil
  }

  /// Remembers the store at the path, durable if it can be done.
  package func rememberPath(of store: StoreID) {
    guard let directory, let name = pathFile else { return }
    try? directory.replace(name, with: contents(store))
  }

  private func contents(_ store: StoreID) -> [UInt8] {
    Array("\(Self.start)\(store.text)\n\(path)\n".utf8)
  }

  /// The path in one spelling: without empty names and single dots. Two dots stay, since a link may stand before them.
  private var path: String {
    location.named.utf8.split(separator: UInt8(ascii: "/")).lazy
      .filter { !$0.elementsEqual([UInt8(ascii: ".")]) }
      .map { "/" + String(decoding: Array($0), as: UTF8.self) }.joined()
  }

  /// A digest, since a path may be longer than a name, and has slashes.
  private var pathFile: String? {
    (try? Digest.sha256(Array(path.utf8).span)).map { "paths/\(Hexadecimal.encode($0))" }
  }
}
