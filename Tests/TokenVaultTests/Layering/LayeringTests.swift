import Foundation
import Testing

@testable import TokenVault

/// Data flows one way. SwiftPM lets a target import whatever is below it, so the sources are read.
@Suite struct LayeringTests {
  private func sources(_ folder: String) throws -> [(name: String, text: String)] {
    let root = packageRoot.appending(path: "Sources/\(folder)")
    let files = try #require(
      FileManager.default.enumerator(at: root, includingPropertiesForKeys: nil))
    return try files.compactMap { $0 as? URL }.filter { $0.pathExtension == "swift" }
      .map { ($0.lastPathComponent, try String(contentsOf: $0, encoding: .utf8)) }
  }

  private func imports(_ text: String) -> Set<String> {
    Set(
      text.split(separator: "\n").compactMap { line in
        // Not an example of the command in a text.
        let words = line.contains("\"") ? [] : line.split(separator: " ")
        guard let index = words.firstIndex(of: "import"), index <= 1, index + 1 < words.count else {
          return nil
        }
        return String(words[index + 1])
      })
  }

  @Test func onlyVaultCryptoImportsOpenSSL() throws {
    let folders = [
      "TokenRecords", "TokenVault", "TokenVaultHTTP", "TokenImporters", "TokenVaultCLI",
    ]
    for folder in folders {
      for (name, text) in try sources(folder) {
        #expect(!imports(text).contains("COpenSSL"), "\(name)")
      }
    }
  }

  @Test func noLibraryOrCommandImportsFoundation() throws {
    let folders = [
      "VaultCrypto", "TokenRecords", "TokenVault", "TokenVaultHTTP", "TokenImporters",
      "TokenVaultConfiguration", "TokenVaultLogging", "TokenVaultCLI",
    ]
    for folder in folders {
      for (name, text) in try sources(folder) {
        #expect(!imports(text).contains("Foundation"), "\(name)")
      }
    }
  }

  @Test func onlyTokenVaultHTTPKnowsAnHTTPClient() throws {
    for folder in ["VaultCrypto", "TokenRecords", "TokenVault", "TokenVaultCLI"] {
      for (name, text) in try sources(folder) {
        #expect(!imports(text).contains("CCurl"), "\(name)")
        #expect(folder == "TokenVaultCLI" || !imports(text).contains("TokenVaultHTTP"), "\(name)")
      }
    }
    let allowed: Set = [
      "TokenVault", "VaultCrypto", "CCurl", "Glibc", "Synchronization",
    ]
    for (name, text) in try sources("TokenVaultHTTP") {
      #expect(imports(text).isSubset(of: allowed), "\(name)")
    }
  }

  @Test func onlyTheModulesBehindTraitsKnowTheirPackages() throws {
    let modules = [
      "TokenVaultConfiguration": "Configuration", "TokenVaultLogging": "Logging",
    ]
    for (folder, package) in modules {
      let allowed: Set = ["TokenRecords", "TokenVault", package]
      for (name, text) in try sources(folder) {
        #expect(imports(text).isSubset(of: allowed), "\(name)")
        // So that a build without the trait needs nothing of the package.
        #expect(text.hasPrefix("#if \(package)\n") && text.hasSuffix("\n#endif\n"), "\(name)")
      }
    }
    let folders = [
      "VaultCrypto", "TokenRecords", "TokenVault", "TokenVaultHTTP", "TokenVaultFoundation",
      "TokenImporters", "TokenVaultCLI",
    ]
    for folder in folders {
      for (name, text) in try sources(folder) {
        #expect(imports(text).isDisjoint(with: Set(modules.values)), "\(name)")
      }
    }
  }

  @Test func onlyTheCommandKnowsTheImporters() throws {
    for folder in ["VaultCrypto", "TokenRecords", "TokenVault", "TokenVaultHTTP"] {
      for (name, text) in try sources(folder) {
        #expect(imports(text).isDisjoint(with: ["TokenImporters", "CSQLite"]), "\(name)")
      }
    }
    let allowed: Set = ["TokenRecords", "TokenVault", "CSQLite", "Glibc"]
    for (name, text) in try sources("TokenImporters") {
      #expect(imports(text).isSubset(of: allowed), "\(name)")
    }
  }

  @Test func theCommandKnowsOnlyTheStore() throws {
    let allowed: Set = [
      "TokenVault", "TokenVaultHTTP", "TokenImporters", "ArgumentParser", "Glibc",
      "Synchronization",
    ]
    var hidden: Set<String> = []
    for (_, text) in try ["Format", "Disk", "Keys", "Engine"].flatMap({
      try sources("TokenVault/\($0)")
    }) {
      hidden.formUnion(SourceNames(text).hiddenTypes)
    }
    for (name, text) in try sources("TokenVaultCLI") {
      #expect(imports(text).isSubset(of: allowed), "\(name)")
      // What they have that is public belongs to the interface.
      #expect(SourceNames(text).words.isDisjoint(with: hidden), "\(name)")
    }
  }

  @Test func eachRoomUsesOnlyTheTypesAndMembersOfThoseThatTheTableAllows() throws {
    let rooms = try RoomTable.allowed.keys.map { ($0, try sources(RoomTable.path(of: $0))) }
    #expect(rooms.allSatisfy { !$0.1.isEmpty })
    #expect(RoomTable.violations(in: Dictionary(uniqueKeysWithValues: rooms)) == [])
    let folders = try ["TokenRecords", "TokenVault"].flatMap {
      try FileManager.default.contentsOfDirectory(
        atPath: packageRoot.appending(path: "Sources/\($0)").path)
    }
    #expect(
      Set(folders) == Set(RoomTable.allowed.keys).union(["TokenVault.docc", "Exports.swift"]))
  }

  @Test func aTypeOrAMemberOfALaterRoomIsFound() {
    let engine = """
      struct WriteTransaction {}
      extension TokenTable {
        func commitToDisk() {}
        private func unseen() {}
      }
      """
    func violations(_ table: String) -> [String] {
      RoomTable.violations(
        in: ["Table": [("TokenTable", table)], "Engine": [("WriteTransaction", engine)]])
    }
    #expect(violations("struct TokenTable { var x: WriteTransaction? }").count == 1)
    #expect(violations("func f(t: TokenTable) { t.commitToDisk() }").count == 1)
    #expect(violations("// WriteTransaction\nlet x = \"\\u{1}.commitToDisk\"; y.unseen()") == [])
    #expect(violations("struct TokenTable { func commitToDisk() {} }; x.commitToDisk()") == [])
  }

  @Test func onlyOneFileMakesSystemCallsOnFiles() throws {
    for (name, text) in try sources("TokenVault/Format") {
      #expect(!imports(text).contains("Glibc"), "\(name)")
    }
    let calls: Set<String> = ["fcntl", "lstat", "fstat", "fsync", "unlink", "fchmod", "mkdir"]
    for (name, text) in try sources("TokenVault") where !name.hasPrefix("LinuxDisk") {
      let called = calls.filter { text.contains(" \($0)(") }
      #expect(called.isEmpty, "\(name) calls \(called)")
    }
    for (name, text) in try sources("TokenVault") where name != "InotifyInstance.swift" {
      #expect(!SourceNames(text).words.contains("inotify"), "\(name) watches files")
    }
  }
}
