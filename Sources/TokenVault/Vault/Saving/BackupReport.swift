/// The result of a backup.
public struct BackupReport: Sendable, Equatable {
  /// The copy.
  public let path: String
  /// Its bytes.
  public let size: Int64
  /// The generation of the vault that it is a copy of.
  public let generation: UInt64
  /// The number of its records.
  public let tokens: Int
}
