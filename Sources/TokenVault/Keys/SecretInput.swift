internal import VaultCrypto

/// Secrets from an open file descriptor.
struct SecretInput {
  /// The most bytes of a line.
  static let lineLimit = 4096

  let descriptor: Int32
  let disk: any Disk

  /// All bytes, up to one more than `limit`, which the caller cleanses.
  func all(limit: Int) throws(KeyError) -> [UInt8] {
    try bytes(limit: limit + 1) { _ in false }
  }

  /// The first line as text, without its end. Nothing after it is read, so that other input can follow.
  func text() throws(KeyError) -> Secret {
    var line = try bytes(limit: Self.lineLimit + 2) { $0 == UInt8(ascii: "\n") }
    defer { line.cleanse() }
    if line.last == UInt8(ascii: "\n") { line.removeLast() }
    if line.last == UInt8(ascii: "\r") { line.removeLast() }
    if line.isEmpty { throw .unavailable(problem: "nothing was there to read") }
    guard line.count <= Self.lineLimit else {
      throw .unavailable(problem: "it is longer than a line may be")
    }
    guard let text = String(validating: line, as: UTF8.self) else {
      throw .unavailable(problem: "it is not UTF-8")
    }
    return Secret(text)
  }

  /// Byte by byte, and into memory that does not move, so that no copies are left.
  private func bytes(limit: Int, until isEnd: (UInt8) -> Bool) throws(KeyError) -> [UInt8] {
    // A refresh program inherits the token, and not the vault's key.
    disk.closeOnExec(descriptor)
    var bytes = [UInt8](repeating: 0, count: limit)
    var count = 0
    do throws(FileError) {
      while count < limit {
        let more = unsafe try bytes.fill(from: count) { (memory) throws(FileError) in
          let one = unsafe UnsafeMutableRawBufferPointer(rebasing: memory.prefix(1))
          return unsafe try disk.read(descriptor, at: nil, into: one)
        }
        if more == 0 { break }
        count += 1
        if isEnd(bytes[count - 1]) { break }
      }
    } catch {
      bytes.cleanse()
      throw .file(error)
    }
    bytes.removeLast(limit - count)
    return bytes
  }
}
