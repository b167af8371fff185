import Foundation
import Testing

@testable import TokenVault

/// Who may reach the files, where they are, and who may write them.
@Suite struct VaultFileTests {
  let directory: TemporaryDirectory
  var configuration: VaultConfiguration { directory.configuration() }

  init() throws { directory = try TemporaryDirectory() }

  /// In a process of its own, whose umask no other test has.
  @Test(arguments: [0o000, 0o022, 0o277, 0o777])
  func filesAreTheOwnersAloneWhateverTheUmask(_ mask: Int) async throws {
    await #expect(processExitsWith: .success) {
      [path = directory.path as String, mask = mask as Int] in
      try synchronously {
        umask(mode_t(mask))
        let vault = try Vault.create(VaultConfiguration(in: path))
        try vault.save(token(#"{"access_token":"1"}"#))
        try vault.save(token(#"{"access_token":"2"}"#))
      }
    }
    let names = try directory.names
    #expect(names.count > 2)
    for name in names {
      let attributes = try FileManager.default.attributesOfItem(atPath: directory.file(name))
      #expect(attributes[.posixPermissions] as? Int == 0o600, "\(name)")
    }
  }

  @Test(arguments: ["tokens.vault", "tokens.vault.key", "tokens.vault.lock"])
  func aFileThatOthersCanReachIsRefusedWithTheCommandThatEndsIt(_ name: String) throws {
    let vault = try Vault.create(configuration)
    try vault.save(token(#"{"access_token":"1"}"#))
    for mode in [0o640, 0o604, 0o660, 0o610, 0o601] {
      try FileManager.default.setAttributes(
        [.posixPermissions: mode], ofItemAtPath: directory.file(name))
      let error = #expect(throws: TokenVaultError.self) {
        try Vault(configuration).save(token(#"{"access_token":"2"}"#))
      }
      #expect(error?.hint == "chmod 600 '\(directory.file(name))'")
    }
  }

  @Test func theRenameHappensWhereASymbolicLinkPoints() throws {
    try FileManager.default.createDirectory(
      atPath: directory.file("real"), withIntermediateDirectories: false)
    try FileManager.default.createSymbolicLink(
      atPath: directory.file("tokens.vault"), withDestinationPath: "real/there.vault")
    let vault = try Vault.create(configuration)
    try vault.save(token(#"{"access_token":"1"}"#))
    #expect(
      try FileManager.default.destinationOfSymbolicLink(atPath: directory.file("tokens.vault"))
        == "real/there.vault")
    #expect(FileManager.default.fileExists(atPath: directory.file("real/there.vault")))
    #expect(try Vault(configuration).allTokens().count == 1)
  }

  @Test func aLinkThatLeadsInACircleIsAnError() throws {
    try FileManager.default.createSymbolicLink(
      atPath: directory.file("tokens.vault"), withDestinationPath: "tokens.vault")
    #expect(throws: TokenVaultError.self) { try Vault.create(configuration) }
  }

  @Test func theWriterLockTimesOutWithItsHolderAndIsFreeAgainAfterwards() throws {
    _ = try Vault.create(configuration)
    var impatient = configuration
    impatient.lockTimeout = .zero
    let vault = try Vault(impatient)
    let file = try VaultFile(path: configuration.path, disk: LinuxDisk())
    do {
      let lock = try file.lock(timeout: .seconds(60))
      let error = #expect(throws: TokenVaultError.self) {
        try vault.save(token(#"{"access_token":"1"}"#))
      }
      #expect(error == .lockTimeout(path: configuration.path, seconds: 0, holder: nil))
      #expect(try vault.allTokens().isEmpty, "readers take no lock")
      withExtendedLifetime(lock) {}
    }
    let patient = try Vault(configuration)
    #expect(try patient.save(token(#"{"access_token":"1"}"#)).change == .inserted)
  }

  @Test func aLockOnALockFileThatWasRemovedKeepsNobodyOutAndIsNotReliedOn() throws {
    let vault = try Vault.create(configuration)
    let file = try VaultFile(path: configuration.path, disk: LinuxDisk())
    let stale = try file.lock(timeout: .seconds(60))
    try FileManager.default.removeItem(atPath: directory.file("tokens.vault.lock"))
    #expect(try vault.save(token(#"{"access_token":"1"}"#)).change == .inserted)
    withExtendedLifetime(stale) {}
  }

  @Test func aNameThatBeginsWithACombiningMarkIsInItsOwnDirectory() throws {
    let location = try VaultLocation(resolving: "/tmp/\u{301}v", disk: LinuxDisk())
    #expect(location.directory == "/tmp" && location.path.utf8.elementsEqual("/tmp/\u{301}v".utf8))
    let vault = try Vault.create(directory.configuration("\u{301}v"))
    #expect(try vault.save(token(#"{"access_token":"1"}"#)).change == .inserted)
  }

  @Test func hintsAreCommandsThatRunWhateverThePathIs() throws {
    let vault = try Vault.create(directory.configuration("it's"))
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o644], ofItemAtPath: directory.file("it's"))
    let error = #expect(throws: TokenVaultError.self) {
      try Vault(directory.configuration("it's"))
    }
    let process = Process()
    process.executableURL = URL(filePath: "/bin/sh")
    process.arguments = ["-c", try #require(error?.hint)]
    try process.run()
    process.waitUntilExit()
    #expect(try vault.allTokens().isEmpty)
    #expect(try Vault(directory.configuration("it's")).allTokens().isEmpty)
  }
}
