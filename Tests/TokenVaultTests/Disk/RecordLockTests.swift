import Foundation
import Testing

@testable import TokenVault

@Suite struct RecordLockTests {
  let directory: TemporaryDirectory
  let vault: Vault

  init() throws {
    directory = try TemporaryDirectory()
    vault = try Vault.create(directory.configuration())
  }

  /// SHA-256 by another implementation.
  @Test func theByteOfARecordIsTheOneThatFileFormatTells() throws {
    #expect(
      try StoreID(text: "0123456789abcdef0123456789abcdef").lockByte(ofRecord: "1")
        == 1_859_913_264_502_236_267)
    #expect(
      try StoreID(text: String(repeating: "0", count: 32)).lockByte(ofRecord: "ä\n")
        == 1_930_782_797_102_636_717)
  }

  @Test func aRecordsLockKeepsOutOnlyWhoWantsTheSameRecord() throws {
    var first = try vault.attemptLock(ofRecord: "1")
    #expect(first != nil)
    let other = try Vault(directory.configuration())
    #expect(try other.attemptLock(ofRecord: "1") == nil)
    #expect(try vault.attemptLock(ofRecord: "1") == nil, "not even the same store")
    let second = try other.attemptLock(ofRecord: "2")
    #expect(second != nil)
    try other.save(token(#"{"access_token":"1"}"#), ifRevision: nil)
    first = nil
    #expect(try other.attemptLock(ofRecord: "1") != nil)
    withExtendedLifetime((first, second)) {}
  }

  @Test func aLockOnALockFileThatWasRemovedSaysSoAndStillCountsInItsProcess() throws {
    var first = try vault.attemptLock(ofRecord: "1")
    #expect(try first?.isCurrent() == true)
    try FileManager.default.removeItem(atPath: directory.file("tokens.vault.lock"))
    #expect(try first?.isCurrent() == false)
    let other = try Vault(directory.configuration())
    #expect(try other.attemptLock(ofRecord: "1") == nil)
    first = nil
    #expect(try other.attemptLock(ofRecord: "1")?.isCurrent() == true)
  }

  @Test func aProcessThatIsKilledLetsItsRecordGoAtOnce() async throws {
    let path = directory.path
    await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String] in
      try synchronously {
        let vault = try Vault(VaultConfiguration(in: path))
        guard let lock = try vault.attemptLock(ofRecord: "1") else { return }
        kill(getpid(), SIGKILL)
        withExtendedLifetime(lock) {}
      }
    }
    #expect(try vault.attemptLock(ofRecord: "1") != nil)
  }
}
