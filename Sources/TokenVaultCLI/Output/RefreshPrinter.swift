import TokenVault

/// Tells what has become of a refresh. Never the token: that is what `token` is for.
struct RefreshPrinter {
  let session: Session
  /// What was asked for.
  let minimumLifetime: TimeSpan

  /// Prints a record that is fresh now.
  func print(_ fresh: FreshToken) throws(Failure) {
    let token = fresh.token
    let result = result(fresh)
    if session.json { return try print(token, result, error: fresh.failure.map(sentence)) }
    let end = token.expiresAt?.moment.map { ", ends \(Clock.distance(to: $0, from: Clock.now))" }
    let name = "\(token.id ?? "")  \(token.userName ?? "-")"
    try StandardOutput.write(DisplayText.oneLine("\(name)  \(result)\(end ?? "")") + "\n")
  }

  private func result(_ fresh: FreshToken) -> String {
    if fresh.wasRefreshed { return "refreshed" }
    if fresh.hasUncertainEnd { return "uncertain" }
    return fresh.failure == nil ? "fresh" : "still valid"
  }

  /// Prints, as JSON, a record that is not fresh.
  func printJSON(_ token: OAuthToken?, _ result: String, _ error: (any Error)? = nil)
    throws(Failure)
  {
    if session.json { try print(token, result, error: error.map(sentence)) }
  }

  /// Says what is not as it was asked for, where there is a token nevertheless.
  func warn(of fresh: FreshToken) {
    AmbiguityWarning.print(of: fresh.token, among: fresh.count, session)
    if let failure = fresh.failure {
      session.note("warning: \(sentence(of: failure)); \(remainder(fresh))")
    } else if fresh.wasRefreshed, let end = fresh.token.expiresAt?.moment {
      let seconds = (end.millisecondsSince1970 - Clock.now.millisecondsSince1970 + 999) / 1000
      guard seconds < minimumLifetime.seconds else { return }
      session.note(
        "warning: the server's tokens live for \(Clock.text(seconds: seconds)), less than --min-ttl: "
          + "each call refreshes them")
    }
  }

  /// What there is although a refresh has failed.
  private func remainder(_ fresh: FreshToken) -> String {
    if fresh.wasRefreshed { return "the new tokens are not saved" }
    return fresh.hasUncertainEnd
      ? "the end of the access token is unknown: the clock was wrong when it was saved, or is wrong now"
      : "the access token is still valid"
  }

  private func print(_ token: OAuthToken?, _ result: String, error: String?) throws(Failure) {
    var object = JSONObject()
    if let id = token?.id { object.set("id", id) }
    if let name = token?.userName { object.set("user_name", name) }
    object.set("result", result)
    if let expiry = token?.expiresAt { object.set("expires_at", expiry.text) }
    if let error { object.set("error", error) }
    try StandardOutput.write(object.text + "\n")
  }

  private func sentence(of error: any Error) -> String { Failure(error)?.sentence ?? "\(error)" }
}
