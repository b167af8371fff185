import ArgumentParser
import TokenVault

/// Records by when their access token ends. One whose end cannot be read, or that tells none, is never meant.
struct ExpirySelection: ParsableArguments {
  @Flag(help: "Only records whose access token has ended.")
  var expired = false

  @Option(
    help: ArgumentHelp(
      "Only records whose access token ends within this time, and has not yet, or whose end a wrong clock left unknown.",
      valueName: "time"))
  var expiring: TimeSpan?

  func validate() throws {
    if expired, expiring != nil { throw ValidationError("give one of --expired and --expiring") }
  }

  /// Those of the records that are meant; all where nothing was said.
  func of(_ tokens: [OAuthToken], at now: VaultTime) -> [OAuthToken] {
    guard expired || expiring != nil else { return tokens }
    return tokens.filter { token in
      if token.hasUncertainEnd(at: now) { return expiring != nil }
      return token.expiresAt?.moment.map { means($0, now.clock) } ?? false
    }
  }

  private func means(_ moment: Timestamp, _ now: Timestamp) -> Bool {
    guard let expiring else { return moment <= now }
    guard moment > now else { return false }
    // A time that no clock will show is later than every end.
    return now.adding(seconds: expiring.seconds).map { moment <= $0 } ?? true
  }

  /// What to say where no record is meant.
  var emptySentence: String {
    if expired { return "no access token has expired" }
    return expiring == nil
      ? "the vault holds no tokens" : "no access token expires within that time"
  }
}
