@testable import TokenVault

/// Which file it is, and its bytes.
struct VaultFileState: Equatable {
  let inode: Int?
  let layout: FileLayout

  static func == (left: Self, right: Self) -> Bool {
    left.inode == right.inode && left.layout.bytes == right.layout.bytes
  }

  /// Whether this is the same file with so many commits more, and all else as it was.
  func extends(_ before: Self, by commits: Int) -> Bool {
    inode == before.inode && layout.bytes.starts(with: before.layout.used)
      && layout.commits.count == before.layout.commits.count + commits
  }

  /// Whether this is another file, without commits.
  func isReplaced(since before: Self) -> Bool {
    inode != before.inode && layout.commits.isEmpty
  }
}

/// Tests of which writes go behind the snapshot of a large vault, and which replace its file.
protocol AppendingSuite {
  var directory: TemporaryDirectory { get }
}

extension AppendingSuite {
  static var old: [String] { ["a", "b", "c", "d"] }
  var configuration: VaultConfiguration { directory.configuration() }

  func file() throws -> VaultFileState {
    VaultFileState(inode: try directory.inode(), layout: try directory.layout())
  }

  func generation() throws -> UInt64 { try Vault(configuration).status().generation }

  /// A record whose access token has so many bytes.
  func largeToken(_ user: String, size: Int) throws -> OAuthToken {
    try smallToken(user, String(repeating: "y", count: size))
  }
}
