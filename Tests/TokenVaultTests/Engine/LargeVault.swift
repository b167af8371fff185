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
  /// Where the index ends.
  let indexEnd: Int
  let area: LogArea
  /// Each with its frame, without the zeros behind it.
  let commits: [Range<Int>]
  /// Where the next frame would begin.
  let logEnd: Int

  init(_ bytes: [UInt8]) throws {
    self.bytes = bytes
    headerEnd = try VaultHeader.decode(bytes.span).1
    snapshotEnd = headerEnd + 16 + Int(bytes.span.word(at: headerEnd))
    indexEnd = snapshotEnd + Int(bytes.span.word(at: headerEnd + 8))
    area = LogArea(behind: Int64(indexEnd), try VaultHeader.decode(bytes.span).header)
    var (commits, end) = ([Range<Int>](), Int(area.start) + LogArea.headSize)
    var extent: Int64 = 0
    while end < bytes.count {
      if let frame = LogFrame(bytes.span.extracting(end...)) {
        if frame.kind == .entry { commits.append(end..<end + frame.entrySize) }
        end += Int(LogFrame.room(sealing: frame.textSize))
      } else if area.end(ofExtent: extent) < bytes.count {
        extent += 1
        end = Int(area.start(ofExtent: extent)) + LogArea.headSize
      } else {
        break
      }
    }
    (self.commits, logEnd) = (commits, end)
  }

  /// Everything up to the first commit.
  var start: [UInt8] { Array(bytes[..<min(bytes.count, Int(area.start) + LogArea.headSize)]) }

  /// Everything up to the last commit.
  var used: [UInt8] { Array(bytes[..<min(bytes.count, logEnd)]) }

  /// Where the snapshot begins.
  var snapshotStart: Int { headerEnd + 16 }
  var snapshotSize: Int { snapshotEnd - snapshotStart }
  /// All of them, with their frames.
  var commitsSize: Int { logEnd - Int(area.start) - LogArea.headSize }

  /// The bytes of one commit, up to where the next one begins.
  func commit(_ index: Int) -> [UInt8] {
    let commit = Array(bytes[commits[index]])
    let rest = (LogFrame.size - commit.count % LogFrame.size) % LogFrame.size
    return commit + [UInt8](repeating: 0, count: rest)
  }

  /// The file with another log: bytes over the zeros behind the start.
  func file(withLog log: [UInt8]) -> [UInt8] {
    let used = start + log
    let size = max(bytes.count, used.count)
    return used + [UInt8](repeating: 0, count: size - used.count)
  }
}

/// A record with one of the shortest access tokens.
func smallToken(_ user: String, _ access: String = "1") throws -> OAuthToken {
  try token(#"{"user_name":"\#(user)","access_token":"\#(access)"}"#)
}
