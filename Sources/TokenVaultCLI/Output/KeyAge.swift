import TokenVault

/// The age of a vault's data-encryption key (DEK).
struct KeyAge {
  /// A data key older than this many seconds is due for rotation: 90 days.
  static let standardLimit: Int64 = 90 * 86_400

  private let id: String
  private let made: Timestamp
  private let now: Timestamp
  /// Names the vault, so that the command of a warning does not act on the default one.
  private let option: String

  init(_ status: VaultStatus, now: Timestamp = .now) {
    (id, made, self.now) = (status.dataKeyID, status.dataKeyMade, now)
    option = "--vault \(status.path.shellPath)"
  }

  private var seconds: Int64 { made.seconds(until: now) }

  var text: String { "\(id), made \(TimeText.distance(to: made, from: now))" }

  func isDue(limit: Int64) -> Bool { seconds > limit }

  /// The warning about a key that is due, or newer than the clock.
  func warning(limit: Int64) -> String? {
    if seconds < 0 {
      return
        "warning: the data key is newer than the clock, which says \(now): \(VaultTime.remedy) \(option)"
    }
    guard isDue(limit: limit) else { return nil }
    return
      "warning: the data key is \(seconds / 86_400) days old, and should be rotated: tokenvault rotate \(option)"
  }

  var json: JSONObject {
    [
      "data_key_id": id, "data_key_made": made.description, "data_key_age_days": seconds / 86_400,
    ]
  }
}
