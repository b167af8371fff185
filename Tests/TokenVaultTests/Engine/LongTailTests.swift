import Foundation
import Testing

@testable import TokenVault
@testable import VaultCrypto

/// Vaults with megabytes behind their last commit, which are read a megabyte at a time.
@Suite struct LongTailTests {
  private let directory: TemporaryDirectory
  private let vault: FileLayout
  private static let megabyte = 1 << 20
  private static let old = ["a", "b", "c", "d", "e"]

  init() throws {
    directory = try TemporaryDirectory()
    try directory.largeVault().save(smallToken("e"))
    vault = try directory.layout()
  }

  private func users(withTail tail: [UInt8]) throws -> [String] {
    try directory.write(vault.used + tail, to: "tokens.vault")
    try directory.forgetGenerations()
    return try directory.users()
  }

  /// A commit that another process would write two saves later, and that says that the one before was flushed.
  private func laterCommit() throws -> [UInt8] {
    try directory.write(vault.bytes, to: "tokens.vault")
    let store = try Vault(directory.configuration())
    for user in ["f", "g"] { try store.save(smallToken(user)) }
    return try directory.layout().commit(2)
  }

  @Test func megabytesOfZerosAreNoCommits() throws {
    for count in [Self.megabyte - 1, Self.megabyte, Self.megabyte + 1, 3 * Self.megabyte + 5] {
      let tail = [UInt8](repeating: 0, count: count)
      #expect(try users(withTail: tail) == Self.old, "\(count) bytes")
    }
  }

  @Test func aLaterCommitBehindMegabytesIsDamageWhereverTheReadingCutsIt() throws {
    let commit = try laterCommit()
    // A window begins with the first commit.
    let border = Self.megabyte - vault.commits[0].count / LogFrame.size * LogFrame.size
    for byte: UInt8 in [0, 0xA5] {
      for shift in [-10, -2, -1, 0, 1] {
        for border in [border, border + Self.megabyte] {
          var tail = [UInt8](repeating: byte, count: 2 * Self.megabyte + 4096)
          let place = border / LogFrame.size * LogFrame.size + shift * LogFrame.size
          tail.replaceSubrange(place..<place + commit.count, with: commit)
          #expect(throws: TokenVaultError.self, "at \(place) among \(byte)") {
            try users(withTail: tail)
          }
        }
      }
    }
  }

  @Test func aLaterCommitThatIsDamagedOrAtNoPlaceOfAFrameProvesNothing() throws {
    var commit = try laterCommit()
    var tail = [UInt8](repeating: 0, count: 5000)
    tail.replaceSubrange(1001..<1001 + commit.count, with: commit)
    #expect(try users(withTail: tail) == Self.old)
    commit[LogFrame.size] ^= 1
    tail = [UInt8](repeating: 0, count: 5000)
    tail.replaceSubrange(1024..<1024 + commit.count, with: commit)
    #expect(try users(withTail: tail) == Self.old)
  }

  @Test func whatOnlyLooksLikeManyLongCommitsIsRefusedBeforeItTakesLong() throws {
    let frame = LogFrame(
      .entry, textSize: 200_000, number: 60_000, flushed: 59_999,
      tagBefore: [UInt8](repeating: 1, count: LogFrame.tagSize),
      nonce: [UInt8](repeating: 2, count: XAES256GCM.nonceSize))
    let bytes = frame.associatedData + frame.nonce
    let tail = (0..<4096).flatMap { _ in bytes }
    #expect(throws: TokenVaultError.self) { try users(withTail: tail) }
  }

  @Test func aCommitLargerThanHalfAnExtentReplacesTheFile() throws {
    try directory.write(vault.bytes, to: "tokens.vault")
    let store = try Vault(directory.configuration())
    let inode = try directory.inode()
    let long = String(repeating: "y", count: 100_000)
    try store.save(
      ["h", "i"].map { try token(#"{"user_name":"\#($0)","access_token":"\#(long)"}"#) })
    #expect(try directory.inode() != inode)
    #expect(try directory.users() == Self.old + ["h", "i"])
  }
}
