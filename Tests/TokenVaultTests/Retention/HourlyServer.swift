import Synchronization

@testable import TokenVault

/// A server whose access tokens live for an hour; it counts its calls.
final class HourlyServer: Sendable {
  private let count = Mutex(0)
  var calls: Int { count.withLock(\.self) }

  func refresh(_ record: OAuthToken, now: Timestamp) throws -> RefreshAnswer {
    guard record.refreshToken != nil else {
      throw TokenVaultError.notRenewable(id: record.id ?? "", reason: "no refresh token")
    }
    let call = count.withLock { count in
      count += 1
      return count
    }
    return RefreshAnswer(
      accessToken: Secret("new\(call)"), expiresIn: .seconds(3600), now: now)
  }
}
