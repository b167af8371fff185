import Glibc
import TokenVault

/// The minimal cost of a durable save: its bytes in a file, and fdatasync.
final class AppendFloor: TokenStorage, @unchecked Sendable {
  static let growing = "append + fdatasync"
  static let zeroed = "write over zeros + fdatasync"
  /// About what a save writes to a vault's log: the record and 112 bytes around it, in pieces of 64.
  static let entrySize = {
    let record = RecordFormat.json.encode([TestRecord(number: 10_000).token]).count
    return (record + 112 + 63) / 64 * 64
  }()

  private let file: Int32
  private let bytes = [UInt8](repeating: 7, count: entrySize)
  /// How many bytes there are before the first one is written over again; without end in a growing file.
  private let capacity: Int
  private var offset = 0

  /// - Parameter zeros: How many zeros the file has before; 0 for a file that grows.
  init(path: String, zeros: Int = 0) throws {
    capacity = zeros == 0 ? .max : zeros
    file = try SystemCall.open(path, O_WRONLY | O_CREAT | O_TRUNC)
    try SystemCall.write([UInt8](repeating: 0, count: zeros), to: file)
    try SystemCall.check(fsync(file), "fsync")
  }

  deinit { close(file) }

  func save(_ change: TokenChange) throws {
    if offset + bytes.count > capacity { offset = 0 }
    try SystemCall.check(pwrite(file, bytes, bytes.count, offset), "pwrite")
    try SystemCall.check(fdatasync(file), "fdatasync")
    offset += bytes.count
  }

  func find(user: String) throws {}
}
