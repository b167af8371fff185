/// A moment as a token endpoint or a file of tokens has it.
///
/// Programs write RFC 3339 with a blank for the `T`, with `UTC` or `+0000` for the zone, or without seconds; or a number
/// of seconds or milliseconds since 1970, which their digits tell apart: 10 and 13.
package enum AnswerTime: Equatable {
  case moment(Timestamp)
  /// The zero time of Go's `oauth2.Token`, for a token that has no end.
  case never
  /// A date and a time without a zone: it may mean any of 26 hours.
  case withoutZone
  case unreadable

  /// Reads a text or the text of a number.
  package init(_ text: String) {
    if let moment = Timestamp(text) ?? AnswerNumber(text.utf8.span)?.moment {
      self = moment == Self.zeroOfGo ? .never : .moment(moment)
    } else {
      self = Self.read(text)
    }
  }

  /// `0001-01-01T00:00:00Z`.
  private static let zeroOfGo = Timestamp(millisecondsSince1970: -62_135_596_800_000)

  private static func read(_ text: String) -> AnswerTime {
    guard text.utf8.count <= 64, let parts = Parts(text) else { return .unreadable }
    guard let zone = parts.zone else {
      return Timestamp("\(parts.date)T\(parts.time)Z") == nil ? .unreadable : .withoutZone
    }
    let moment = Timestamp("\(parts.date)T\(parts.time)\(zone)")
    return moment.map { $0 == zeroOfGo ? .never : .moment($0) } ?? .unreadable
  }
}

/// The parts of a time as RFC 3339 writes them; nil for no zone.
private struct Parts {
  let date: String
  let time: String
  let zone: String?

  /// Nil for a text without the shape of a date and a time.
  init?(_ text: String) {
    let trimmed = text.trimmed
    let date = trimmed.prefix(10)
    let rest = trimmed.dropFirst(10)
    guard date.utf8.count == 10, let mark = rest.first, "Tt ".contains(mark) else { return nil }
    let time = rest.dropFirst().drop { $0 == " " }
    let clock = time.prefix { "0123456789:.,".contains($0) }
    guard clock.utf8.count >= 5 else { return nil }
    let zone = String(time.dropFirst(clock.count)).trimmed
    self.date = String(date)
    self.time = clock.replacing(",", with: ".") + (clock.utf8.count == 5 ? ":00" : "")
    if zone.isEmpty { self.zone = nil } else { self.zone = Self.offset(zone) ?? "none" }
  }

  /// `Z` or `±HH:MM`, for a zone in one of its other spellings.
  private static func offset(_ zone: String) -> String? {
    if ["z", "utc", "gmt"].contains(zone.lowercased()) { return "Z" }
    // Go writes the zone's name behind the offset.
    let offset = zone.prefix { $0 != " " }
    let name = zone.dropFirst(offset.count).drop { $0 == " " }
    let digits = offset.dropFirst().replacing(":", with: "")
    guard let sign = offset.first, "+-".contains(sign), [2, 4].contains(digits.utf8.count),
      digits.utf8.allSatisfy({ (48...57).contains($0) }), name.utf8.allSatisfy({ $0 >= 65 })
    else { return nil }
    return "\(sign)\(digits.prefix(2)):\(digits.utf8.count == 2 ? "00" : digits.suffix(2))"
  }
}

extension String {
  /// The text without blanks at its start and end.
  var trimmed: String {
    var text = self[...].drop { $0 == " " }
    while text.last == " " { text.removeLast() }
    return String(text)
  }
}
