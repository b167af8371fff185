import TokenVault

/// How old the data key of a vault is.
struct KeyAge {
  /// A data key that is older than this many seconds is due: 90 days.
  static let standardLimit: Int64 = 90 * 86_400

  private let id: String
  private let made: Timestamp
  private let now: Timestamp
  /// Names the vault, so that the command of a warning does not act on the default one.
  private let option: String

  init(_ status: VaultStatus, now: Timestamp) {
    (id, made, self.now) = (status.dataKeyID, status.dataKeyMade, now)
    option = "--vault \(status.path.shellPath)"
  }

  var seconds: Int64 {
    (now.millisecondsSince1970 - made.millisecondsSince1970) / 1000
  }

  var sentence: String { "data key \(id), made \(Clock.distance(to: made, from: now))" }

  /// Whether it is older than so many seconds.
  func isDue(limit: Int64) -> Bool { seconds > limit }

  /// What to say where it is older than it should be, or newer than the clock.
  func warning(limit: Int64) -> String? {
    if seconds < 0 {
      return
        "warning: the data key is newer than the clock, which says \(now): \(VaultTime.remedy) \(option)"
    }
    guard isDue(limit: limit) else { return nil }
    return
      "warning: the data key is \(seconds / 86_400) days old, and should be renewed: tokenvault rotate \(option)"
  }

  func add(to object: inout JSONObject) {
    object.set("data_key_id", id)
    object.set("data_key_made", made.description)
    object.set("data_key_age_days", seconds / 86_400)
  }
}
