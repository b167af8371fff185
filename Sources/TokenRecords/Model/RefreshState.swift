/// A refresh that did not come to a good end, or has not yet.
///
/// Indirect, because each record has room for one and few have one.
public indirect enum RefreshState: Sendable, Hashable {
  /// A call was begun at this time by this process, and its answer was not saved. Either it is still under
  /// way, or the process has died.
  case begun(at: Timestamp, process: Int32)
  /// A call at this time got no answer, so that nobody knows what the server did.
  case unanswered(at: Timestamp)
  /// The server has refused the refresh token, and will not take it again. Where a call before had no
  /// answer, that may be why: `unanswered` is its time.
  case rejected(at: Timestamp, code: RejectionCode, unanswered: Timestamp?)
}

extension RefreshState {
  /// When a call was made that nobody has heard of since.
  package var unansweredAt: Timestamp? {
    switch self {
    case .begun(let moment, _), .unanswered(let moment): moment
    case .rejected(_, _, let moment): moment
    }
  }

  /// Every time that it tells.
  var times: [Timestamp] {
    switch self {
    case .begun(let moment, _), .unanswered(let moment): [moment]
    case .rejected(let moment, _, let unanswered): [moment, unanswered].compactMap(\.self)
    }
  }

  /// Whether the refresh token is of no use any more.
  public var isRejected: Bool {
    if case .rejected = self { true } else { false }
  }
}

extension RefreshState {
  /// As a vault writes it: `begun TIME PROCESS`, `unanswered TIME`, `rejected TIME CODE [TIME]`.
  package var text: String {
    switch self {
    case .begun(let moment, let process): "begun \(moment) \(process)"
    case .unanswered(let moment): "unanswered \(moment)"
    case .rejected(let moment, let code, nil): "rejected \(moment) \(code.text)"
    case .rejected(let moment, let code, let unanswered?):
      "rejected \(moment) \(code.text) \(unanswered)"
    }
  }

  /// Reads what `text` writes, and nothing looser.
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
  /// The word: 1 to 64 visible ASCII characters, neither `"` nor `\` among them, as the RFC has it. JSON
  /// therefore writes each as it is.
  public let text: String

  /// The word, or nil for what is none.
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
