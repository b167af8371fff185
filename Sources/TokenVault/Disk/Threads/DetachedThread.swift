internal import Glibc

/// A thread for work that blocks, which must not block the few threads of Swift's pool.
final class DetachedThread {
  private let body: @Sendable () -> Void

  private init(_ body: @escaping @Sendable () -> Void) { self.body = body }

  /// Runs the body on a new thread, which blocks all signals.
  static func start(_ body: @escaping @Sendable () -> Void) throws(SystemCallError) {
    pthread_detach(try create(body))
  }

  private static func create(
    _ body: @escaping @Sendable () -> Void
  ) throws(SystemCallError) -> pthread_t {
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
    return thread
  }

  /// Runs the body on a new thread to which the scheduler prefers others that want a processor, and waits for its end, by
  /// which it has let go of all that the body holds; does nothing if there can be no thread.
  static func runBehindOthers(_ body: @escaping @Sendable () -> Void) {
    let thread = try? create {
      // Of this thread alone: to Linux, 0 is the calling thread, and not its process. Five steps are a third of the time.
      _ = setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, 5)
      body()
    }
    if let thread { pthread_join(thread, nil) }
  }

  private static func blockSignals() {
    var all = sigset_t()
    unsafe sigfillset(&all)
    unsafe pthread_sigmask(SIG_BLOCK, &all, nil)
  }
}
