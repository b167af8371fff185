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
  public let replaced: String?
}
