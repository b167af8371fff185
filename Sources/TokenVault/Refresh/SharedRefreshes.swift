internal import Synchronization

/// The refreshes that tasks of this store wait for, by record: one task runs each, and whoever comes meanwhile shares
/// its result.
final class SharedRefreshes: Sendable {
  /// A forked child has none of its parent's tasks.
  private let running = Mutex(ProcessOwned<[ExactText: Task<FreshToken, any Error>]> { [:] })

  /// The refresh of a record that is running, or a new one.
  func join(
    _ id: String, _ body: @escaping @Sendable () async throws -> FreshToken
  ) -> (refresh: Task<FreshToken, any Error>, isOurs: Bool) {
    let key = ExactText(id)
    return running.withLock { running in
      if let refresh = running.value[key] { return (refresh, false) }
      let refresh = Task {
        defer { self.running.withLock { $0.value[key] = nil } }
        return try await body()
      }
      running.value[key] = refresh
      return (refresh, true)
    }
  }
}

extension Task where Success: Sendable, Failure == any Error {
  /// The task's value; where the waiting task is cancelled, `CancellationError` at once, and this one goes on.
  func waitForValue() async throws -> Success {
    let first = OneShotResult<Success>()
    Task<Void, Never> { first.resolve(await self.result) }
    return try await first.value()
  }
}
