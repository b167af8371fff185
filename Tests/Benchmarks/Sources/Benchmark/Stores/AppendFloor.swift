import Glibc
import TokenVault

/// The minimal cost of a durable save: its bytes appended to a file, and fdatasync.
final class AppendFloor: TokenStorage {
  static let name = "append + fdatasync"
  /// About what a save appends to a vault's log: frame, salt, commitment, tag and the record.
  static let entrySize =
    32 + 72 + 8 + RecordFormat.json.encode([TestRecord(number: 10_000).token]).count

  private let file: Int32
  private let bytes: [UInt8]

  init(path: String, size: Int) throws {
    file = try SystemCall.open(path, O_WRONLY | O_CREAT | O_APPEND)
    bytes = [UInt8](repeating: 7, count: size)
  }

  deinit { close(file) }

  func save(_ change: TokenChange) throws { try save() }

  func save() throws {
    try SystemCall.write(bytes, to: file)
    try SystemCall.check(fdatasync(file), "fdatasync")
  }

  func find(user: String) throws {}
}
