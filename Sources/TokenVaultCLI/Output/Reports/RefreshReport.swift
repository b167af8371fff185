import TokenVault

/// The outcome of a record's refresh. Never the access token: `token` prints that.
struct RefreshReport: Report {
  private let token: OAuthToken?
  private let result: String
  private var error: (any Error)?
  private var isFresh = false

  /// A record with a token that is good now.
  init(_ fresh: FreshToken) {
    (token, error, isFresh) = (fresh.token, fresh.failure, true)
    result =
      if fresh.wasRefreshed {
        "refreshed"
      } else if fresh.hasUncertainEnd {
        "uncertain"
      } else {
        fresh.failure == nil ? "fresh" : "still valid"
      }
  }

  /// A record that was not refreshed; reported as JSON only.
  init(_ token: OAuthToken?, _ result: String, _ error: (any Error)? = nil) {
    (self.token, self.result, self.error) = (token, result, error)
  }

  var sentences: [String] {
    guard isFresh, let token else { return [] }
    let end = token.expiresAt?.moment.map { ", expires \(TimeText.distance(to: $0, from: .now))" }
    return ["\(token.id ?? "")  \(token.userName ?? "-")  \(result)\(end ?? "")"]
  }

  var json: any JSONValue {
    [
      "id": token?.id, "user_name": token?.userName, "result": result,
      "expires_at": token?.expiresAt?.text, "error": error.map(Self.sentence(of:)),
    ] as JSONObject
  }

  /// Says what differs from the request although there is a token.
  static func warn(_ fresh: FreshToken, _ minimumLifetime: TimeSpan, _ session: Session) {
    session.note(RecordWarning.ambiguity(oldest: fresh.token.id, among: fresh.count))
    if let failure = fresh.failure {
      session.note("warning: \(sentence(of: failure)); \(remainder(fresh))")
    } else if let doubt = fresh.doubt {
      session.note("warning: the server's answer: \(doubt)")
    } else if fresh.wasRefreshed, let end = fresh.token.expiresAt?.moment {
      let seconds = (end.millisecondsSince1970 - Timestamp.now.millisecondsSince1970 + 999) / 1000
      guard seconds < minimumLifetime.seconds || seconds <= 0 else { return }
      session.note(
        "warning: the server's tokens live for \(TimeText.span(seconds: max(0, seconds))), "
          + "\(seconds <= 0 ? "so that they are due at once" : "less than --min-ttl"): each call refreshes them"
      )
    }
  }

  /// What the caller has although the refresh failed.
  private static func remainder(_ fresh: FreshToken) -> String {
    if fresh.wasRefreshed { return "the new tokens are not saved" }
    return fresh.hasUncertainEnd
      ? "the expiry of the access token is unknown: \(RecordWarning.wrongClock)"
      : "the access token is still valid"
  }

  private static func sentence(of error: any Error) -> String {
    Failure(error)?.sentence ?? "\(error)"
  }
}
