/// The caller's code that asks a token endpoint, and the place where it runs.
struct EndpointCaller: Sendable {
  let start: @Sendable (EndpointCall) throws(RefreshFailure) -> Void
  /// Cancels the call that runs; no call starts afterwards.
  let cancel: @Sendable () -> Void

  /// Blocking code: each call runs on a thread of its own, and cannot be cancelled.
  init(blocking refreshing: @escaping @Sendable (OAuthToken) throws -> RefreshAnswer) {
    start = { call throws(RefreshFailure) in
      try RefreshThread.start {
        if call.begin() { call.end(Result { try refreshing(call.record) }) }
      }
    }
    cancel = {}
  }

  /// Async code: one task makes all calls. It starts here, to inherit the caller's priority and task-local values.
  init(async refreshing: @escaping @Sendable (OAuthToken) async throws -> RefreshAnswer) {
    let (calls, queue) = AsyncStream.makeStream(of: EndpointCall.self)
    let task = Task {
      for await call in calls where call.begin() {
        do { call.end(.success(try await refreshing(call.record))) } catch {
          call.end(.failure(error))
        }
      }
    }
    start = { queue.yield($0) }
    cancel = { task.cancel() }
  }
}
