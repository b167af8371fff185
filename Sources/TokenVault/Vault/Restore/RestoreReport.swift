/// The result of a restore.
public struct RestoreReport: Sendable, Equatable {
  /// The vault.
  public let path: String
  /// The copy that was restored.
  public let source: String
  /// The copy's generation, and the vault's now.
  public let sourceGeneration: UInt64
  public let generation: UInt64
  /// The number of records.
  public let tokens: Int
  /// The path of the vault that was there before; nil if there was none.
  public internal(set) var replaced: String?
  /// When the copy's file was last written; nil if that is no time.
  public let madeAt: Timestamp?
  /// The highest generation of the vault that this host had seen; nil if it had seen none.
  public let seenGeneration: UInt64?
  /// By how many generations the copy was behind the newest one; nil if this host had seen none.
  public let behindGenerations: UInt64?
  /// How many records of the vault the copy lacked, or had otherwise; nil if nothing of the vault could be read.
  public let behindTokens: Int?
}

extension RestoreReport {
  /// The copy's age, as a sentence that ends with the vault's name.
  package var age: String {
    TokenVaultError.copyAge(of: source, madeAt, sourceGeneration, behindGenerations, behindTokens)
  }
}
