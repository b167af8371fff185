import Testing

@testable import TokenVault
@testable import VaultCrypto

/// Tests of log entries in memory: those of one store, behind one snapshot.
protocol LogChainSuite {
  var key: DataKey { get }
  var store: StoreID { get }
}

extension LogChainSuite {
  /// The snapshot's.
  static var salt: [UInt8] { [UInt8](repeating: 7, count: MessageLayout.saltSize) }

  func snapshot() -> LogChain { LogChain(store, snapshotSalt: Self.salt, key) }

  /// These texts as commits, one behind the other.
  func sealed(_ texts: String...) throws -> [[UInt8]] {
    var chain = snapshot()
    return try texts.map { try chain.seal(Array($0.utf8).span) }
  }

  /// The chain behind these commits.
  func chain(behind commits: [[UInt8]]) throws -> LogChain {
    var chain = snapshot()
    for commit in commits { _ = try #require(try open(commit, in: &chain)) }
    return chain
  }

  func frame(_ commit: [UInt8]) -> LogFrame? { LogFrame(commit.span) }

  func open(_ commit: [UInt8], in chain: inout LogChain) throws -> String? {
    guard let frame = frame(commit), frame.entrySize <= commit.count else { return nil }
    return try chain.open(frame, commit.span.extracting(..<frame.entrySize))?
      .withSpan { $0.array.text }
  }

  func opens(_ commit: [UInt8], behind commits: [[UInt8]]) throws -> Bool {
    var chain = try chain(behind: commits)
    return try open(commit, in: &chain) != nil
  }
}
