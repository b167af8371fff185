/// A call of foreign code that may take too long: then it is given up, and what it brings after all is not lost.
struct BoundedCall<Value: Sendable>: Sendable {
  let limit: Duration
  /// The error for a call that took too long; `isBegun` says whether it was begun at all.
  let timeout: @Sendable (_ isBegun: Bool) -> any Error
  /// Gets what comes when nobody waits for it any more.
  let late: @Sendable (Value) -> Void

  /// Runs the body in a task of its own: the caller's cancellation does not reach it, because a call that is broken
  /// off may have had its effect. Past the limit it is cancelled, and not begun any more.
  func run(_ body: @escaping @Sendable () async throws -> Value) async throws -> Value {
    let first = OneShotResult<Value>()
    let call = Task {
      guard first.begin() else { return }
      let result: Result<Value, any Error>
      do { result = .success(try await body()) } catch { result = .failure(error) }
      give(result, to: first)
    }
    let alarm = Task {
      guard (try? await Task.sleep(for: limit)) != nil else { return }
      if first.resolve({ .failure(timeout($0)) }) { call.cancel() }
    }
    defer { alarm.cancel() }
    return try await first.value()
  }

  /// Runs the body on a thread of its own, and waits for it.
  func run(_ body: @escaping @Sendable () throws -> Value) throws -> Value {
    let first = OneShotResult<Value>()
    do throws(DiskError) {
      try DetachedThread.start {
        if first.begin() { give(Result(catching: body), to: first) }
      }
    } catch {
      throw RefreshFailure("no thread could be started: \(error.reason)", mayHaveUsedToken: false)
    }
    if first.wait(for: limit) == nil { first.resolve { .failure(timeout($0)) } }
    guard let result = first.wait(for: .zero) else { throw timeout(true) }
    return try result.get()
  }

  private func give(_ result: Result<Value, any Error>, to first: OneShotResult<Value>) {
    if !first.resolve(result), case .success(let value) = result { late(value) }
  }
}
