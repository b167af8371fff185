import Foundation
import Glibc
import Synchronization
import Testing

@testable import TokenVault
@testable import VaultCrypto

@Suite struct KeySearchTests {
  let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  /// A vault whose key is in `tokens.vault.key`, with a slot for a passphrase and one for a recovery code.
  private func makeVault(_ code: RecoveryCode? = nil) throws -> Vault {
    var configuration = directory.configuration()
    configuration.passphraseCost = try #require(Scrypt.Cost(exponent: 15))
    let vault = try Vault.create(configuration, recovery: code)
    try vault.addSlot(named: "ann", key: .passphrase("pass phrase"))
    try vault.save(token(#"{"access_token":"1"}"#))
    return vault
  }

  private func open(
    _ source: KeySource, _ variables: [String: String] = [:],
    prompt: (@Sendable ([SlotKind]) -> PassphraseAnswer)? = nil
  ) throws -> Vault {
    var configuration = directory.configuration()
    configuration.key = source
    configuration.locations = directory.locations(variables)
    configuration.prompt = prompt
    return try Vault(configuration)
  }

  private func attempts(
    _ source: KeySource, _ variables: [String: String] = [:],
    prompt: (@Sendable ([SlotKind]) -> PassphraseAnswer)? = nil
  ) throws -> [String] {
    do {
      _ = try open(source, variables, prompt: prompt)
      Issue.record("\(source) opened the vault")
      return []
    } catch TokenVaultError.keyUnavailable(_, let attempts, let slots) {
      #expect(slots.contains("default") && slots.contains("ann"))
      return attempts.map { "\($0.source): \($0.problem)" }
    }
  }

  /// An open descriptor with these bytes to read; closed by the kernel with the tests.
  private func descriptor(_ bytes: [UInt8]) throws -> Int32 {
    let name = "secret-\(UUID().uuidString)"
    try directory.write(bytes, to: name)
    return unsafe Glibc.open(directory.file(name), O_RDONLY)
  }

  @Test func everySourceOpensTheVault() throws {
    let code = try RecoveryCode.make()
    _ = try makeVault(code)
    let key = try directory.bytes("tokens.vault.key")
    let digits = key.map { String(format: "%02X", $0) }.joined()
    try directory.write(Array("\(digits)\n".utf8), to: "digits")
    for (source, name) in try [
      (.file(directory.file("digits")), "key file"),
      (.credential("tokens.vault.key"), "credential 'tokens.vault.key'"),
      (.command("cat '\(directory.file("tokens.vault.key"))'"), "key command"),
      (.command("cat '\(directory.file("digits"))'"), "key command"),
      (.key(Secret(digits)), "key"),
      (.descriptor(descriptor(key)), "key on descriptor"),
      (.passphrase("pass phrase"), "passphrase"),
      (
        .passphraseDescriptor(descriptor(Array("pass phrase\nrest".utf8))),
        "passphrase on descriptor"
      ),
      (.recoveryCode(Secret(code.text.revealed.lowercased())), "recovery code"),
      (
        .recoveryCodeDescriptor(descriptor(Array(code.text.revealed.utf8))),
        "recovery code on descriptor"
      ),
    ] as [(KeySource, String)] {
      let vault = try open(source, ["CREDENTIALS_DIRECTORY": directory.path])
      #expect(try vault.allTokens().count == 1)
      #expect(try vault.status().keySource.hasPrefix(name))
      #expect(!"\(source)".contains("pass phrase") && !"\(source)".contains(digits))
    }
  }

  @Test func theStandardPlacesAreTriedInTheirOrderAndTheFirstThatOpensIsTaken() throws {
    let code = try RecoveryCode.make()
    let store = try makeVault(code).status().storeID
    let asked = Mutex(0)
    let prompt: @Sendable ([SlotKind]) -> PassphraseAnswer = { kinds in
      asked.withLock { $0 += 1 }
      return kinds == [.passphrase, .recovery] ? .text("pass phrase") : .none(reason: "\(kinds)")
    }
    // Only a person.
    #expect(try open(.standard, prompt: prompt).status().keySource == "passphrase")
    #expect(asked.withLock { $0 } == 1)
    // The default key file; nobody is asked.
    let key = try directory.bytes("tokens.vault.key")
    try FileManager.default.createDirectory(
      atPath: directory.file("state/tokenvault/keys"), withIntermediateDirectories: true)
    try directory.write(key, to: "state/tokenvault/keys/\(store).key")
    #expect(try open(.standard, prompt: prompt).status().keySource.hasPrefix("key file"))
    // The credential goes before it.
    try FileManager.default.createDirectory(
      atPath: directory.file("credentials"), withIntermediateDirectories: false)
    try directory.write(key, to: "credentials/tokenvault.key")
    let variables = ["CREDENTIALS_DIRECTORY": directory.file("credentials")]
    #expect(
      try open(.standard, variables, prompt: prompt).status().keySource
        == "credential 'tokenvault.key'")
    // A wrong one is told and passed over.
    try directory.write([UInt8](repeating: 1, count: 32), to: "credentials/tokenvault.key")
    #expect(
      try open(.standard, variables, prompt: prompt).status().keySource.hasPrefix("key file"))
    try directory.write([2], to: "state/tokenvault/keys/\(store).key")
    let tried = try attempts(.standard, variables) { _ in .text("wrong") }
    #expect(tried.count == 4, "\(tried)")
    #expect(tried[0] == "passphrase or recovery code: it opens none of the key slots")
    #expect(tried[1].contains("credential 'tokenvault.key': its key"))
    #expect(tried[2].contains("it has 1 bytes"))
    #expect(tried[3].hasPrefix("kernel keyring: "))
    #expect(asked.withLock { $0 } == 1)
    // A recovery code is one also where a passphrase could be meant.
    let text = code.text
    #expect(
      try open(.standard, variables) { _ in .text(text) }.status().keySource == "recovery code")
  }

  @Test func aNamedSourceThatFailsIsTheEndOfTheSearch() throws {
    let store = try makeVault().status().storeID
    try FileManager.default.createDirectory(
      atPath: directory.file("state/tokenvault/keys"), withIntermediateDirectories: true)
    try directory.write(
      directory.bytes("tokens.vault.key"), to: "state/tokenvault/keys/\(store).key")
    let none = directory.file("none")
    let before = try directory.names
    for (source, problem) in [
      (.file(none), "key file '\(none)': there is no such file"),
      (
        .credential("x"),
        "credential 'x': CREDENTIALS_DIRECTORY is not set, or the name is no file's"
      ),
      (.command("exit 3"), "key command: it ended with exit status 3"),
      (.command("kill -9 $$"), "key command: it ended with signal 9"),
      (.command("echo no"), "key command: it has 3 bytes, and a key is 32 bytes or 64 digits"),
      (.command("yes"), "key command: it ended with signal 13"),
      (.descriptor(9999), "key on descriptor 9999: read: bad file descriptor"),
      (.passphraseDescriptor(9999), "passphrase on descriptor 9999: read: bad file descriptor"),
      (.passphrase("wrong"), "passphrase: it opens none of the key slots"),
      (.recoveryCode("wrong"), "recovery code: it is no recovery code, or has a slip in it"),
      (.key("00"), "key: it has 2 bytes, and a key is 32 bytes or 64 digits"),
    ] as [(KeySource, String)] {
      let tried = try attempts(source) { _ in .text("pass phrase") }
      #expect(tried.count == 1, "\(source)")
      if source != .command("yes") { #expect(tried == [problem]) }
    }
    #expect(try directory.names == before, "nothing is made where a key is missing")
  }

  /// What waits for one of these commands would hang.
  @Test(.timeLimit(.minutes(60)))
  func aCommandThatTakesTooLongIsKilledWithAllItHasStarted() throws {
    for command in ["sleep 100000 & sleep 100000", "exec 1>&-; sleep 100000"] {
      #expect(throws: KeyError.unavailable(problem: "it took longer than it may")) {
        try KeyCommand.output(of: command, limit: 66, within: .milliseconds(200))
      }
    }
    // Its input is empty and not ours.
    let output = try KeyCommand.output(of: "cat; echo x", limit: 66, within: .seconds(600))
    #expect(output == Array("x\n".utf8))
  }

  @Test func aWrongAnswerIsAskedAgainTwiceAndNoOneIsAskedWhoDoesNotSaySo() throws {
    _ = try makeVault(RecoveryCode.make())
    for (answers, opens) in [
      (["no", "pass phrase"], true), (["no", "none", "pass phrase"], true),
      (["no", "none", "not", "pass phrase"], false), (["no"], false),
    ] {
      let rest = Mutex(answers.reversed() as [String])
      let prompt: @Sendable ([SlotKind]) -> PassphraseAnswer = { _ in
        rest.withLock { rest in rest.popLast().map { .text(Secret($0)) } ?? .none(reason: "no more")
        }
      }
      var configuration = directory.configuration()
      configuration.key = .standard
      configuration.prompt = prompt
      configuration.promptAgain = prompt
      #expect(((try? Vault(configuration)) != nil) == opens, "\(answers)")
      #expect(rest.withLock { $0.count } == max(0, answers.count - 3))
      let once = try attempts(.standard) { _ in .text("wrong") }
      #expect(once.first == "passphrase or recovery code: it opens none of the key slots")
    }
  }

  @Test func aPassphraseIsTriedOnEachSlotWithTheSaltOfThat() throws {
    let vault = try makeVault(RecoveryCode.make())
    try vault.addSlot(named: "bob", key: .passphrase("another"))
    try vault.addSlot(named: "eve", key: .passphrase("a third"))
    let slots = try directory.header.slots
    #expect(Set(slots.compactMap(\.derivation?.salt)).count == 3)
    for passphrase in ["pass phrase", "another", "a third"] {
      #expect(try open(.passphrase(Secret(passphrase))).allTokens().count == 1)
    }
    #expect(
      try attempts(.passphrase("wrong")) == ["passphrase: it opens none of the key slots"])
  }

  @Test func theKeyringKeepsAnOpenedKeyUntilItIsLockedOrTheKeysAreRotated() throws {
    let vault = try makeVault()
    do { try vault.unlock(for: .seconds(3600)) } catch .keyring {
      return  // As in many containers; what is said then is tested with the command.
    }
    let configuration = directory.configuration()
    defer { _ = try? Vault.lock(configuration) }
    #expect(try open(.standard).status().keySource == "kernel keyring")
    #expect(try open(.standard).allTokens().count == 1)
    try open(.standard).save(token(#"{"access_token":"2"}"#))
    #expect(try Vault.lock(configuration))
    #expect(try !Vault.lock(configuration))
    #expect(try attempts(.standard)[1] == "kernel keyring: it has no key of this vault")

    try vault.unlock(for: .seconds(3600))
    let open = try open(.standard)
    try vault.rotate()
    #expect(try attempts(.standard)[1] == "kernel keyring: it has no key of this vault")
    #expect(throws: TokenVaultError.keyChanged(path: directory.file("tokens.vault"))) {
      try open.allTokens()
    }
    try vault.unlock(for: .seconds(3600))
    #expect(try open.allTokens().count == 2)
  }
}
