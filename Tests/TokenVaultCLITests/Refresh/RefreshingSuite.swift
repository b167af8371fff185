import Foundation
import Testing
import TokenServerFixture
import TokenVault

/// A new vault with a key file, and the server that refreshes its tokens.
struct ServedVault {
  let command: CommandRunner
  let server: TokenServer

  init() throws {
    command = try CommandRunner()
    server = try TokenServer()
    try command.run("init", "--quiet", "--key-file", command.file("key"))
  }
}

/// A suite that refreshes tokens of a vault by a server.
protocol RefreshingSuite {
  var served: ServedVault { get }
}

extension RefreshingSuite {
  var command: CommandRunner { served.command }
  var server: TokenServer { served.server }
  var environment: [String: String] { ["TOKENVAULT_KEY_FILE": command.file("key")] }

  func save(_ users: [String], _ path: String, expires: String = "2020-01-01T00:00:00Z")
    throws
  {
    let records = users.map { user in
      """
      {"user_name":"\(user)","client_id":"c","client_secret":"s","access_token":"old",
      "refresh_token":"\(user).0","expires_at":"\(expires)","token_endpoint":"\(server.url)\(path)"}
      """
    }
    let saved = try command.run(
      "save", input: records.joined(separator: "\n"), environment: environment)
    #expect(saved.status == 0, "\(saved.errors)")
  }

  func start(_ arguments: String...) throws -> CommandRunner.Running {
    try command.start(CommandRunner.command, arguments, environment: environment)
  }

  func openVault() throws -> Vault {
    try Vault(VaultConfiguration(path: command.standardVault, key: .file(command.file("key"))))
  }

  func record(_ user: String, _ vault: Vault) throws -> OAuthToken {
    try #require(try vault.allTokens().first { $0.userName == user })
  }

  /// Waits until the vault says that a call for a user was begun; gives the process.
  func caller(_ user: String, _ vault: Vault) throws -> Int32 {
    try #require(try callerUnlessOver(user, vault))
  }

  /// The same; nil where the call was over before it was seen.
  func callerUnlessOver(_ user: String, _ vault: Vault) throws -> Int32? {
    var process: Int32?
    try eventually {
      let record = try record(user, vault)
      if case .begun(_, let number) = record.history.refresh { process = number }
      return process != nil || record.refreshToken?.revealed != "\(user).0"
    }
    return process
  }

  func errors(_ running: CommandRunner.Running) throws -> String {
    String(decoding: try command.bytes(running.errors), as: UTF8.self)
  }
}
