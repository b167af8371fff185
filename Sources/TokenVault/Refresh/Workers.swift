/// Threads that do one kind of work together.
package enum Workers {
  /// Runs `body` on `count` threads at once, the calling thread among them, and waits until all have returned. If the
  /// system starts fewer threads, fewer do the work.
  package static func run(_ count: Int, _ body: @escaping @Sendable () -> Void) {
    let others = (1..<max(count, 1)).compactMap { _ -> ThreadSignal? in
      let hasEnded = ThreadSignal()
      do {
        try DetachedThread.start {
          body()
          hasEnded.give()
        }
      } catch { return nil }
      return hasEnded
    }
    body()
    for hasEnded in others { hasEnded.wait() }
  }
}
