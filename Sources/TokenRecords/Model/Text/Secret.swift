/// Text that must not be shown by accident: it prints, reflects and interpolates as redacted.
///
/// The text is an ordinary Swift string, which is not cleansed when it is freed.
public struct Secret: Sendable {
  /// The secret text; the caller decides where it goes.
  public let revealed: String

  /// Wraps a text.
  public init(_ text: String) { revealed = text }
}

extension Secret: Hashable {
  /// Equal if the UTF-8 bytes are equal; Unicode equivalence does not count.
  public static func == (left: Secret, right: Secret) -> Bool {
    ExactText(left.revealed) == ExactText(right.revealed)
  }
  /// Hashes the UTF-8 bytes.
  public func hash(into hasher: inout Hasher) { ExactText(revealed).hash(into: &hasher) }
}

extension Secret: ExpressibleByStringLiteral {
  /// Wraps a literal: for tests.
  public init(stringLiteral value: String) { self.init(value) }
}

extension Secret: CustomStringConvertible, CustomReflectable {
  /// `<redacted>`, whatever the text.
  public var description: String { "<redacted>" }
  /// Shows nothing.
  public var customMirror: Mirror { Mirror(self, children: []) }
}
