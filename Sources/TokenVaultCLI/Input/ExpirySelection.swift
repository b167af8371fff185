import ArgumentParser
import TokenVault

/// Selects records by the expiry of their access token; none without an expiry, or with one that cannot be read.
struct ExpirySelection: ParsableArguments {
  @Flag(help: "Only records whose access token has expired.")
  var expired = false

  @Option(help: .init("Only records that expire within this time, or at an unknown time.", "time"))
  var expiring: TimeSpan?

  func validate() throws {
    if expired, expiring != nil { throw ValidationError("give one of --expired and --expiring") }
  }

  /// The selected ones of these records; all without an option.
  func of(_ tokens: [OAuthToken], at now: VaultTime) -> [OAuthToken] {
    guard expired || expiring != nil else { return tokens }
    return tokens.filter { token in
      let isUnknown = token.expiresAt == .unknown || token.hasUncertainEnd(at: now)
      if isUnknown { return expiring != nil }
      return token.expiresAt?.moment.map { selects($0, now.clock) } ?? false
    }
  }

  private func selects(_ moment: Timestamp, _ now: Timestamp) -> Bool {
    guard let expiring else { return moment <= now }
    guard moment > now else { return false }
    // A time beyond the year 9999 is later than every expiry.
    return now.adding(seconds: expiring.seconds).map { moment <= $0 } ?? true
  }

  var emptySentence: String {
    if expired { return "no access token has expired" }
    return expiring == nil
      ? "the vault holds no tokens" : "no access token expires within that time"
  }
}
