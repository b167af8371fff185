import Configuration
import Testing
import TokenVault
import TokenVaultConfiguration

@Suite(.timeLimit(.minutes(2))) struct WatchingTests {
  private let key = AbsoluteConfigKey([ScratchVault.user, "access_token"])
  private let scratch: ScratchVault

  init() async throws { scratch = try await ScratchVault() }

  @Test func aWatchedValueIsTheStoredOneAndThenEachOtherOne() async throws {
    let (vault, writer) = (try await scratch.open(), try await scratch.open())
    let config = ConfigReader(provider: VaultConfigProvider(vault))
    let seen = try await config.watchString(forKey: ConfigKey(key.components)) { updates in
      var seen: [String?] = []
      for await value in updates {
        seen.append(value)
        switch seen.count {
        case 1:
          // A change of another record, and of another field of this one, are no updates.
          try await writer.save(ScratchVault.record("bob"))
          var change = ScratchVault.record()
          change.scope = "mail"
          try await writer.save(change)
          try await writer.save(ScratchVault.record(access: "a1"))
        case 2: try await writer.deleteToken(id: writer.ann())
        default: return seen
        }
      }
      return seen
    }
    #expect(seen == ["c4n4ry-a0", "c4n4ry-a1", nil])
  }

  @Test func aSnapshotStaysAsItIsAndAChangeMakesAnother() async throws {
    let (vault, writer) = (try await scratch.open(), try await scratch.open())
    let provider = VaultConfigProvider(vault)
    let snapshots = try await provider.watchSnapshot { updates in
      var snapshots: [any ConfigSnapshot] = []
      for await snapshot in updates {
        snapshots.append(snapshot)
        if snapshots.count == 2 { return snapshots }
        try await writer.save(ScratchVault.record(access: "a1"))
      }
      return snapshots
    }
    let values = try snapshots.map { try $0.value(forKey: key, type: .string).value?.content }
    #expect(values == [.string("c4n4ry-a0"), .string("c4n4ry-a1")])
  }

  @Test func aWatchEndsWithItsTask() async throws {
    let provider = VaultConfigProvider(try await scratch.open())
    let (started, start) = AsyncStream.makeStream(of: Void.self)
    let task = Task {
      try await provider.watchValue(forKey: key, type: .string) { updates in
        var count = 0
        for await _ in updates {
          count += 1
          start.yield()
        }
        return count
      }
    }
    for await _ in started { break }
    task.cancel()
    #expect(try await task.value == 1)
  }

  @Test func aVaultThatIsRemovedEndsAWatchWithTheError() async throws {
    let provider = VaultConfigProvider(try await scratch.open())
    let last = try await provider.watchValue(forKey: key, type: .string) { updates in
      var last: Result<LookupResult, any Error>?
      for await update in updates {
        if last == nil { try scratch.remove("tokens.vault") }
        last = update
      }
      return last
    }
    #expect(throws: TokenVaultError.self) { try last?.get() }
  }
}
