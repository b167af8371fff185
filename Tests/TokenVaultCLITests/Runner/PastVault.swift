import Foundation

@testable import TokenVault

extension CommandRunner {
  /// Saves records in the standard vault, or one elsewhere, as if that had been so many seconds ago; makes the vault at first.
  func save(
    _ records: String..., secondsAgo: Int64, at path: String? = nil, key: String? = nil
  ) throws {
    var configuration = VaultConfiguration(
      path: path ?? standardVault, key: .file(key ?? file("key")))
    configuration.locations = StandardLocations { [home] in
      $0 == "XDG_STATE_HOME" ? "\(home)/state" : nil
    }
    let now = Timestamp.now.adding(seconds: -secondsAgo) ?? .now
    configuration.now = { now }
    let (vault, _) = try Vault.openCreatingIfNeeded(configuration)
    for record in records {
      try vault.save(try RecordFormat.json.decode(Array(record.utf8).span, now: now))
    }
  }

  /// What lets the command open that vault.
  var key: [String: String] { ["TOKENVAULT_KEY_FILE": file("key")] }

  /// How often the standard vault has been written.
  func generation() throws -> Int? {
    try run("status", "--json", environment: key).output.json(as: [String: Any].self)?[
      "generation"] as? Int
  }
}
