import Foundation
import Testing

@testable import TokenVault

@Suite struct DirectoryCheckTests {
  private let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  private func make(_ name: String, mode: Int) throws {
    try FileManager.default.createDirectory(
      atPath: directory.file(name), withIntermediateDirectories: true)
    try FileManager.default.setAttributes(
      [.posixPermissions: mode], ofItemAtPath: directory.file(name))
  }

  private func fault(_ name: String) throws -> UnsafeDirectory? {
    var check = DirectoryCheck(disk: LinuxDisk())
    let first = try check.fault(onTheWayTo: directory.file(name), for: .vault)
    // What the first way has shown is not looked at again, and counts all the same.
    let second = try check.fault(onTheWayTo: directory.file(name), for: .vault)
    #expect(first == second)
    return first
  }

  @Test func linksAreFollowedToWhereTheyLeadAndBack() throws {
    try make("open", mode: 0o777)
    try make("own", mode: 0o755)
    for (link, target) in [
      ("in", "open"), ("out", "open/../own"), ("whole", directory.file("open")),
      ("own/up", "../own/./"), ("loop", "loop"), ("own/file", "../open/file"),
    ] {
      try FileManager.default.createSymbolicLink(
        atPath: directory.file(link), withDestinationPath: target)
    }
    for name in ["in/v", "in/new/v", "whole/v", "out/v", "own/../open/v", "own/file"] {
      #expect(try fault(name)?.path == directory.file("open"), "\(name)")
    }
    for name in ["own/v", "own/up/v", "own/../own/up/up/../own/v", "own/new/er/v"] {
      #expect(try fault(name) == nil, "\(name)")
    }
    #expect(throws: FileError.self) { _ = try fault("loop/v") }
  }

  @Test func aSaveOfAnOpenStoreLooksAtNoDirectory() throws {
    var calls: [[String]] = []
    for place in ["v", "a/b/c/d/e/f/v"] {
      try make(String(place.dropLast(2)), mode: 0o700)
      var configuration = directory.configuration(place)
      let disk = CuttingDisk()
      configuration.disk = disk
      let vault = try Vault.create(configuration)
      try vault.save(token(#"{"access_token":"1"}"#))
      let before = disk.calls.count
      try vault.save(token(#"{"access_token":"2"}"#))
      #expect(try vault.findToken(id: "1") != nil)
      calls.append(Array(disk.calls[before...]))
    }
    #expect(calls[0] == calls[1])
  }

  @Test func aConfigurationMayAllowTheVaultsDirectoryToBeShared() throws {
    try make("shared", mode: 0o777)
    var configuration = directory.configuration("shared/v")
    configuration.key = .file(directory.file("key"))
    #expect(throws: TokenVaultError.self) { _ = try Vault.create(configuration) }
    #expect(try directory.names == ["shared"])
    configuration.allowsSharedDirectory = true
    let vault = try Vault.create(configuration)
    let shared = try #require(try vault.status().sharedDirectory)
    #expect(shared.hasPrefix("'\(directory.file("shared"))' is not safe"))
    try make("shared", mode: 0o700)
    #expect(try vault.status().sharedDirectory == nil)
  }
}
