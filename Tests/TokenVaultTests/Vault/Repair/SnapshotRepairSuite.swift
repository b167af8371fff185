import Foundation

@testable import TokenVault

/// Tests that repair a vault whose snapshot is damaged, or what is before it.
protocol SnapshotRepairSuite {
  var directory: TemporaryDirectory { get }
}

extension SnapshotRepairSuite {
  var name: String { "tokens.vault" }
  var path: String { directory.file(name) }
  var configuration: VaultConfiguration { directory.configuration() }

  /// A vault of so many records; every user's name has `more` in it.
  func makeVault(
    _ format: RecordFormat, _ count: Int = 600, more: String = #" "q", "#,
    limits: RetentionPolicy = RetentionPolicy()
  ) throws -> SnapshotText {
    let vault = try Vault.create(configuration, format: format)
    try vault.setPolicy(limits)
    var tokens: [OAuthToken] = []
    for index in 1...count {
      var token = OAuthToken()
      token.userName = "u\(index)\(more)"
      token.accessToken = Secret(String(repeating: "t", count: 100 + index % 7))
      tokens.append(token)
    }
    try vault.save(tokens)
    return try SnapshotText(vault)
  }

  var limits: RetentionPolicy {
    var limits = RetentionPolicy()
    limits.idle = .seconds(86_400)
    return limits
  }

  func ids() throws -> [String] {
    try Vault(configuration).allTokens().compactMap(\.id)
  }

  /// Puts a damaged vault there, as if nothing had been there before.
  func put(_ bytes: [UInt8]) throws {
    for name in try directory.names where name.hasPrefix("\(self.name).") && !name.hasSuffix("key")
    {
      try FileManager.default.removeItem(atPath: directory.file(name))
    }
    try directory.forgetGenerations()
    try directory.write(bytes, to: name)
  }
}
