/// Text that must not be shown by accident: it prints, reflects and interpolates as redacted.
///
/// The text itself is an ordinary Swift string, which is not cleansed when it is let go.
/// Two secrets are equal when their UTF-8 bytes are, not when Unicode calls them equivalent.
public struct Secret: Sendable {
  /// The secret text. Whoever reads this decides where it goes.
  public let revealed: String

  /// Wraps a text.
  public init(_ text: String) { revealed = text }
}

extension Secret: Hashable {
  /// Equal in their UTF-8 bytes.
  public static func == (left: Secret, right: Secret) -> Bool {
    ExactText(left.revealed) == ExactText(right.revealed)
  }
  /// By the UTF-8 bytes.
  public func hash(into hasher: inout Hasher) { ExactText(revealed).hash(into: &hasher) }
}

extension Secret: ExpressibleByStringLiteral {
  /// Wraps a literal: for tests.
  public init(stringLiteral value: String) { self.init(value) }
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// `<redacted>`, whatever the text.
  public var description: String { "<redacted>" }
  /// `<redacted>`, whatever the text.
  public var debugDescription: String { description }
  /// Shows nothing.
  public var customMirror: Mirror { Mirror(self, children: []) }
}
