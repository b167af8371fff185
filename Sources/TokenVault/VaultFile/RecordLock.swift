package import VaultCrypto

/// The right to refresh one record, held until this is let go, also by a process that dies. It keeps nobody from
/// reading or writing the vault.
package final class RecordLock: Sendable {
  private let file: LockFile

  private init(_ file: LockFile) { self.file = file }

  /// Takes the lock, if nobody has it; `byte` is that of the record. Whoever waits tries again.
  package static func attempt(
    _ byte: Int64, _ location: VaultLocation, disk: any Disk
  ) throws(FileError) -> RecordLock? {
    let file = try LockFile(location, disk: disk)
    guard try file.tryLock(byte), try file.isCurrent() else { return nil }
    return RecordLock(file)
  }
}

extension StoreID {
  /// The byte of the lock file that stands for a record: 1 plus the first 61 bits of SHA-256 over the store's
  /// digits, a line feed and the id.
  ///
  /// Every user of the host can see which bytes are locked; the store's id, which is random, keeps the record's from
  /// being guessed from that.
  package func lockByte(ofRecord id: String) throws(CryptoError) -> Int64 {
    let digest = try Digest.sha256(Array("\(text)\n\(id)".utf8).span)
    return 1 + Int64(digest.prefix(8).reduce(0 as UInt64) { $0 << 8 | UInt64($1) } >> 3)
  }
}
