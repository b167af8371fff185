import Glibc

/// The least that a durable save costs: its bytes at the end of a file, and fdatasync.
final class AppendFloor: @unchecked Sendable {
  static let name = "append + fdatasync"

  private let file: Int32
  private let bytes: [UInt8]

  init(path: String, size: Int) throws {
    file = try SystemCall.open(path, O_WRONLY | O_CREAT | O_APPEND)
    bytes = [UInt8](repeating: 7, count: size)
  }

  deinit { close(file) }

  func save() throws {
    try SystemCall.write(bytes, to: file)
    try SystemCall.check(fdatasync(file), "fdatasync")
  }
}

extension AppendFloor: TokenStorage {
  func save(_ change: TokenChange) throws { try save() }

  func find(user: String) throws {}
}
