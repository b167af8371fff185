import Foundation
import Testing

@testable import TokenVault
@testable import VaultCrypto

/// Vaults with megabytes behind their last commit, which are read a megabyte at a time.
@Suite struct LongTailTests {
  private let directory: TemporaryDirectory
  private let vault: FileLayout
  private static let megabyte = 1 << 20

  init() throws {
    directory = try TemporaryDirectory()
    try directory.largeVault().save(smallToken("e"))
    vault = try directory.layout()
  }

  private func users(with tail: [UInt8]) throws -> [String] {
    try directory.write(vault.start + vault.commit(0) + tail, to: "tokens.vault")
    return try directory.users()
  }

  /// A commit that another process would write two saves later.
  private func laterFrame() throws -> [UInt8] {
    try directory.write(vault.bytes, to: "tokens.vault")
    let store = try Vault(directory.configuration())
    for user in ["f", "g"] { try store.save(smallToken(user)) }
    return Array(try directory.layout().commit(2)[..<LogFrame.size])
  }

  @Test func megabytesThatWereNeverWrittenAreASaveThatWasNeverAcknowledged() throws {
    for count in [Self.megabyte - 1, Self.megabyte, Self.megabyte + 1, 3 * Self.megabyte + 5] {
      let tail = [UInt8](repeating: 0, count: count)
      #expect(try users(with: tail) == ["a", "b", "c", "d", "e"], "\(count) bytes")
    }
  }

  @Test func aLaterCommitBehindMegabytesOfZerosIsDamageWhereverTheReadingCutsIt() throws {
    let frame = try laterFrame()
    // The first piece begins with the first commit, and a later one 31 bytes before the end of the one before it.
    let border = Self.megabyte - vault.commits[0].count
    for shift in [-32, -31, -16, -1, 0, 1, 31] {
      for border in [border, border + Self.megabyte] {
        var tail = [UInt8](repeating: 0, count: 2 * Self.megabyte + 100)
        tail.replaceSubrange(border + shift..<border + shift + frame.count, with: frame)
        #expect(throws: TokenVaultError.self, "at \(border) + \(shift)") {
          try users(with: tail)
        }
      }
    }
  }

  @Test func aLongTailWithoutARunOfZerosIsDamageAndOneRunAtTheBorderOfAPieceIsNone() throws {
    let noise = [UInt8](repeating: 0xA5, count: 2 * Self.megabyte)
    #expect(throws: TokenVaultError.self) { try users(with: noise) }
    let border = Self.megabyte - vault.commits[0].count
    for shift in [-40, -31, -16, -8, 0] {
      var tail = noise
      let run = border + shift..<border + shift + 16
      tail.replaceSubrange(run, with: repeatElement(0, count: 16))
      #expect(try users(with: tail).count == 5, "at \(shift)")
    }
  }

  @Test func aCommitOfMegabytesIsReadAsItWasWritten() throws {
    try directory.write(vault.bytes, to: "tokens.vault")
    let store = try Vault(directory.configuration())
    // Room for a commit is as much as the snapshot has.
    let long = String(repeating: "y", count: 900_000)
    try store.save(
      ["h", "i", "j", "k", "l"].map {
        try token(#"{"user_name":"\#($0)","access_token":"\#(long)"}"#)
      })
    try store.compact()
    let inode = try directory.inode()
    try store.save(
      ["h", "i"].map { try token(#"{"user_name":"\#($0)","access_token":"z\#(long)"}"#) })
    #expect(try directory.inode() == inode, "it was appended")
    #expect(try directory.layout().commits[0].count > Self.megabyte + 600_000)
    let read = try Vault(directory.configuration())
    #expect(
      try read.findToken(matching: TokenQuery(userName: "i"))?.accessToken?.revealed == "z\(long)")
    #expect(try directory.users().count == 10)
  }
}
