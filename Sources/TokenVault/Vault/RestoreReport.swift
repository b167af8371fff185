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
    Self.age(of: source, madeAt, sourceGeneration, behindGenerations, behindTokens)
  }

  static func age(
    of path: String, _ madeAt: Timestamp?, _ generation: UInt64, _ behind: UInt64?, _ tokens: Int?
  ) -> String {
    let time = madeAt.map { "from \($0), " } ?? ""
    let generations = behind.map { counted($0, "generation") } ?? "an unknown number of generations"
    let records = tokens.map { counted($0, "token") } ?? "an unknown number of tokens"
    let seen = behind.map { $0 > 0 ? ", where \(generation + $0) has been here" : "" } ?? ""
    return "'\(path)' is \(time)of generation \(generation)\(seen): "
      + "\(records) and \(generations) behind"
  }

  private static func counted(_ count: some BinaryInteger, _ name: String) -> String {
    "\(count) \(name)\(count == 1 ? "" : "s")"
  }
}
