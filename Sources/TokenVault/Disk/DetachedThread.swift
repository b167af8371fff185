internal import Glibc

/// A thread of its own for work that waits: those of Swift's pool are few, and never wait.
package final class DetachedThread {
  private let body: @Sendable () -> Void

  private init(_ body: @escaping @Sendable () -> Void) { self.body = body }

  /// Runs the body on a new thread, which takes no signals.
  package static func start(_ body: @escaping @Sendable () -> Void) throws(DiskError) {
    let waiting = unsafe Unmanaged.passRetained(DetachedThread(body))
    var thread = pthread_t()
    let status = unsafe pthread_create(
      &thread, nil,
      { argument in
        guard let argument = unsafe argument else { return nil }
        DetachedThread.leaveSignalsToOthers()
        unsafe Unmanaged<DetachedThread>.fromOpaque(argument).takeRetainedValue().body()
        return nil
      }, waiting.toOpaque())
    guard status == 0 else {
      unsafe waiting.release()
      throw DiskError(call: "pthread_create", path: nil, errno: status)
    }
    pthread_detach(thread)
  }

  /// Runs the body on a new thread; the task waits without a thread.
  package static func run<Value: Sendable>(
    _ body: @escaping @Sendable () throws -> Value
  ) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
      do {
        try start { continuation.resume(with: Result(catching: body)) }
      } catch {
        continuation.resume(throwing: error)
      }
    }
  }

  private static func leaveSignalsToOthers() {
    var all = sigset_t()
    unsafe sigfillset(&all)
    unsafe pthread_sigmask(SIG_BLOCK, &all, nil)
  }
}
