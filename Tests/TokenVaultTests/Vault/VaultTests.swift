import Foundation
import Testing

@testable import TokenVault

@Suite struct VaultTests {
  let directory: TemporaryDirectory
  var configuration: VaultConfiguration { directory.configuration() }

  init() throws { directory = try TemporaryDirectory() }

  @Test func anOpenStoreSeesWhatAnotherHasSavedAtItsNextCall() throws {
    let mine = try Vault.create(configuration)
    let other = try Vault(configuration)
    for number in 1...5 {
      try other.save(token(#"{"user_name":"u\#(number)","access_token":"a"}"#))
      #expect(try mine.allTokens().count == number)
      #expect(try mine.status().generation == UInt64(number + 1))
    }
    try mine.deleteAllTokens()
    #expect(try other.allTokens().isEmpty)
  }

  @Test func aSaveThatChangesNothingWritesNothing() throws {
    let vault = try Vault.create(configuration)
    let given = try token(#"{"user_name":"a","access_token":"1"}"#)
    try vault.save(given)
    let before = try directory.bytes("tokens.vault")
    #expect(try vault.save(given).change == .unchanged)
    #expect(try directory.bytes("tokens.vault") == before)
  }

  @Test func manyRecordsAreOneCommitOrNone() throws {
    let vault = try Vault.create(configuration)
    try vault.save(
      ["a", "b", "c"].map { try token(#"{"user_name":"\#($0)","access_token":"1"}"#) })
    #expect(try vault.status().generation == 2)
    let bad = try [token(#"{"user_name":"d","access_token":"1"}"#), token(#"{"user_name":"e"}"#)]
    #expect(throws: TokenVaultError.noCredential(record: 2)) { try vault.save(bad) }
    #expect(throws: TokenVaultError.noCredential(record: 2)) { try vault.importTokens(bad) }
    #expect(throws: TokenVaultError.unknownID("9")) { try vault.deleteTokens(ids: ["1", "9"]) }
    try vault.deleteTokens(ids: [])
    #expect(try vault.allTokens().count == 3)
    #expect(try vault.status().generation == 2)
  }

  @Test func anImportMatchesByEverythingButIDsAndKeepsThemWhereTheyAreFree() throws {
    let vault = try Vault.create(configuration)
    try vault.save(token(#"{"user_name":"mine","access_token":"1"}"#))
    let given = try [
      token(#"{"id":"1","user_name":"other","access_token":"2"}"#),
      token(#"{"id":"77","user_name":"mine","access_token":"3"}"#),
      token(#"{"id":"80","user_name":"new","access_token":"4"}"#),
    ]
    let rehearsal = try vault.importTokens(given, dryRun: true)
    #expect(try vault.status().generation == 2)
    let outcomes = try vault.importTokens(given)
    #expect(outcomes == rehearsal)
    #expect(outcomes.map(\.change) == [.inserted, .updated, .inserted])
    #expect(outcomes.map(\.token.id) == ["2", "1", "80"])
    #expect(try vault.findToken(id: "1")?.accessToken == "3")
  }

  @Test func whatCouldNotBeReadBackIsRefusedBeforeItCostsTheVault() throws {
    let vault = try Vault.create(configuration)
    var given = try token(#"{"user_name":"a","access_token":"1"}"#)
    try vault.save(given)
    given.attributes["broken"] = .json("{")
    #expect(throws: TokenVaultError.unstorable(record: 1)) { try vault.save(given) }
    given.attributes = [:]
    given.scope = String(repeating: "x", count: RecordFormat.recordSizeLimit)
    #expect(throws: TokenVaultError.unstorable(record: 1)) { try vault.save(given) }
    #expect(try Vault(configuration).allTokens().count == 1)
  }

  @Test func recordsInCSVThatCouldNotBeReadBackTogetherAreRefusedBeforeTheyCostTheVault() throws {
    let vault = try Vault.create(configuration, format: .csv)
    func record(_ user: String, _ names: [String]) throws -> OAuthToken {
      var record = try token(#"{"user_name":"\#(user)","access_token":"1"}"#)
      for name in names { record.attributes[name] = .text("x") }
      return record
    }
    // Two names that make a header together which is too long, and more names than columns are allowed.
    let long = String(repeating: "n", count: 600_000)
    try vault.save(record("a", [long]))
    #expect(throws: TokenVaultError.tooManyUnknownFields) {
      try vault.save(record("b", ["m" + long]))
    }
    #expect(throws: TokenVaultError.tooManyUnknownFields) {
      try vault.save((0..<1100).map { try record("c\($0)", ["n\($0)"]) })
    }
    // A record that fits alone keeps fitting when others bring columns of their own.
    var large = try token(#"{"user_name":"large"}"#)
    large.accessToken = Secret(String(repeating: "x", count: RecordFormat.recordSizeLimit - 2000))
    try vault.save(large)
    try vault.save(record("many", (0..<1000).map { "c\($0)" }))
    #expect(try Vault(configuration).allTokens().count == 3)
    #expect(try vault.check().tokens == 3)
    try vault.convert(to: .json)
    try vault.save(record("b", ["m" + long]))
    #expect(throws: TokenVaultError.tooManyUnknownFields) { try vault.convert(to: .csv) }
  }

  @Test func aVaultThatWasCopiedOverInPlaceIsReadAgain() throws {
    let vault = try Vault.create(configuration)
    try vault.save(token(#"{"user_name":"a","access_token":"1st"}"#))
    try vault.save(token(#"{"user_name":"a","access_token":"old"}"#))
    let old = try directory.bytes("tokens.vault")
    try vault.save(token(#"{"user_name":"a","access_token":"new"}"#))
    // Same inode and size: only the time of the change tells.
    let handle = try FileHandle(forWritingTo: URL(filePath: configuration.path))
    #expect(try directory.bytes("tokens.vault").count == old.count)
    try handle.write(contentsOf: Data(old))
    try handle.close()
    let older = TokenVaultError.rolledBack(
      path: configuration.path, generation: 3, highest: 4)
    #expect(throws: older) { try vault.findToken(id: "1") }
    var accepting = configuration
    accepting.acceptsRollback = true
    #expect(try Vault(accepting).findToken(id: "1")?.accessToken == "old")
    #expect(try vault.findToken(id: "1")?.accessToken == "old")
  }

  @Test func convertingKeepsEveryRecordAndTheNextID() throws {
    let vault = try Vault.create(configuration)
    let edge = try fixture("zoho/filestore-edge.csv")
    try vault.importTokens(try ExchangeFormat.zohoCSV.decode(edge.span, now: moment(0)))
    try vault.save(token(#"{"user_name":"x","access_token":"1","j":{"a":1},"t":"\n"}"#))
    let before = try vault.allTokens()
    for format in [RecordFormat.csv, .json] {
      try vault.convert(to: format)
      let reopened = try Vault(configuration)
      #expect(try reopened.status().format == format)
      #expect(try reopened.allTokens() == before)
    }
    #expect(try vault.save(token(#"{"access_token":"new"}"#)).token.id == "508")
  }

  @Test func aVaultIsNeverMadeWhereOneOrItsSnapshotIs() throws {
    let vault = try Vault.create(configuration)
    try vault.save(token(#"{"access_token":"1"}"#))
    #expect(throws: TokenVaultError.alreadyExists(path: directory.file("tokens.vault"))) {
      try Vault.create(configuration)
    }
    try FileManager.default.removeItem(atPath: directory.file("tokens.vault"))
    let previous = directory.file("tokens.vault.previous")
    #expect(throws: TokenVaultError.alreadyExists(path: previous)) {
      try Vault.create(configuration)
    }
    let missing = TokenVaultError.noVault(path: directory.file("tokens.vault"), previous: previous)
    #expect(throws: missing) { try Vault(configuration) }
    #expect(throws: missing) { try Vault.openOrCreate(configuration) }
    #expect(throws: missing) { try vault.allTokens() }
    #expect(throws: missing) { try vault.save(token(#"{"access_token":"2"}"#)) }
  }

  @Test func aKeyThatIsThereIsUsedAndAMissingOneIsNeverMadeForAVaultThatIs() throws {
    let key = (0..<32).map { UInt8($0) }
    try directory.write(key, to: "tokens.vault.key")
    try Vault.create(configuration).save(token(#"{"access_token":"1"}"#))
    #expect(try directory.bytes("tokens.vault.key") == key)
    try FileManager.default.removeItem(atPath: directory.file("tokens.vault.key"))
    let error = #expect(throws: TokenVaultError.self) { try Vault(configuration) }
    let attempt = KeyAttempt(
      "key file '\(directory.file("tokens.vault.key"))'", "there is no such file")
    #expect(
      error
        == .keyUnavailable(
          path: directory.file("tokens.vault"), attempts: [attempt], slots: ["default"]))
    #expect(try !directory.names.contains("tokens.vault.key"))
  }

  @Test func aWrongKeyIsToldAsThat() throws {
    _ = try Vault.create(configuration)
    try directory.write([UInt8](repeating: 7, count: 32), to: "tokens.vault.key")
    let error = #expect(throws: TokenVaultError.self) { try Vault(configuration) }
    #expect("\(String(describing: error))".contains("is none of this vault's"))
  }

  @Test(arguments: [0, 31, 33, 100_000])
  func aKeyOfAnotherSizeIsRefused(_ size: Int) throws {
    _ = try Vault.create(configuration)
    try directory.write([UInt8](repeating: 7, count: size), to: "tokens.vault.key")
    let error = #expect(throws: TokenVaultError.self) { try Vault(configuration) }
    #expect(
      "\(String(describing: error))".contains(
        "it has \(size > 66 ? "more than 66" : "\(size)") bytes"))
  }

  @Test func threadsSavingAtOnceLoseNothing() async throws {
    var configuration = configuration
    configuration.lockTimeout = .seconds(60)
    let vault = try await Vault.create(configuration)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for worker in 0..<8 {
        group.addTask {
          for number in 0..<10 {
            try await vault.save(
              token(#"{"user_name":"w\#(worker)-\#(number)","access_token":"1"}"#))
          }
        }
      }
      try await group.waitForAll()
    }
    #expect(try await vault.allTokens().count == 80)
    #expect(Set(try await vault.allTokens().map(\.id)).count == 80)
  }

  @Test func anotherVaultInItsPlaceIsNoticed() throws {
    let vault = try Vault.create(configuration)
    let other = try Vault.create(directory.configuration("other.vault"))
    try other.save(token(#"{"access_token":"1"}"#))
    try directory.write(try directory.bytes("other.vault"), to: "tokens.vault")
    let error = #expect(throws: TokenVaultError.self) { try vault.allTokens() }
    #expect("\(String(describing: error))".contains("was replaced by another vault"))
  }

  @Test func thePreviousSnapshotIsTheVaultBeforeTheLastSave() throws {
    let vault = try Vault.create(configuration)
    try vault.save(token(#"{"user_name":"a","access_token":"1"}"#))
    let before = try directory.bytes("tokens.vault")
    try vault.save(token(#"{"user_name":"b","access_token":"1"}"#))
    #expect(try directory.bytes("tokens.vault.previous") == before)
    #expect(try vault.check().tokens == 2)
  }

  @Test func checkNoticesAPreviousSnapshotOfAnotherVault() throws {
    let vault = try Vault.create(configuration)
    _ = try Vault.create(directory.configuration("other"))
    try directory.write(try directory.bytes("other"), to: "tokens.vault.previous")
    let error = #expect(throws: TokenVaultError.self) { try vault.check() }
    #expect("\(String(describing: error))".contains("it is the snapshot of another vault"))
  }

  @Test func checkFindsDamageInThePreviousSnapshotToo() throws {
    let vault = try Vault.create(configuration)
    try vault.save(token(#"{"access_token":"1"}"#))
    try vault.save(token(#"{"access_token":"2"}"#))
    var bytes = try directory.bytes("tokens.vault.previous")
    bytes[bytes.count - 1] ^= 1
    try directory.write(bytes, to: "tokens.vault.previous")
    let error = #expect(throws: TokenVaultError.self) { try vault.check() }
    #expect("\(String(describing: error))".contains("tokens.vault.previous' is damaged"))
  }
}
