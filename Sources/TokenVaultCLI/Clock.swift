import Glibc
import TokenVault

/// The time of day.
enum Clock {
  static var now: Timestamp {
    var time = timespec()
    unsafe clock_gettime(CLOCK_REALTIME, &time)
    let milliseconds = Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    return Timestamp(millisecondsSince1970: milliseconds) ?? epoch
  }

  // A clock beyond the year 9999 is wrong anyway.
  private static var epoch: Timestamp {
    guard let epoch = Timestamp(millisecondsSince1970: 0) else { preconditionFailure() }
    return epoch
  }

  /// How far a moment is from another, in one unit: `in 3 h`, `2 d ago`.
  static func distance(to moment: Timestamp, from now: Timestamp) -> String {
    let seconds = (moment.millisecondsSince1970 - now.millisecondsSince1970) / 1000
    let size = seconds.magnitude
    let text =
      switch size {
      case ..<120: "\(size) s"
      case ..<7200: "\(size / 60) min"
      case ..<172_800: "\(size / 3600) h"
      default: "\(size / 86_400) d"
      }
    return moment < now ? "\(text) ago" : "in \(text)"
  }
}
