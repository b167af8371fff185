import Synchronization
import TokenVault

/// A call that refreshes a record: signals wait for its end.
final class DeferredCall: Sendable {
  private let refreshing: @Sendable (OAuthToken) throws -> RefreshAnswer
  private let isBegun = Atomic(false)

  init(_ refreshing: @escaping @Sendable (OAuthToken) throws -> RefreshAnswer) {
    self.refreshing = refreshing
  }

  @Sendable func run(_ record: OAuthToken) throws -> RefreshAnswer {
    if !isBegun.exchange(true, ordering: .relaxed) { SignalDeferral.begin() }
    return try refreshing(record)
  }

  /// Ends the deferral, once the answer is saved; nothing if no call was begun.
  func end() {
    if isBegun.exchange(false, ordering: .relaxed) { SignalDeferral.end() }
  }
}
