import Foundation

@testable import TokenVault

extension TemporaryDirectory {
  /// A vault with a record each of the users `a`, `b`, `c` and `d`, whose saves are appended: its snapshot ends behind
  /// the first 64 KiB. Its generation is 2.
  @discardableResult
  func largeVault(
    _ configuration: VaultConfiguration? = nil, format: RecordFormat = .json
  ) throws -> Vault {
    let vault = try Vault.create(configuration ?? self.configuration(), format: format)
    let long = String(repeating: "x", count: 20_000)
    try vault.save(
      ["a", "b", "c", "d"].map { user in
        try token(#"{"user_name":"\#(user)","access_token":"\#(user)\#(long)"}"#)
      })
    return vault
  }

  /// The users of the vault's records, as a new store reads them.
  func users() throws -> [String] {
    try Vault(configuration()).allTokens().compactMap(\.userName)
  }

  /// The vault's bytes, and where its parts are.
  func layout() throws -> FileLayout { try FileLayout(bytes("tokens.vault")) }

  /// Which file has the vault's name.
  func inode() throws -> Int? {
    let attributes = try FileManager.default.attributesOfItem(atPath: file("tokens.vault"))
    return attributes[.systemFileNumber] as? Int
  }
}

/// A vault's bytes, and where its parts are.
struct FileLayout {
  let bytes: [UInt8]
  let headerEnd: Int
  let snapshotEnd: Int
  /// Where the index ends, and the log begins.
  let logStart: Int
  /// Each with its frame.
  let commits: [Range<Int>]

  init(_ bytes: [UInt8]) throws {
    func length(at offset: Int) -> Int {
      bytes[offset..<offset + 8].reduce(0) { $0 << 8 | Int($1) }
    }
    self.bytes = bytes
    headerEnd = try VaultHeader.decode(bytes.span).1
    snapshotEnd = headerEnd + 16 + length(at: headerEnd)
    logStart = snapshotEnd + length(at: headerEnd + 8)
    var (commits, end) = ([Range<Int>](), logStart)
    while end < bytes.count {
      commits.append(end..<end + 32 + length(at: end))
      end = commits.last?.upperBound ?? bytes.count
    }
    self.commits = commits
  }

  /// The header, the snapshot and the index.
  var start: [UInt8] { Array(bytes[..<logStart]) }

  /// Where the snapshot begins.
  var snapshotStart: Int { headerEnd + 16 }
  var snapshotSize: Int { snapshotEnd - snapshotStart }
  /// All of them, with their frames.
  var commitsSize: Int { bytes.count - logStart }

  /// The bytes of one commit.
  func commit(_ index: Int) -> [UInt8] { Array(bytes[commits[index]]) }
}

/// A record with one of the shortest access tokens.
func smallToken(_ user: String, _ access: String = "1") throws -> OAuthToken {
  try token(#"{"user_name":"\#(user)","access_token":"\#(access)"}"#)
}
