internal import Synchronization

/// The thread on which an open store decodes the records of a large snapshot once that pays, so that no call waits for a
/// time that grows with the vault. Until then, calls go on to find records by the index.
final class DecodingThread: Sendable {
  private let thread = StoreThread()

  /// Starts to decode the records of a session, unless that is not due, or the thread is busy.
  ///
  /// Best effort: after an error, the records stay as they are, and the call that needs a damaged one finds it so.
  func start(for shared: SharedSession) {
    guard let snapshot = shared.mutex.withLock({ $0.toDecodeBeside }) else { return }
    let isStarted = thread.start { isCancelled in
      Self.decode(snapshot, for: shared, unless: isCancelled)
    }
    if isStarted { shared.mutex.withLock { $0.records.markDecodingBegun() } }
  }

  /// Waits for the end of the work that runs, if any.
  func waitForEnd() { thread.waitForEnd() }

  /// Ends the work that runs, and waits for that; none begins from then on.
  func stop() { thread.stop() }

  private static func decode(
    _ snapshot: LazySnapshot, for shared: SharedSession,
    unless isCancelled: @escaping @Sendable () -> Bool
  ) {
    let result = Mutex<DecodedSnapshot?>(nil)
    // What follows holds the session's lock, and must not wait for a processor behind others.
    DetachedThread.runBehindOthers {
      let decoded = try? DecodedSnapshot(of: snapshot, unless: isCancelled)
      result.withLock { $0 = decoded }
    }
    guard var decoded = result.withLock({ $0.take() }) else { return }
    // So that little is left to apply under the lock, whatever is saved meanwhile.
    for _ in 0..<4 {
      guard let newer = shared.lend(unless: isCancelled, { $0.records.undecoded }) ?? nil,
        let count = try? decoded.catchUp(with: newer)
      else { return }
      if count < 64 { break }
    }
    _ = shared.lend(unless: isCancelled) { $0.adopt(decoded) }
  }
}
