import TokenVault

/// Spans of time in one unit, for a person.
enum TimeText {
  /// How far a moment is from another: `in 3 h`, `2 d ago`.
  static func distance(to moment: Timestamp, from now: Timestamp) -> String {
    let text = span(seconds: now.seconds(until: moment))
    return moment < now ? "\(text) ago" : "in \(text)"
  }

  /// `90 s`, `8 h`; the sign is left out.
  static func span(seconds: Int64) -> String {
    let size = seconds.magnitude
    return switch size {
    case ..<120: "\(size) s"
    case ..<7200: "\(size / 60) min"
    case ..<172_800: "\(size / 3600) h"
    default: "\(size / 86_400) d"
    }
  }
}

extension Timestamp {
  /// Whole seconds from this moment until another, rounded towards zero.
  func seconds(until other: Timestamp) -> Int64 {
    (other.millisecondsSince1970 - millisecondsSince1970) / 1000
  }
}
