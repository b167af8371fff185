internal import VaultCrypto

// The store at a path as it was named, before its last link is followed, so that a link that leads to another vault is
// detected too.
extension HostMemory {
  private static let start = "tokenvault path 1\n"

  /// The store at the path; nil if none is remembered.
  func storeAtPath() throws(FileError) -> StoreID? {
    guard directory != nil, let name = pathFile, let bytes = try trusted(name) else { return nil }
    let lines = Substring(decoding: bytes, as: UTF8.self).parts(between: "\n")
    guard lines.count > 2, Hexadecimal.decode(lines[1], count: 16) != nil else { return nil }
    let store = StoreID(text: String(lines[1]))
    return contents(store) == bytes ? store : nil
  }

  /// Remembers the store at the path, durable, best effort.
  func rememberPath(of store: StoreID) {
    guard let directory, let name = pathFile else { return }
    try? directory.replace(name, with: contents(store))
  }

  private func contents(_ store: StoreID) -> [UInt8] {
    Array("\(Self.start)\(store.text)\n".utf8) + path + [0x0A]
  }

  /// The path without empty names and single dots. Two dots stay, since a link may stand before them.
  ///
  /// By bytes, since each opening of a vault needs it, and strings take a hundred times longer.
  private var path: [UInt8] {
    let (slash, dot) = (UInt8(ascii: "/"), UInt8(ascii: "."))
    var path: [UInt8] = []
    path.reserveCapacity(location.named.utf8.count + 1)
    for byte in location.named.utf8 {
      if byte == slash, path.last == dot, path.dropLast().last == slash { path.removeLast() }
      if byte != slash || path.last != slash { path.append(byte) }
    }
    if path.last == dot, path.dropLast().last == slash { path.removeLast() }
    if path.last == slash { path.removeLast() }
    return path
  }

  /// Named by a digest, since a path may be longer than a name, and has slashes.
  private var pathFile: String? {
    (try? Digest.sha256(path.span)).map { "paths/\(Hexadecimal.encode($0))" }
  }
}
