internal import Glibc

// The two ways to take the steps: on a thread, and in a task.
extension RecordRefresh {
  /// Longer than a call may take, and a save after it.
  private var patience: Duration {
    vault.configuration.refreshTimeout + vault.configuration.lockTimeout + .seconds(5)
  }

  /// Between two looks whether the record is fresh: at random, so that many who wait do not come back together.
  private static var pause: UInt32 { UInt32.random(in: 5000...20_000) }

  /// Refreshes the record, or waits for whoever does.
  func run(
    _ refreshing: @escaping @Sendable (OAuthToken) async throws -> RefreshAnswer
  ) async throws -> FreshToken {
    let deadline = ContinuousClock.now.advanced(by: patience)
    while true {
      switch try attemptLock() {
      case .settled(let fresh): return fresh
      case .locked(let lock):
        defer { withExtendedLifetime(lock) {} }
        let call = try begin()
        let result: Result<RefreshAnswer, any Error>
        do {
          result = .success(try await bounded(call).run { try await refreshing(call.record) })
        } catch {
          result = .failure(error)
        }
        return try finish(call, result)
      case .busy(let record):
        try check(deadline, record)
        try await Task.sleep(for: .microseconds(Self.pause))
      }
    }
  }

  /// The same on the calling thread.
  func runBlocking(
    _ refreshing: @escaping @Sendable (OAuthToken) throws -> RefreshAnswer
  ) throws -> FreshToken {
    let deadline = ContinuousClock.now.advanced(by: patience)
    while true {
      switch try attemptLock() {
      case .settled(let fresh): return fresh
      case .locked(let lock):
        defer { withExtendedLifetime(lock) {} }
        let call = try begin()
        return try finish(call, Result { try bounded(call).run { try refreshing(call.record) } })
      case .busy(let record):
        try check(deadline, record)
        usleep(Self.pause)
      }
    }
  }

  private func check(
    _ deadline: ContinuousClock.Instant, _ record: OAuthToken
  ) throws(TokenVaultError) {
    guard ContinuousClock.now > deadline else { return }
    var process: Int32?
    if case .begun(_, let number) = record.history.refresh { process = number }
    throw .refreshLockTimeout(id: id, seconds: patience / .seconds(1), process: process)
  }

  private func bounded(_ call: Call) -> BoundedCall<RefreshAnswer> {
    let limit = vault.configuration.refreshTimeout
    return BoundedCall(
      limit: limit,
      timeout: TokenVaultError.refreshTimeout(id: id, seconds: limit / .seconds(1)),
      late: { answer in _ = try? finish(call, .success(answer)) })
  }
}
