internal import VaultCrypto

// The store at a path as it was named, before its last link is followed, so that a link that leads to another vault is
// detected too.
extension HostMemory {
  private static let start = "tokenvault path 1\n"

  /// The store at the path; nil if none is remembered.
  func storeAtPath() throws(FileError) -> StoreID? {
    guard directory != nil, let name = pathFile, let bytes = try trusted(name) else { return nil }
    let lines = bytes[...].parts(between: "\n")
    guard lines.count > 2, Hexadecimal.decode(lines[1], count: 16) != nil else { return nil }
    let store = StoreID(text: lines[1].text)
    return contents(store) == bytes ? store : nil
  }

  /// Remembers the store at the path, durable, best effort.
  func rememberPath(of store: StoreID) {
    guard let directory, let name = pathFile else { return }
    try? directory.replace(name, with: contents(store))
  }

  private func contents(_ store: StoreID) -> [UInt8] {
    var bytes = Array("\(Self.start)\(store.text)\n".utf8)
    bytes.reserveCapacity(bytes.count + path.count + 1)
    bytes += path
    bytes.append(0x0A)
    return bytes
  }

  /// A path without empty names and single dots. Two dots stay, since a link may stand before them.
  ///
  /// By bytes, since each opening of a vault needs it, and strings take a hundred times longer.
  static func plain(_ named: String) -> [UInt8] {
    let (slash, dot) = (UInt8(ascii: "/"), UInt8(ascii: "."))
    var path: [UInt8] = []
    path.reserveCapacity(named.utf8.count + 1)
    func isAtDot() -> Bool {
      path.last == dot && path.count > 1 && path[path.count - 2] == slash
    }
    for byte in named.utf8 {
      if byte == slash, isAtDot() { path.removeLast() }
      if byte != slash || path.last != slash { path.append(byte) }
    }
    if isAtDot() { path.removeLast() }
    if path.last == slash { path.removeLast() }
    return path
  }

  /// Named by a digest, since a path may be longer than a name, and has slashes.
  private var pathFile: String? {
    let path = path
    return (try? Digest.sha256(path.span)).map { "paths/\(Hexadecimal.encode($0))" }
  }
}
