import Foundation
import Glibc
import VaultCrypto

@testable import TokenVault

/// What programs do with a vault, each with a store of its own that is let go at the end.
struct MemoryOperation: Sendable {
  let path: String

  private var configuration: VaultConfiguration { VaultConfiguration(in: path) }

  private func open() throws -> Vault { try Vault(configuration) }

  var all: [(String, () throws -> Void)] {
    [
      ("open", { _ = try open() }),
      ("find", { _ = try open().findToken(id: "1") }),
      ("find often", { try findOften() }),
      ("list", { for token in try open().allTokens() { _ = token.description } }),
      ("check", { _ = try open().check() }),
      ("export", { try export() }),
      ("save", { try save() }),
      ("refresh", { try refresh() }),
      ("refused refresh", { try refuse() }),
      ("watch", { try watch() }),
      ("convert", { try convert() }),
      ("compact", { _ = try open().compact() }),
      ("rotate", { _ = try open().rotate() }),
      ("restore", { try restore() }),
      ("delete", { try open().deleteToken(id: "1") }),
      ("repair", { try repair() }),
    ]
  }

  private func findOften() throws {
    let vault = try open()
    for _ in 0..<6 { _ = try vault.findToken(matching: TokenQuery(userName: "u2")) }
  }

  private func export() throws {
    for format in RecordFormat.allCases {
      try PlaintextFile.create(
        "\(path)/out.\(format)", open().allTokens(), as: .records(format))
    }
  }

  private func save() throws {
    var text = try RecordInput.file("\(path)/input").read()
    try open().save(text.records(as: nil).tokens)
  }

  private func refresh() throws {
    let answer = path + "/answer"
    _ = try open().waitForFreshToken(for: TokenQuery(userName: "u2"), force: true) { _ in
      var bytes = [UInt8](repeating: 0, count: 1000)
      let file = unsafe Glibc.open(answer, O_RDONLY)
      let count = unsafe read(file, &bytes, bytes.count)
      close(file)
      defer { bytes.cleanse() }
      return try RefreshAnswer(bytes.span.extracting(0..<count))
    }
  }

  /// The server's message is searched for secrets of the record, which it must not repeat.
  private func refuse() throws {
    _ = try? open().waitForFreshToken(for: TokenQuery(userName: "u1"), force: true) { _ in
      throw TokenEndpointError(code: "invalid_grant", explanation: "a message of some words")
    }
  }

  /// The new record is a change, and one more is what another process did meanwhile.
  private func watch() throws {
    var reader = try open().changeReader()
    try open().deleteToken(id: "3")
    _ = try reader.next()
  }

  private func convert() throws {
    let vault = try open()
    let format = try vault.status().format
    try vault.convert(to: format == .json ? .csv : .json)
  }

  private func restore() throws {
    try FileManager.default.copyItem(atPath: configuration.path, toPath: path + "/copy")
    try open().save(smallToken("new"))
    _ = try Vault.restore(configuration, from: path + "/copy")
  }

  private func repair() throws {
    var damaged = configuration
    damaged.path = path + "/damaged"
    _ = try? Vault.repair(damaged)
  }
}
