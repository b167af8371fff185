/// The end of an access token.
public enum Expiry: Sendable, Hashable {
  /// The token ends at this moment.
  case at(Timestamp)
  /// The end of the token is unknown, so that it is due; the text `unknown`.
  case unknown
  /// The source had a text that is not a time; it is kept unchanged.
  case unreadable(String)

  private static let unknownText = "unknown"

  /// From the text of the field `expires_at`: RFC 3339, `unknown`, or any other text.
  public init(_ text: String) {
    if text == Self.unknownText {
      self = .unknown
    } else {
      self = Timestamp(text).map(Expiry.at) ?? .unreadable(text)
    }
  }

  /// From the Zoho SDK's `expiry_time`: milliseconds since 1970 in plain decimal; 0 for an unknown end.
  ///
  /// Any other text, and a number beyond the year 9999, is kept unchanged.
  package init(zohoMilliseconds text: String) {
    let number = Int64(text).flatMap { String($0) == text ? $0 : nil }
    let moment = number.flatMap(Timestamp.init(millisecondsSince1970:))
    self = number == 0 ? .unknown : moment.map(Expiry.at) ?? .unreadable(text)
  }

  /// The text of the field `expires_at`.
  public var text: String {
    switch self {
    case .at(let moment): moment.description
    case .unknown: Self.unknownText
    case .unreadable(let text): text
    }
  }

  /// The text of the Zoho SDK's `expiry_time`; 0 for an unknown end, since the SDK takes an empty one for a token that
  /// never ends.
  package var zohoMilliseconds: String {
    switch self {
    case .at(let moment): String(moment.millisecondsSince1970)
    case .unknown: "0"
    case .unreadable(let text): text
    }
  }

  /// The moment, if the text was one.
  public var moment: Timestamp? {
    if case .at(let moment) = self { moment } else { nil }
  }
}
