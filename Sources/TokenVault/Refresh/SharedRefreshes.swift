internal import Synchronization

/// The refreshes that tasks of one ``Vault`` wait for, by record: tasks that want the same record share one driver.
final class SharedRefreshes: Sendable {
  private typealias Waiter = AsyncThrowingStream<FreshToken, any Error>.Continuation

  /// An object: as a value of a generic type, the dictionary makes the runtime search all conformances when a vault
  /// closes, even if it never refreshed.
  private final class Waiters {
    var byRecord: [ExactText: [Waiter]] = [:]
  }

  /// A forked child has none of its parent's threads.
  private let waiters = Mutex(ProcessOwned<Waiters> { Waiters() })

  /// Joins the refresh of the record that runs, or starts one on a thread of its own: a thread of the cooperative pool
  /// must not wait for writers and servers.
  ///
  /// - Returns: the stream that ends with the result, and whether this call has started the refresh.
  func join(
    _ refresh: RecordRefresh,
    _ refreshing: @escaping @Sendable (OAuthToken) async throws -> RefreshAnswer
  ) -> (result: AsyncThrowingStream<FreshToken, any Error>, isOurs: Bool) {
    let (result, waiter) = AsyncThrowingStream.makeStream(of: FreshToken.self)
    let isOurs = waiters.withLock { waiters in
      let waiting = waiters.value.byRecord[ExactText(refresh.id), default: []]
      waiters.value.byRecord[ExactText(refresh.id)] = waiting + [waiter]
      return waiting.isEmpty
    }
    if isOurs { start(refresh, EndpointCaller(async: refreshing)) }
    return (result, isOurs)
  }

  private func start(_ refresh: RecordRefresh, _ caller: EndpointCaller) {
    do throws(RefreshFailure) {
      try RefreshThread.start { [self] in
        end(refresh.id, Result { try refresh.run(caller) })
      }
    } catch {
      caller.cancel()
      end(
        refresh.id,
        .failure(TokenVaultError.refreshFailed(id: refresh.id, reason: error.description)))
    }
  }

  private func end(_ id: String, _ result: Result<FreshToken, any Error>) {
    let ended = waiters.withLock { $0.value.byRecord.removeValue(forKey: ExactText(id)) }
    for waiter in ended ?? [] {
      waiter.yield(with: result)
      waiter.finish()
    }
  }
}
