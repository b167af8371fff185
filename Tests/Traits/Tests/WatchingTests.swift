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

  @Test func aCommitOfManyRecordsIsOneSnapshot() async throws {
    let (vault, writer) = (try await scratch.open(), try await scratch.open())
    let provider = VaultConfigProvider(vault)
    let counts = try await provider.watchSnapshot { updates in
      var counts: [Int] = []
      for await snapshot in updates {
        let found = try (1...50).count { number in
          let key = AbsoluteConfigKey(["user\(number)", "access_token"])
          return try snapshot.value(forKey: key, type: .string).value != nil
        }
        counts.append(found)
        switch counts.count {
        case 1: try await writer.save((1...49).map { ScratchVault.record("user\($0)") })
        case 2: try await writer.save(ScratchVault.record("user50"))
        default: return counts
        }
      }
      return counts
    }
    #expect(counts == [0, 49, 50])
  }

  @Test func aWatchGoesOnOnceTheVaultCanBeReadAgain() async throws {
    let provider = VaultConfigProvider(try await scratch.open())
    let bytes = try scratch.read("tokens.vault")
    let seen = try await provider.watchValue(forKey: key, type: .string) { updates in
      var seen: [ConfigContent?] = []
      for await update in updates {
        seen.append(try? update.get().value?.content)
        switch seen.count {
        case 1: try scratch.remove("tokens.vault")
        case 2: try scratch.write(bytes, to: "tokens.vault")
        default: return seen
        }
      }
      return seen
    }
    #expect(seen == [.string("c4n4ry-a0"), nil, .string("c4n4ry-a0")])
  }

  @Test func aKeyThatIsNotTheVaultsIsWatchedWithoutIt() async throws {
    let provider = VaultConfigProvider(try await scratch.open())
    try scratch.remove("tokens.vault")
    let updates = try await provider.watchValue(forKey: "http.timeout", type: .int) { updates in
      var seen: [ConfigValue?] = []
      for await update in updates {
        seen.append(try update.get().value)
        break
      }
      return seen
    }
    #expect(updates == [nil])
  }
}
