import TokenVault

/// The time of day, and how far from it a moment is.
enum Clock {
  static var now: Timestamp { .now }

  /// What to say of an access token whose end a wrong clock has told, or tells now; nil for any other.
  static func warning(of token: OAuthToken, at now: VaultTime) -> String? {
    guard token.hasUncertainEnd(at: now) else { return nil }
    return
      "warning: the end of this access token is unknown: the clock was wrong when it was saved, or is wrong "
      + "now, and says \(now.clock)"
  }

  /// How far a moment is from another, in one unit: `in 3 h`, `2 d ago`.
  static func distance(to moment: Timestamp, from now: Timestamp) -> String {
    let seconds = (moment.millisecondsSince1970 - now.millisecondsSince1970) / 1000
    let text = text(seconds: seconds)
    return moment < now ? "\(text) ago" : "in \(text)"
  }

  /// A span of time in one unit: `90 s`, `8 h`.
  static func text(seconds: Int64) -> String {
    let size = seconds.magnitude
    return switch size {
    case ..<120: "\(size) s"
    case ..<7200: "\(size / 60) min"
    case ..<172_800: "\(size / 3600) h"
    default: "\(size / 86_400) d"
    }
  }
}
