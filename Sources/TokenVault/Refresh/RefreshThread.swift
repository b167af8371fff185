/// A thread for work that blocks on behalf of a refresh.
package enum RefreshThread {
  /// Runs `body` on a new thread.
  ///
  /// - Throws: ``RefreshFailure`` if the system starts no thread; the refresh token was not used.
  package static func start(_ body: @escaping @Sendable () -> Void) throws(RefreshFailure) {
    do { try DetachedThread.start(body) } catch {
      throw RefreshFailure("no thread could be started: \(error.reason)", mayHaveUsedToken: false)
    }
  }
}
