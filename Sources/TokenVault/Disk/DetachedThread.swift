internal import Glibc

/// A thread for work that blocks, which must not block the few threads of Swift's pool.
final class DetachedThread {
  private let body: @Sendable () -> Void

  private init(_ body: @escaping @Sendable () -> Void) { self.body = body }

  /// Runs the body on a new thread, which blocks all signals.
  static func start(_ body: @escaping @Sendable () -> Void) throws(SystemCallError) {
    let waiting = unsafe Unmanaged.passRetained(DetachedThread(body))
    var thread = pthread_t()
    let status = unsafe pthread_create(
      &thread, nil,
      { argument in
        guard let argument = unsafe argument else { return nil }
        DetachedThread.blockSignals()
        unsafe Unmanaged<DetachedThread>.fromOpaque(argument).takeRetainedValue().body()
        return nil
      }, waiting.toOpaque())
    guard status == 0 else {
      unsafe waiting.release()
      throw SystemCallError("pthread_create", errno: status)
    }
    pthread_detach(thread)
  }

  private static func blockSignals() {
    var all = sigset_t()
    unsafe sigfillset(&all)
    unsafe pthread_sigmask(SIG_BLOCK, &all, nil)
  }
}
