/// What a restore has brought back.
public struct RestoreReport: Sendable, Equatable {
  /// The vault.
  public let path: String
  /// The copy whose records it has now.
  public let source: String
  /// The copy's generation, and the vault's now.
  public let sourceGeneration: UInt64
  public let generation: UInt64
  /// How many records it has.
  public let tokens: Int
  /// Where the vault is that was there before; nil where there was none.
  public internal(set) var replaced: String?
  /// When the copy's file was last written; nil where that is no time.
  public let madeAt: Timestamp?
  /// The highest generation of the vault that this host had seen; nil where it had seen none.
  public let seenGeneration: UInt64?
  /// By how many generations the copy was behind the newest that this host had seen of the vault; nil where it had seen
  /// none.
  public let behindGenerations: UInt64?
  /// How many records of the vault the copy did not have, or not as they were; nil where nothing of the vault could be
  /// read.
  public let behindTokens: Int?
}

extension RestoreReport {
  /// How old the copy is, as a sentence that goes on with the vault's name.
  package var age: String {
    TokenVaultError.copyAge(of: source, madeAt, sourceGeneration, behindGenerations, behindTokens)
  }
}
