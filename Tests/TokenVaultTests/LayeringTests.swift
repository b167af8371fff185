import Foundation
import Testing

@testable import TokenVault

/// Data flows one way. SwiftPM lets a target import whatever is below it, so the sources are read.
@Suite struct LayeringTests {
  private static let stages = ["Records", "Codecs", "Format", "VaultFile", "Keys", "Store"]

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
        let words = line.split(separator: " ")
        guard let index = words.firstIndex(of: "import"), index <= 1, index + 1 < words.count else {
          return nil
        }
        return String(words[index + 1])
      })
  }

  /// The types that a text declares at its outermost level.
  private func types(_ text: String, publicToo: Bool = true) -> Set<String> {
    Set(
      text.split(separator: "\n").compactMap { line in
        guard line.first != " ", line.first != "/", !line.hasPrefix("private"),
          publicToo || !line.hasPrefix("public")
        else { return nil }
        let words = line.split(whereSeparator: { !$0.isLetter && !$0.isNumber })
        let kinds: Set<Substring> = ["struct", "class", "enum", "protocol", "actor"]
        guard let index = words.firstIndex(where: kinds.contains), index + 1 < words.count else {
          return nil
        }
        return String(words[index + 1])
      })
  }

  @Test func onlyVaultCryptoImportsOpenSSL() throws {
    for folder in ["TokenVault", "TokenVaultHTTP", "TokenVaultCLI"] {
      for (name, text) in try sources(folder) {
        #expect(!imports(text).contains("COpenSSL"), "\(name)")
      }
    }
  }

  @Test func noLibraryOrCommandImportsFoundation() throws {
    for folder in ["VaultCrypto", "TokenVault", "TokenVaultHTTP", "TokenVaultCLI"] {
      for (name, text) in try sources(folder) {
        #expect(!imports(text).contains("Foundation"), "\(name)")
      }
    }
  }

  @Test func onlyTokenVaultHTTPKnowsAnHTTPClient() throws {
    for folder in ["VaultCrypto", "TokenVault", "TokenVaultCLI"] {
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

  @Test func theCommandKnowsOnlyTheStore() throws {
    let allowed: Set = [
      "TokenVault", "TokenVaultHTTP", "ArgumentParser", "Glibc", "Synchronization",
    ]
    for (name, text) in try sources("TokenVaultCLI") {
      #expect(imports(text).isSubset(of: allowed), "\(name)")
      for stage in ["Format", "VaultFile", "Keys"] {
        // What they have that is public belongs to the store's interface.
        for type in try sources("TokenVault/\(stage)").flatMap({ types($0.text, publicToo: false) })
        {
          #expect(!words(text).contains(type), "\(name) knows \(type) of \(stage)")
        }
      }
    }
  }

  @Test func eachStageKnowsOnlyThoseBeforeIt() throws {
    for (index, stage) in Self.stages.enumerated() {
      let later = try Self.stages[(index + 1)...].flatMap { later in
        try sources("TokenVault/\(later)").flatMap { types($0.text) }
      }
      for (name, text) in try sources("TokenVault/\(stage)") {
        for type in later { #expect(!words(text).contains(type), "\(stage)/\(name) knows \(type)") }
      }
    }
  }

  @Test func theFormatKnowsNoRecordsAndOnlyOneFileMakesSystemCallsOnFiles() throws {
    for (name, text) in try sources("TokenVault/Format") {
      #expect(!words(text).contains("OAuthToken"), "\(name)")
      #expect(!imports(text).contains("Glibc"), "\(name)")
    }
    let calls: Set<String> = ["fcntl", "lstat", "fstat", "fsync", "unlink", "fchmod", "mkdir"]
    for (name, text) in try sources("TokenVault") where !name.hasPrefix("LinuxDisk") {
      let called = calls.filter { text.contains(" \($0)(") }
      #expect(called.isEmpty, "\(name) calls \(called)")
    }
    for (name, text) in try sources("TokenVault") where name != "InotifyInstance.swift" {
      #expect(!words(text).contains("inotify"), "\(name) watches files")
    }
  }

  /// The words of the code, comments left out.
  private func words(_ text: String) -> Set<String> {
    let code = text.split(separator: "\n").map { line in
      line.range(of: "//").map { line[..<$0.lowerBound] } ?? line
    }
    return Set(code.joined(separator: " ").split { !$0.isLetter && !$0.isNumber }.map(String.init))
  }
}
