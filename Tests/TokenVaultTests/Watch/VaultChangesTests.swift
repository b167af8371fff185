import Foundation
import Testing

@testable import TokenVault

@Suite(.timeLimit(.minutes(60))) struct VaultChangesTests {
  let directory: TemporaryDirectory
  let vault: Vault
  /// The same vault as another process has it.
  let other: Vault
  private let begin = Timestamp.now

  init() throws {
    directory = try TemporaryDirectory()
    vault = try Vault.create(directory.configuration())
    other = try Vault(directory.configuration())
    try other.save(token(#"{"user_name":"old","access_token":"SECRET"}"#))
  }

  private func text(_ change: VaultChange?) -> String {
    guard let change else { return "end" }
    #expect(begin <= change.time && change.time <= .now)
    return
      "\(change.id) \(change.userName ?? "-") \(change.kind.rawValue) \(change.revision) \(change.fields ?? [])"
  }

  @Test func eachChangeIsToldAsItIsMade() async throws {
    var changes = try await vault.changes().makeAsyncIterator()
    try await other.save(token(#"{"user_name":"new","access_token":"SECRET","x":1}"#))
    #expect(
      text(try await changes.next()) == #"2 new inserted 1 ["user_name", "access_token", "x"]"#)
    try await other.save(token(#"{"user_name":"new","access_token":"SECRET","x":2}"#))
    #expect(text(try await changes.next()) == #"2 new updated 2 ["x"]"#)
    try await vault.save(token(#"{"user_name":"old","scope":"s"}"#))
    #expect(text(try await changes.next()) == #"1 old updated 2 ["scope"]"#, "our own too")
    try other.note("2") { $0.lastUsedAt = moment(5) }
    try other.note("2") {
      $0.refresh = RejectionCode("invalid_grant").map {
        .rejected(at: moment(6), code: $0, unanswered: nil)
      }
    }
    #expect(text(try await changes.next()) == "2 new refresh_rejected 2 []")
    try await other.deleteToken(id: "2")
    #expect(text(try await changes.next()) == "2 new deleted 2 []")
  }

  @Test func aChangePrintsNoSecret() async throws {
    var changes = try await vault.changes().makeAsyncIterator()
    try await other.save(token(#"{"user_name":"old","access_token":"SECRET 2","x":"SECRET 3"}"#))
    let change = try #require(await changes.next())
    var dumped = ""
    dump(change, to: &dumped)
    for text in ["\(change)", String(reflecting: change), dumped] {
      #expect(!text.contains("SECRET") && text.contains("access_token"))
    }
  }

  @Test @MainActor func nothingIsLostBeforeALoopBeginsAndEachLoopGetsAll() async throws {
    let changes = try await vault.changes()
    for number in 1...3 {
      try await other.save(token(#"{"user_name":"old","scope":"\#(number)"}"#))
    }
    for _ in 1...2 {
      var revisions: [Int] = []
      for try await change in changes {
        #expect(change.kind == .updated && (change.fields == nil) == (change.revision < 4))
        revisions.append(change.revision)
        if revisions.count == 3 { break }
      }
      #expect(revisions == [2, 3, 4])
    }
  }

  @Test func keysAndFormatsChangeWithoutAWord() async throws {
    var changes = try await vault.changes().makeAsyncIterator()
    for _ in 1...3 { try await Vault.rotate(directory.configuration()) }
    try await Vault(directory.configuration()).convert(to: .csv)
    try await Vault(directory.configuration()).save(token(#"{"user_name":"old","scope":"s"}"#))
    #expect(text(try await changes.next()) == #"1 old updated 2 ["scope"]"#)
  }

  @Test func aVaultThatIsRemovedEndsIt() async throws {
    var changes = try await vault.changes().makeAsyncIterator()
    try await other.save(token(#"{"user_name":"old","scope":"s"}"#))
    #expect(try await changes.next() != nil)
    try FileManager.default.removeItem(atPath: directory.file("tokens.vault"))
    let error = await failure(of: &changes)
    #expect(
      error
        == .noVault(
          path: directory.file("tokens.vault"), previous: directory.file("tokens.vault.previous")))
    #expect(try await changes.next() == nil)
  }

  @Test func aDirectoryThatIsRemovedOrMovedEndsIt() async throws {
    for move in [false, true] {
      let path = directory.file("below-\(move)")
      try FileManager.default.createDirectory(
        atPath: path, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
      var configuration = directory.configuration()
      configuration.path = "\(path)/tokens.vault"
      let vault = try Vault.openCreatingIfNeeded(configuration).vault
      var changes = try await vault.changes().makeAsyncIterator()
      try await vault.save(token(#"{"access_token":"1"}"#))
      #expect(try await changes.next() != nil)
      if move {
        try FileManager.default.moveItem(atPath: path, toPath: path + "-moved")
      } else {
        try FileManager.default.removeItem(atPath: path)
      }
      switch await failure(of: &changes) {
      case .noDirectory(path), .noVault("\(path)/tokens.vault", previous: nil): break
      case let error: Issue.record("\(String(describing: error))")
      }
    }
  }

  @Test func aDirectoryThatAnotherTakesThePlaceOfIsWatchedInItsTurn() async throws {
    let (old, new) = (directory.path, directory.path + "-new")
    defer { try? FileManager.default.removeItem(atPath: old + "-old") }
    var changes = try await vault.changes().makeAsyncIterator()
    try await other.save(token(#"{"user_name":"old","scope":"1"}"#))
    #expect(try await changes.next()?.revision == 2)
    try FileManager.default.copyItem(atPath: old, toPath: new)
    try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: new)
    try FileManager.default.moveItem(atPath: old, toPath: old + "-old")
    try FileManager.default.moveItem(atPath: new, toPath: old)
    for revision in 3...4 {
      try await Vault(directory.configuration()).save(
        token(#"{"user_name":"old","scope":"\#(revision)"}"#))
      #expect(try await changes.next()?.revision == revision)
    }
  }

  @Test func damageAndRollbackEndIt() async throws {
    let old = try directory.bytes("tokens.vault")
    try await other.save(token(#"{"user_name":"old","scope":"1"}"#))
    var changes = try await vault.changes().makeAsyncIterator()
    try directory.write(old, to: "tokens.vault")
    #expect(
      await failure(of: &changes)
        == .rolledBack(path: directory.file("tokens.vault"), generation: 2, highest: 3))
    var bytes = old
    bytes[bytes.count - 1] ^= 1
    var accepting = directory.configuration()
    accepting.acceptsRollback = true
    changes = try await Vault(accepting).changes().makeAsyncIterator()
    try directory.write(bytes, to: "tokens.vault")
    guard case .damaged = await failure(of: &changes) else {
      Issue.record("it goes on")
      return
    }
    #expect(try await changes.next() == nil)
  }

  private func failure(of changes: inout VaultChanges.AsyncIterator) async -> TokenVaultError? {
    do {
      let change = try await changes.next()
      Issue.record("not \(String(describing: change))")
      return nil
    } catch {
      return error
    }
  }
}

extension Vault {
  /// Changes what is noted of a record.
  fileprivate func note(_ id: String, _ change: (inout RecordHistory) -> Void) throws {
    try write { (transaction) throws(TokenVaultError) in
      transaction.table.updateHistory(id: id, change)
      try transaction.commit(previous: .keep)
    }
  }
}
