/// A refresh that has failed or has not ended. Indirect, because every record has room for one and few have one.
public indirect enum RefreshState: Sendable, Hashable {
  /// This process began a call at this time, and no answer is saved: the call is under way, or the process died.
  case begun(at: Timestamp, process: Int32)
  /// A call at this time got no answer, so it is unknown whether the server rotated the refresh token.
  case unanswered(at: Timestamp)
  /// Rejected for good by the server; the cause may be an earlier call without an answer, at the time `unanswered`.
  case rejected(at: Timestamp, code: RejectionCode, unanswered: Timestamp?)
}

extension RefreshState {
  /// The time of a call whose outcome is unknown.
  package var unansweredAt: Timestamp? {
    switch self {
    case .begun(let moment, _), .unanswered(let moment): moment
    case .rejected(_, _, let moment): moment
    }
  }

  var times: [Timestamp] {
    switch self {
    case .begun(let moment, _), .unanswered(let moment): [moment]
    case .rejected(let moment, _, let unanswered): [moment, unanswered].compactMap(\.self)
    }
  }

  /// Whether the server has rejected the refresh token for good.
  public var isRejected: Bool {
    if case .rejected = self { true } else { false }
  }
}

extension RefreshState {
  /// The stored form: `begun TIME PROCESS`, `unanswered TIME`, `rejected TIME CODE [TIME]`.
  package var text: String {
    switch self {
    case .begun(let moment, let process): "begun \(moment) \(process)"
    case .unanswered(let moment): "unanswered \(moment)"
    case .rejected(let moment, let code, nil): "rejected \(moment) \(code.text)"
    case .rejected(let moment, let code, let unanswered?):
      "rejected \(moment) \(code.text) \(unanswered)"
    }
  }

  /// Reads exactly what ``text`` writes.
  init?(_ text: String) {
    let words = text.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
    guard words.count >= 2, let moment = Timestamp(words[1]) else { return nil }
    switch (words[0], words.count) {
    case ("begun", 3):
      guard let process = Int32(words[2]) else { return nil }
      self = .begun(at: moment, process: process)
    case ("unanswered", 2): self = .unanswered(at: moment)
    case ("rejected", 3), ("rejected", 4):
      let unanswered = words.count == 4 ? Timestamp(words[3]) : nil
      guard let code = RejectionCode(words[2]), words.count == 3 || unanswered != nil else {
        return nil
      }
      self = .rejected(at: moment, code: code, unanswered: unanswered)
    default: return nil
    }
    guard ExactText(self.text) == ExactText(text) else { return nil }
  }
}

/// The word by which a server refuses a refresh token for good, as `invalid_grant` (RFC 6749, section 5.2).
public struct RejectionCode: Sendable, Hashable {
  /// The word: 1 to 64 visible ASCII characters without `"` and `\`, as the RFC allows; JSON needs no escapes for it.
  public let text: String

  /// The code, or nil if the text is not one.
  public init?(_ text: String) {
    guard (1...64).contains(text.utf8.count), text.utf8.allSatisfy(Self.isAllowed) else {
      return nil
    }
    self.text = text
  }

  private static func isAllowed(_ byte: UInt8) -> Bool {
    (0x21...0x7E).contains(byte) && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
  }
}
