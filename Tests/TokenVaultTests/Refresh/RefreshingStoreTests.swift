import Testing

@testable import TokenVault

/// What every store promises that keeps tokens fresh, so that code that uses one can be tested on the one in memory.
@Suite(.timeLimit(.minutes(60))) struct RefreshingStoreTests {
  private let ann = TokenQuery(userName: "ann")

  /// A store with a record that is due, and what it needs to live.
  private func store(
    _ kind: StoreKind
  ) async throws -> (store: any RefreshingTokenStore, keeper: TemporaryDirectory) {
    let (store, keeper) = try kind.make()
    try await store.save(
      token(#"{"user_name":"ann","access_token":"a0","refresh_token":"r0","expires_in":0}"#))
    return (try #require(store as? any RefreshingTokenStore), keeper)
  }

  @Test(arguments: StoreKind.allCases)
  func ofManyTasksThatFindATokenExpiredOneAsksTheServer(_ kind: StoreKind) async throws {
    let (store, keeper) = try await store(kind)
    defer { withExtendedLifetime(keeper) {} }
    let (server, ann) = (RotatingServer(), ann)
    let tokens = try await withThrowingTaskGroup(of: String?.self) { group in
      for _ in 1...50 {
        group.addTask {
          try await store.freshToken(for: ann) { try server.refresh($0) }.token.accessToken?
            .revealed
        }
      }
      return try await group.reduce(into: Set()) { $0.insert($1) }
    }
    #expect(tokens == ["a1"] && server.calls == 1)
    let stored = try #require(try await store.findToken(matching: ann))
    #expect(stored.accessToken == "a1" && stored.refreshToken == "r1" && stored.revision == 2)
    #expect(stored.history.refresh == nil)
    let again = try await store.freshToken(for: ann) { _ in throw CancellationError() }
    #expect(again.wasRefreshed == false)
  }

  @Test(arguments: StoreKind.allCases)
  func aRefreshTokenThatTheServerHasRejectedIsNotSentAgain(_ kind: StoreKind) async throws {
    let (store, keeper) = try await store(kind)
    defer { withExtendedLifetime(keeper) {} }
    let calls = Collected<Void>()
    for _ in 1...2 {
      await #expect(throws: TokenVaultError.self) {
        try await store.freshToken(for: ann) { _ in
          calls.add(())
          throw TokenEndpointError(code: "invalid_grant")
        }
      }
    }
    #expect(calls.all.count == 1)
    // A new login.
    try await store.save(token(#"{"user_name":"ann","refresh_token":"r9"}"#))
    let fresh = try await store.freshToken(for: ann) { _ in RefreshAnswer(accessToken: "new") }
    #expect(fresh.token.accessToken == "new")
  }

  @Test(arguments: StoreKind.allCases)
  func aFailureIsThrownAndTheNextCallerTriesAgain(_ kind: StoreKind) async throws {
    let (store, keeper) = try await store(kind)
    defer { withExtendedLifetime(keeper) {} }
    await #expect(throws: TokenVaultError.refreshFailed(id: "1", reason: "no answer")) {
      try await store.freshToken(for: ann) { _ in throw RefreshFailure("no answer") }
    }
    guard case .unanswered = try await store.findToken(id: "1")?.history.refresh else {
      Issue.record("it should say that there was no answer")
      return
    }
    let fresh = try await store.freshToken(for: ann) { _ in RefreshAnswer(accessToken: "new") }
    #expect(fresh.token.accessToken == "new" && fresh.wasRefreshed)
    await #expect(throws: TokenVaultError.noMatch) {
      try await store.freshToken(for: TokenQuery(userName: "bob")) { _ in
        RefreshAnswer(accessToken: "none")
      }
    }
  }

  @Test(arguments: StoreKind.allCases)
  func eachChangeIsReportedOnceAndInItsOrder(_ kind: StoreKind) async throws {
    let (store, keeper) = try await store(kind)
    defer { withExtendedLifetime(keeper) {} }
    try await expectChanges(of: store)
  }

  private func expectChanges(of store: some RefreshingTokenStore) async throws {
    try await store.save(token(#"{"user_name":"bob","access_token":"b0"}"#))
    let changes = try await store.changes()
    _ = try await store.freshToken(for: ann) { _ in RefreshAnswer(accessToken: "a1") }
    try await store.deleteToken(id: "2")
    var seen: [VaultChange] = []
    for try await change in changes {
      seen.append(change)
      if change.kind == .deleted { break }
    }
    #expect(seen.map(\.id) == ["1", "2"] && seen.map(\.kind) == [.updated, .deleted])
  }

  @Test func theStoreInMemoryReportsEveryChange() async throws {
    let store = InMemoryTokenStore()
    let changes = store.changes()
    try store.save(smallToken("ann", "a0"), ifRevision: nil)
    try store.save(smallToken("ann", "a1"), ifRevision: nil)
    try store.save(smallToken("ann", "a1"), ifRevision: nil)
    try store.deleteToken(id: "1", ifRevision: nil)
    var seen: [VaultChange] = []
    for await change in changes {
      seen.append(change)
      if change.kind == .deleted { break }
    }
    #expect(seen.map(\.kind) == [.inserted, .updated, .deleted])
    #expect(seen.map(\.revision) == [1, 2, 2] && seen[1].fields == ["access_token"])
  }

  /// A report that wakes a task, and the cancellation of that task, each have a lock that the other may want.
  @Test func savesInMemoryGoOnWhileTheTasksThatReadTheChangesAreCancelled() async throws {
    let store = InMemoryTokenStore()
    for round in 1...500 {
      let changes = store.changes()
      let loop = Task { for await _ in changes {} }
      let save = Task { try store.save(smallToken("ann", "\(round)"), ifRevision: nil) }
      loop.cancel()
      await loop.value
      _ = try await save.value
    }
    #expect(store.findToken(id: "1")?.revision == 500)
  }

  @Test func aRightThatIsRefusedLeavesTheRightToItsHolder() {
    let records = MemoryRefreshRight.Records()
    let right = MemoryRefreshRight.attempt("1", of: records)
    #expect(right != nil)
    for _ in 1...2 { #expect(MemoryRefreshRight.attempt("1", of: records) == nil) }
    #expect(MemoryRefreshRight.attempt("2", of: records) != nil)
    withExtendedLifetime(right) {}
  }

  @Test func aLoopOverTheChangesInMemoryEndsWithItsTask() async throws {
    let store = InMemoryTokenStore()
    let changes = store.changes()
    let loop = Task { for await _ in changes {} }
    loop.cancel()
    await loop.value
    try store.save(smallToken("ann"), ifRevision: nil)
  }
}
