import TokenVault

/// Tells what has become of a refresh. Never the token: that is what `token` is for.
struct RefreshPrinter {
  let session: Session

  /// Prints a record that is fresh now.
  func print(_ fresh: FreshToken) throws(Failure) {
    let token = fresh.token
    let result = fresh.wasRefreshed ? "refreshed" : fresh.failure == nil ? "fresh" : "still valid"
    if session.json { return try print(token, result, error: fresh.failure.map(sentence)) }
    let end = token.expiresAt?.moment.map { ", ends \(Clock.distance(to: $0, from: Clock.now))" }
    try StandardOutput.write(
      DisplayText.oneLine("\(token.id ?? "")  \(token.userName ?? "-")  \(result)\(end ?? "")")
        + "\n")
  }

  /// Prints a record that could not be refreshed, where there are several.
  func print(_ token: OAuthToken, failed error: any Error) throws(Failure) {
    if session.json { return try print(token, "failed", error: sentence(of: error)) }
    StandardError.write("tokenvault: \(DisplayText.oneLine(sentence(of: error)))")
  }

  /// Says why a token was not refreshed that is still valid.
  func warn(of fresh: FreshToken) {
    if let failure = fresh.failure {
      session.note("warning: \(sentence(of: failure)); the access token is still valid")
    }
  }

  private func print(_ token: OAuthToken, _ result: String, error: String?) throws(Failure) {
    var object = JSONObject()
    object.set("id", token.id ?? "")
    if let name = token.userName { object.set("user_name", name) }
    object.set("result", result)
    if let expiry = token.expiresAt { object.set("expires_at", expiry.text) }
    if let error { object.set("error", error) }
    try StandardOutput.write(object.text + "\n")
  }

  private func sentence(of error: any Error) -> String { Failure(error)?.sentence ?? "\(error)" }
}
