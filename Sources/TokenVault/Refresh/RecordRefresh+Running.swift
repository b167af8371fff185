internal import Glibc

// The two ways to take the steps: on a thread, and in a task.
extension RecordRefresh {
  /// Longer than whoever has the lock may take: to note the call, to make it, and to save its answer.
  private var patience: Duration {
    let configuration = vault.configuration
    return configuration.lockTimeout + configuration.refreshTimeout + configuration.savePatience
  }

  /// Between two looks whether the record is fresh: at random, so that many who wait do not come back together.
  private static var pause: UInt32 { UInt32.random(in: 5000...20_000) }

  /// Refreshes the record, or waits for whoever does.
  ///
  /// What may wait for writers of the vault is done on threads of its own.
  func run(
    _ refreshing: @escaping @Sendable (OAuthToken) async throws -> RefreshAnswer
  ) async throws -> FreshToken {
    let deadline = ContinuousClock.now.advanced(by: patience)
    while true {
      switch try attemptLock() {
      case .settled(let fresh): return fresh
      case .locked(let lock):
        switch try await DetachedThread.run({ try begin(with: lock) }) {
        case .settled(let fresh): return fresh
        case .call(let call):
          defer { withExtendedLifetime(lock) {} }
          let result: Result<RefreshAnswer, any Error>
          do {
            result = .success(try await bounded(call).run { try await refreshing(call.record) })
          } catch {
            result = .failure(error)
          }
          if let fresh = try await DetachedThread.run({ try finish(call, result) }) {
            return fresh
          }
          continue
        case .busy(let record): try check(deadline, record)
        }
      case .busy(let record): try check(deadline, record)
      }
      try await Task.sleep(for: .microseconds(Self.pause))
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
        switch try begin(with: lock) {
        case .settled(let fresh): return fresh
        case .call(let call):
          defer { withExtendedLifetime(lock) {} }
          let result = Result { try bounded(call).run { try refreshing(call.record) } }
          if let fresh = try finish(call, result) { return fresh }
          continue
        case .busy(let record): try check(deadline, record)
        }
      case .busy(let record): try check(deadline, record)
      }
      usleep(Self.pause)
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
      timeout: { isBegun -> any Error in
        isBegun
          ? TokenVaultError.refreshTimeout(id: id, seconds: limit / .seconds(1))
          : RefreshFailure("the call could not begin in time", mayHaveUsedToken: false)
      },
      late: { answer in _ = try? finish(call, .success(answer)) })
  }
}
