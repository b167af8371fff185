import Synchronization
import Testing
import TokenVault

/// What a program is told of a long operation.
@Suite struct VaultProgressTests {
  private final class Log: Sendable {
    private let states = Mutex<[VaultProgress]>([])

    @Sendable func add(_ progress: VaultProgress) { states.withLock { $0.append(progress) } }

    /// What was added since the last call.
    func take() -> [VaultProgress] {
      states.withLock { states in
        defer { states = [] }
        return states
      }
    }
  }

  private let command: CommandRunner
  private let log = Log()
  private let filler = String(repeating: "x", count: 1000)

  init() throws { command = try CommandRunner() }

  private var configuration: VaultConfiguration {
    var configuration = VaultConfiguration(
      path: command.file("v"), key: .file(command.file("k")))
    configuration.onProgress = log.add
    return configuration
  }

  private func records(_ count: Int, _ name: String) -> [OAuthToken] {
    (1...count).map { number in
      var token = OAuthToken()
      (token.userName, token.accessToken) = ("\(name)\(number)", Secret(filler))
      return token
    }
  }

  private func expect(_ work: VaultProgress.Work, _ name: String) {
    let states = log.take()
    let own = states.filter { $0.work == work }
    #expect(own.contains { 0 < $0.done && $0.done < $0.total }, "\(name): \(states)")
    #expect(work == .reading || own.last.map { $0.done == $0.total } == true, "\(name): \(states)")
    #expect(states.allSatisfy { 0 <= $0.done && $0.done <= $0.total }, "\(name): \(states)")
  }

  @Test func eachLongOperationReportsItsProgress() throws {
    let vault = try Vault.create(configuration)
    try vault.importTokens(records(5000, "u"))
    expect(.writing, "import")
    try vault.save(records(100, "v"))
    _ = log.take()
    try vault.compact()
    expect(.reading, "compact")
    _ = try Vault.check(configuration)
    expect(.reading, "check")
    _ = try Vault.rotate(configuration, RotationOptions())
    expect(.reading, "rotate")
    let tokens = try Vault(configuration).allTokens()
    expect(.reading, "read")
    PlaintextFile.forEachPiece(of: tokens, as: .records(.json), onProgress: log.add) { _ in }
    expect(.writing, "export")
    var bytes = try command.bytes(command.file("v"))
    bytes[bytes.count / 2] ^= 1
    try command.write(bytes, to: command.file("v"))
    #expect(try Vault.repair(configuration).lostChunks > 0)
    expect(.reading, "repair")
  }

  @Test func aSmallVaultReportsNothing() throws {
    let vault = try Vault.create(configuration)
    try vault.save(records(1, "a"))
    _ = try Vault.check(configuration)
    #expect(log.take().isEmpty)
  }
}
