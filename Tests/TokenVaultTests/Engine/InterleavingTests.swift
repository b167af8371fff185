import Foundation
import Synchronization
import Testing

@testable import TokenVault

/// At each call that a store makes to its disk, another store does something whole.
@Suite struct InterleavingTests {
  /// What the store does that is looked into.
  enum Own: CaseIterable, Sendable { case read, save, refresh }
  /// What the other one does meanwhile.
  enum Other: CaseIterable, Sendable { case sameRecord, otherRecord, replace, refresh, rotation }
  /// Whether the lock file is removed before.
  enum LockFile: CaseIterable, Sendable { case stays, isRemoved }

  /// A vault in which two stores meet.
  struct Scene {
    let directory: TemporaryDirectory
    let server = RotatingServer()
    let isLarge: Bool

    init(isLarge: Bool) throws {
      (directory, self.isLarge) = (try TemporaryDirectory(), isLarge)
      let vault =
        isLarge ? try directory.largeVault() : try Vault.create(directory.configuration())
      try vault.save(
        token(#"{"user_name":"ann","access_token":"a0","refresh_token":"r0","expires_in":0}"#))
      try vault.save(smallToken("bob"))
    }

    var ann: TokenQuery { TokenQuery(userName: "ann") }

    func ann(in vault: Vault) throws -> OAuthToken { try #require(try vault.findWithoutUse(ann)) }

    func run(_ own: Own, in vault: Vault) throws {
      switch own {
      case .read: _ = try vault.allTokens()
      case .save: try vault.save(token(#"{"user_name":"ann","own":"1"}"#))
      case .refresh: _ = try vault.waitForFreshToken(for: ann) { try server.refresh($0) }
      }
    }

    /// Does it if that can be done at once; whether it was done.
    func run(_ other: Other) throws -> Bool {
      var configuration = directory.configuration()
      configuration.lockTimeout = .zero
      do {
        switch other {
        case .sameRecord:
          try Vault(configuration).save(token(#"{"user_name":"ann","other":"1"}"#))
        case .otherRecord: try Vault(configuration).save(smallToken("eve"))
        case .replace: try Vault(configuration).deleteToken(id: bob(configuration))
        case .rotation: try Vault.rotate(configuration)
        case .refresh: return try refreshAtOnce(Vault(configuration))
        }
        return true
      } catch TokenVaultError.lockTimeout {
        return false
      }
    }

    private func bob(_ configuration: VaultConfiguration) throws -> String {
      try Vault(configuration).findWithoutUse(TokenQuery(userName: "bob"))?.id ?? ""
    }

    /// Refreshes as another process does, but does not wait for one that is at it.
    private func refreshAtOnce(_ vault: Vault) throws -> Bool {
      let seen = try ann(in: vault)
      let refresh = RecordRefresh(
        store: vault,
        request: FreshnessRequest(seen, minimumLifetime: .seconds(60), isForced: false))
      guard case .begun(let call, let lock) = try refresh.attempt() else { return false }
      _ = try refresh.finish(call, .success(try server.refresh(call.record)))
      withExtendedLifetime(lock) {}
      return true
    }

    /// Whether a store sees what was done.
    func isDone(_ other: Other, in vault: Vault) throws -> Bool {
      let tokens = try vault.allTokens()
      switch other {
      case .sameRecord: return try ann(in: vault).attributes["other"] != nil
      case .otherRecord: return tokens.contains { $0.userName == "eve" }
      case .replace: return !tokens.contains { $0.userName == "bob" }
      case .refresh: return try ann(in: vault).refreshToken == "r1"
      case .rotation:
        return try vault.status().dataKeyID == Vault(directory.configuration()).status().dataKeyID
      }
    }

    func isDone(_ own: Own, in vault: Vault) throws -> Bool {
      switch own {
      case .read: true
      case .save: try ann(in: vault).attributes["own"] != nil
      case .refresh: try ann(in: vault).refreshToken == "r1"
      }
    }
  }

  /// Runs one store's work, and at its call of this number another's; returns how many calls there were, and whether
  /// the other's was done.
  private func meet(
    _ own: Own, _ other: Other?, at call: Int, _ lockFile: LockFile, isLarge: Bool
  ) throws -> (calls: Int, Scene, Vault, isDone: Bool) {
    let scene = try Scene(isLarge: isLarge)
    let state = Mutex((count: 0, isOpen: false, isDone: false, failure: (any Error)?.none))
    var configuration = scene.directory.configuration()
    configuration.disk = CuttingDisk { _ in
      let isNow = state.withLock { state in
        if state.isOpen { state.count += 1 }
        return state.isOpen && state.count == call
      }
      guard isNow, let other else { return nil }
      if lockFile == .isRemoved {
        try? FileManager.default.removeItem(atPath: scene.directory.file("tokens.vault.lock"))
      }
      do {
        let isDone = try scene.run(other)
        state.withLock { $0.isDone = isDone }
      } catch {
        state.withLock { $0.failure = error }
      }
      return nil
    }
    let vault = try Vault(configuration)
    state.withLock { $0.isOpen = true }
    try scene.run(own, in: vault)
    let (count, isDone, failure) = state.withLock { state in
      state.isOpen = false
      return (state.count, state.isDone, state.failure)
    }
    if let failure { throw failure }
    return (count, scene, vault, isDone)
  }

  private func sweep(_ own: Own, _ lockFile: LockFile, isLarge: Bool) throws {
    let calls = try meet(own, nil, at: 0, lockFile, isLarge: isLarge).calls
    for other in Other.allCases {
      var done = 0
      for call in (1...calls).sampled(each: 3) {
        let place: Comment = "\(own), \(other) at call \(call) of \(calls), large \(isLarge)"
        let (_, scene, vault, isDone) = try meet(own, other, at: call, lockFile, isLarge: isLarge)
        done += isDone ? 1 : 0
        let fresh = try Vault(scene.directory.configuration())
        for store in [vault, fresh] {
          #expect(try !isDone || scene.isDone(other, in: store), place)
          #expect(try scene.isDone(own, in: store), place)
        }
        #expect(scene.server.calls <= 1 && scene.server.reuses == 0, place)
        #expect(try !scene.directory.names.contains("tokens.vault.new"), place)
      }
      #expect(done > 0, "\(own), \(other): the lock was free at some call")
    }
  }

  @Test(arguments: Own.allCases, [false, true])
  func nothingIsLostOrStaleWhateverAnotherStoreDoesMeanwhile(_ own: Own, isLarge: Bool) throws {
    try sweep(own, .stays, isLarge: isLarge)
  }

  @Test(arguments: Own.allCases, [false, true])
  func nothingIsLostAndNoServerIsCalledTwiceIfTheLockFileIsRemovedMeanwhile(
    _ own: Own, isLarge: Bool
  ) throws {
    try sweep(own, .isRemoved, isLarge: isLarge)
  }

  /// What vouches for a file must be older than what it vouches for.
  @Test func aReadIsNeverStaleIfTheFileIsReplacedWhileItIsLookedAt() throws {
    for name in ["fstat", "lstat"] {
      let directory = try TemporaryDirectory()
      let other = try Vault.create(directory.configuration())
      try other.save(smallToken("ann", "old"))
      try Self.letTheTimeOfChangeAge(directory)
      let isArmed = Mutex(false)
      var configuration = directory.configuration()
      configuration.disk = CuttingDisk { call in
        guard call == name, isArmed.withLock({ Self.exchange(&$0, false) }) else { return nil }
        _ = try? other.save(smallToken("ann", "new"))
        try? Self.letTheTimeOfChangeAge(directory)
        return nil
      }
      let vault = try Vault(configuration)
      isArmed.withLock { $0 = true }
      let ann = TokenQuery(userName: "ann")
      // For a millisecond, the opening itself vouches for the file, without another look at its path.
      let end = ContinuousClock.now.advanced(by: .seconds(60))
      repeat {
        _ = try vault.findWithoutUse(ann)
      } while isArmed.withLock(\.self)
        && ContinuousClock.now < end
      #expect(isArmed.withLock { !$0 }, "another store has saved at \(name)")
      // What is vouched for holds for a millisecond; some of these reads come within it.
      for _ in 1...20 { #expect(try vault.findWithoutUse(ann)?.accessToken == "new", "at \(name)") }
    }
  }

  private static func exchange(_ flag: inout Bool, _ value: Bool) -> Bool {
    defer { flag = value }
    return flag
  }

  /// Waits until the next change certainly gets another time than the last one: only then is a file's status trusted.
  private static func letTheTimeOfChangeAge(_ directory: TemporaryDirectory) throws {
    let disk = LinuxDisk()
    let path = directory.file("tokens.vault")
    while let status = try disk.status(of: path),
      Timestamp.now.millisecondsSince1970 - status.changed / 1_000_000 <= 25
    { disk.pause(microseconds: 1000) }
  }
}
