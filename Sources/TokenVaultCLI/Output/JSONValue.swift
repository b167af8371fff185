import TokenVault

/// A value with a JSON form (RFC 8259).
protocol JSONValue {
  /// The text in one line; nil for an absent value, whose member an object leaves out.
  var jsonText: String? { get }
  /// The same text in pieces, for a value that is too large to build at once.
  var jsonPieces: AnySequence<String> { get }
}

extension JSONValue {
  var jsonPieces: AnySequence<String> { AnySequence([jsonText ?? "null"]) }
}

extension String: JSONValue {
  var jsonText: String? { JSONRecordEncoder.string(self) }
}

extension JSONValue where Self: CustomStringConvertible {
  var jsonText: String? { description }
}

extension Bool: JSONValue {}
extension Int: JSONValue {}
extension Int64: JSONValue {}
extension UInt64: JSONValue {}

extension Optional: JSONValue where Wrapped: JSONValue {
  var jsonText: String? { flatMap(\.jsonText) }
}

extension Array: JSONValue where Element: JSONValue {
  var jsonText: String? { "[\(compactMap(\.jsonText).joined(separator: ","))]" }
}
