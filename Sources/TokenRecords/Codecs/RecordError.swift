/// Why a text is not a list of records, and where; it never quotes the text.
public struct RecordError: Error, Sendable, Equatable {
  /// What is wrong.
  public let reason: Reason
  /// The line, from 1; lines end with LF.
  public let line: Int
  /// The character in the line, from 1: a Unicode scalar, or a byte that belongs to none.
  public let column: Int

  /// Everything that a codec refuses.
  @nonexhaustive public enum Reason: Sendable, Equatable {
    /// The text stops inside a record.
    case unexpectedEnd
    /// Something other than this stands here.
    case expected(String)
    /// Not UTF-8 (RFC 3629).
    case invalidUTF8
    /// Not UTF-16, though its byte order mark says so (RFC 2781).
    case invalidUTF16
    /// A `\u` escape for one half of a surrogate pair.
    case loneSurrogate
    /// A backslash before a character that JSON does not escape.
    case invalidEscape
    /// A control character inside a JSON string.
    case controlCharacter
    /// Not a JSON number.
    case invalidNumber
    /// Values nested deeper than 64 levels.
    case nestedTooDeep
    /// More records than ``RecordFormat/recordCountLimit``.
    case tooManyRecords
    /// More columns of unknown fields than ``RecordFormat/attributeColumnLimit``.
    case tooManyColumns
    /// A record longer than ``RecordFormat/recordSizeLimit``.
    case recordTooLong
    /// A name stands twice in one object or header; nil for an unknown field, whose name may be secret.
    case duplicateName(String?)
    /// This field must be a string.
    case notText(field: String)
    /// `revision` must be a whole number from 0.
    case notRevision
    /// Something that no vault stores: a known field that is null or empty, `expires_in`, `expiry_time`, an array
    /// around the records, or a record without a line end.
    case notStored
    /// The record has no token of its own, but a field with an object that has: nil for a name that may be secret.
    case tokensInside(String?)
    /// The text is something else than records, such as YAML.
    case notRecords(String)
    /// The text has no header row.
    case missingHeader
    /// No name in the header row is the name of a token's field.
    case noTokenColumn
    /// The first row is not a header that the Zoho SDKs write.
    case unknownHeader
    /// The number of values in a row differs from the number of names in the header.
    case valueCount(found: Int, expected: Int)
    /// A quoted value that never ends.
    case unterminatedQuote
    /// A quote inside a value that does not begin with one.
    case strayQuote
    /// Something other than a comma or a line end after a closing quote.
    case textAfterQuote
    /// A carriage return, outside quotes, with no line feed after it.
    case strayCarriageReturn
  }
}

extension RecordError: CustomStringConvertible {
  /// The place and the reason, in lower case without a full stop.
  public var description: String { "line \(line), column \(column): \(reason)" }
}

extension RecordError.Reason: CustomStringConvertible {
  /// The reason in lower case without a full stop.
  public var description: String {
    switch self {
    case .unexpectedEnd: "the text ends inside a record"
    case .expected(let what): "expected \(what)"
    case .invalidUTF8: "not UTF-8"
    case .invalidUTF16: "not UTF-16"
    case .loneSurrogate: "half of a surrogate pair in a \\u escape"
    case .invalidEscape: "an escape that JSON does not have"
    case .controlCharacter: "a control character inside a string; JSON wants it escaped"
    case .invalidNumber: "not a JSON number"
    case .nestedTooDeep: "values nested deeper than \(JSONScanner.depthLimit)"
    case .tooManyRecords: "more than \(RecordFormat.recordCountLimit) records"
    case .tooManyColumns:
      "more than \(RecordFormat.attributeColumnLimit) columns that are no token's"
    case .recordTooLong: "a record longer than \(RecordFormat.recordSizeLimit) bytes"
    case .duplicateName(let name?): "'\(name)' is given twice"
    case .duplicateName(nil): "a name is given twice"
    case .notText(let field): "'\(field)' must be a string"
    case .notRevision: "'revision' must be a whole number"
    case .notStored: "something that a vault's records never have"
    case .tokensInside(let name?): "the tokens are inside '\(name)': give that alone"
    case .tokensInside(nil): "the tokens are inside another field: give that alone"
    case .notRecords(let what): "this is \(what), and no list of records"
    case .missingHeader: "there is no header row"
    case .noTokenColumn: "no column of the header row is a token's"
    case .unknownHeader: "the first row is not a header that the Zoho SDKs write"
    case .valueCount(let found, let expected): "\(found) values in a row of \(expected)"
    case .unterminatedQuote: "a quoted value that never ends"
    case .strayQuote: "a quote inside a value that does not begin with one"
    case .textAfterQuote: "text after a closing quote"
    case .strayCarriageReturn: "a carriage return without a line feed, outside quotes"
    }
  }
}
