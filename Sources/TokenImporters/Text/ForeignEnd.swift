internal import Glibc
internal import TokenRecords

/// The end of an access token as other programs write it.
enum ForeignEnd {
  /// What a time without a zone means.
  enum Zone { case utc, host }

  /// The text of the field `expires_at`; nil if there is no end, also one that Go's zero time stands for. A text that is
  /// no time is an unknown end, so that the token is due.
  static func text(_ text: String?, zone: Zone = .utc) -> String? {
    guard let text, !text.isEmpty else { return nil }
    return switch AnswerTime(text) {
    case .moment(let moment): moment.description
    case .never: nil
    case .withoutZone: (moment("\(text)Z", zone).map { Expiry.at($0) } ?? .unknown).text
    case .unreadable: Expiry.unknown.text
    }
  }

  /// The same for a member of a JSON object; one that is no text and no number is an unknown end.
  static func text(of value: JSONTree?, zone: Zone = .utc) -> String? {
    switch value {
    case nil, .literal("null"): nil
    case .text(let text): self.text(text.revealed, zone: zone)
    case .literal(let number): self.text(number, zone: zone)
    case .object, .array: Expiry.unknown.text
    }
  }

  private static func moment(_ text: String, _ zone: Zone) -> Timestamp? {
    guard case .moment(let moment) = AnswerTime(text) else { return nil }
    return zone == .utc ? moment : onThisHost(moment)
  }

  /// The moment at which the clocks of the host's zone show what those of UTC show at `moment`.
  private static func onThisHost(_ moment: Timestamp) -> Timestamp? {
    var seconds = time_t(moment.millisecondsSince1970 / 1000)
    var clock = unsafe tm()
    guard unsafe gmtime_r(&seconds, &clock) != nil else { return nil }
    // The host decides about summer time.
    unsafe clock.tm_isdst = -1
    let shift = Int64(unsafe mktime(&clock)) - Int64(seconds)
    return moment.adding(seconds: shift)
  }
}
