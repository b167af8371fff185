import Testing

@testable import TokenVault

/// What a store finds in a vault that was tampered with.
enum TamperResult: Equatable {
  case users([String])
  /// Of a commit, at this offset.
  case damagedLogEntry(Int64)
  case damaged
  case rolledBack(UInt64)
  case other(String)
}

/// Tests of a vault of four large records, and behind its snapshot three small ones, whose bytes are changed.
protocol AppendedTamperSuite {
  var directory: TemporaryDirectory { get }
  var whole: FileLayout { get }
}

extension AppendedTamperSuite {
  static var path: String { "tokens.vault" }
  static var old: [String] { ["a", "b", "c", "d"] }
  static var new: [String] { ["e", "f", "g"] }

  /// Makes the vault in this directory.
  static func append(to directory: TemporaryDirectory) throws -> FileLayout {
    let vault = try directory.largeVault()
    let (inode, size) = (try directory.inode(), try directory.bytes(path).count)
    for user in new { try vault.save(smallToken(user)) }
    let layout = try directory.layout()
    #expect(try directory.inode() == inode && layout.bytes.count == size)
    #expect(layout.commits.count == 3)
    return layout
  }

  /// What a store finds that has never seen the vault before.
  func result(of bytes: [UInt8], remembering: Bool = false) throws -> TamperResult {
    try directory.write(bytes, to: Self.path)
    if !remembering { try directory.forgetGenerations() }
    do {
      return .users(try Vault(directory.configuration()).allTokens().compactMap(\.userName))
    } catch {
      let path = directory.file(Self.path)
      switch error {
      case .damagedLogEntry(path, let offset): return .damagedLogEntry(offset)
      case .damaged(path, let place) where !place.isEmpty: return .damaged
      case .rolledBack(path, let generation, _): return .rolledBack(generation)
      default: return .other("\(error)")
      }
    }
  }

  func expect(
    _ expected: TamperResult, of bytes: [UInt8], _ comment: @autoclosure () -> Comment,
    at location: SourceLocation = #_sourceLocation
  ) throws {
    let result = try result(of: bytes)
    if result != expected {
      Issue.record("\(comment()): \(result), and not \(expected)", sourceLocation: location)
    }
  }

  /// The users with so many of the commits.
  func users(with commits: Int) -> TamperResult { .users(Self.old + Self.new[..<commits]) }

  /// The damage that is noticed where a commit should begin.
  func damage(at commit: Int) -> TamperResult {
    let isBehind = commit == whole.commits.count
    return .damagedLogEntry(Int64(isBehind ? whole.logEnd : whole.commits[commit].lowerBound))
  }

  var commits: [[UInt8]] { whole.commits.indices.map(whole.commit) }

  /// What a store that has never seen the vault finds if its log is these bytes.
  func expect(
    _ expected: TamperResult, ofLog log: [UInt8], _ comment: @autoclosure () -> Comment,
    at location: SourceLocation = #_sourceLocation
  ) throws {
    try expect(expected, of: whole.file(withLog: log), comment(), at: location)
  }
}
