import Foundation
import TokenVault

/// A vault in a directory of its own, with ann's record, whose access token has expired.
final class ScratchVault: Sendable {
  /// Begins every secret, and stands in no other text.
  static let canary = "c4n4ry"
  static let user = "ann.lee@example.com"

  private let directory: URL
  let configuration: VaultConfiguration

  init(saving: Bool = true) async throws {
    directory = FileManager.default.temporaryDirectory.appending(
      path: "tokenvault-traits-\(UUID().uuidString)")
    try FileManager.default.createDirectory(
      at: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    _ = Self.hasOwnState
    configuration = VaultConfiguration(
      path: directory.appending(path: "tokens.vault").path,
      key: .file(directory.appending(path: "tokens.key").path), lockTimeout: .seconds(60))
    if saving { try await Vault.create(configuration).save(Self.record()) }
  }

  deinit { try? FileManager.default.removeItem(at: directory) }

  /// What the tests' vaults remember is not kept in the home directory.
  private static let hasOwnState: Bool = {
    let path = FileManager.default.temporaryDirectory.appending(
      path: "tokenvault-traits-state-\(UUID().uuidString)"
    ).path
    let isMade: ()? = try? FileManager.default.createDirectory(
      atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    return isMade != nil && setenv("TOKENVAULT_STATE_DIR", path, 1) == 0
  }()

  static func record(_ user: String = user, access: String = "a0") -> OAuthToken {
    var token = OAuthToken()
    token.userName = user
    token.clientID = "web"
    token.accessToken = Secret("\(canary)-\(access)")
    token.refreshToken = Secret("\(canary)-r0")
    token.clientSecret = Secret("\(canary)-s0")
    token.tokenEndpoint = "https://accounts.example/token"
    token.expiresAt = Expiry("2020-01-01T00:00:00Z")
    return token
  }

  func open() async throws -> Vault { try await Vault(configuration) }

  /// The names of the files in the directory.
  func files() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: directory.path).sorted()
  }

  func read(_ name: String) throws -> Data { try Data(contentsOf: directory.appending(path: name)) }

  func write(_ data: Data, to name: String) throws {
    let url = directory.appending(path: name)
    try data.write(to: url)
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: url.path)
  }

  func remove(_ name: String) throws {
    try FileManager.default.removeItem(at: directory.appending(path: name))
  }
}

extension Vault {
  /// The id of ann's record.
  func ann() async throws -> String {
    try await requireToken(matching: TokenQuery(userName: ScratchVault.user)).id ?? ""
  }
}
