/// Puts one record together from names and values, the same for both codecs.
struct RecordBuilder {
  private var fields = PackedFields.Builder()
  private var attributes = TokenAttributes()
  private var revision = 0
  private var history = RecordHistory()
  private var seen: UInt32 = 0
  private let now: Timestamp?

  /// `now` is what `expires_in` counts from; nil for the records that a vault stores, which have no such
  /// field, and no empty or null one.
  init(now: Timestamp?) { self.now = now }

  /// Notes that a name was given, and refuses it the second time.
  mutating func note(_ name: RecordName, at offset: Int) throws(RecordFault) {
    switch name {
    case .field(let field): try note(field, at: offset)
    case .attribute(let name):
      guard attributes[name] == nil else {
        throw RecordFault(.duplicateName(nil), at: offset)
      }
    case .expiresIn, .zohoExpiry, .expiresInSeconds:
      guard now != nil else { throw RecordFault(.notStored, at: offset) }
      // Zoho's servers send both; see `setExpiresIn`.
      let both = RecordName.expiresIn.bit | RecordName.expiresInSeconds.bit
      let allowed = name == .zohoExpiry ? 0 : both & ~name.bit
      try note(name, RecordName.expiryBits & ~allowed, at: offset)
    case .revision, .history: try note(name, name.bit, at: offset)
    }
  }

  mutating func note(_ field: TokenField, at offset: Int) throws(RecordFault) {
    let bit: UInt32 = 1 << UInt32(field.rawValue)
    if field != .expiresAt, seen & bit == 0 {
      seen |= bit
    } else {
      let excluded = field == .expiresAt ? RecordName.expiryBits : bit
      try note(RecordName.field(field), excluded, at: offset)
    }
  }

  /// Notes a name that must not stand beside those of `excluded`, itself among them.
  private mutating func note(
    _ name: RecordName, _ excluded: UInt32, at offset: Int
  ) throws(RecordFault) {
    guard seen & excluded == 0 else {
      let isSame = seen & name.bit != 0
      throw RecordFault(isSame ? .duplicateName(name.text) : .severalExpiries, at: offset)
    }
    seen |= name.bit
  }

  /// Sets a field to UTF-8 bytes; `range` says where in the text that is read they stand, if they do.
  @inline(__always) mutating func set(
    _ field: TokenField, _ text: Span<UInt8>, at range: Range<Int>?
  ) {
    if field == .expiresAt, Timestamp(canonical: text) == nil {
      return setExpiresAt(text, at: range)
    }
    if let range { fields.set(field, at: range) } else { fields.set(field, text) }
  }

  /// RFC 3339 is brought to its one form, in UTC with milliseconds; another text stays.
  private mutating func setExpiresAt(_ text: Span<UInt8>, at range: Range<Int>?) {
    if let moment = Timestamp(text) {
      fields.set(.expiresAt, moment.description.utf8.span)
    } else if let range {
      fields.set(.expiresAt, at: range)
    } else {
      fields.set(.expiresAt, text)
    }
  }

  /// The record, with the text that was read; the builder is done with then.
  mutating func takeToken(from text: Span<UInt8>) -> OAuthToken {
    var token = OAuthToken(fields.take(from: text))
    token.attributes = attributes
    (token.revision, token.history) = (revision, history)
    return token
  }

  /// Refuses a known field that says nothing, where it is a vault's.
  func checkStored(isEmpty: Bool, at offset: Int) throws(RecordFault) {
    if isEmpty, now == nil { throw RecordFault(.notStored, at: offset) }
  }

  mutating func set(_ name: String, _ value: AttributeValue) { attributes[name] = value }

  /// Seconds from now, as RFC 6749 section 5.1 counts them.
  ///
  /// Zoho's servers send `expires_in_sec` for the seconds, and then milliseconds in `expires_in`: that does not
  /// count beside it, wherever it stands.
  mutating func setExpiresIn(
    _ text: String, as name: RecordName, at offset: Int
  ) throws(RecordFault) {
    if name == .expiresIn, seen & RecordName.expiresInSeconds.bit != 0 { return }
    guard let seconds = Int64(text), let moment = now?.adding(seconds: seconds) else {
      throw RecordFault(.notSeconds, at: offset)
    }
    fields.set(.expiresAt, moment.description.utf8.span)
  }

  mutating func setZohoExpiry(_ text: String) {
    let expiry = text.isEmpty ? .unreadable("") : Expiry(zohoMilliseconds: text)
    set(.expiresAt, expiry.text.utf8.span, at: nil)
  }

  mutating func setRevision(_ text: String, at offset: Int) throws(RecordFault) {
    guard let revision = Int(text), (0...TokenTable.counterLimit).contains(revision) else {
      throw RecordFault(.notRevision, at: offset)
    }
    self.revision = revision
  }

  /// A vault's own; what a given record says of its history is not looked at.
  mutating func setHistory(
    _ field: HistoryField, _ text: Span<UInt8>, at offset: Int
  ) throws(RecordFault) {
    guard now == nil else { return }
    guard history.set(field, text) else { throw RecordFault(.notStored, at: offset) }
  }
}

/// What a name in a record stands for.
package enum RecordName: Equatable {
  case field(TokenField)
  case revision
  case history(HistoryField)
  case expiresIn
  case expiresInSeconds
  case zohoExpiry
  case attribute(String)

  static let expiresInText = "expires_in"
  static let expiresInSecondsText = "expires_in_sec"
  static let zohoExpiryText = "expiry_time"
  static let revisionText = "revision"

  init(_ text: String) {
    switch text {
    case Self.revisionText: self = .revision
    case Self.expiresInText: self = .expiresIn
    case Self.expiresInSecondsText: self = .expiresInSeconds
    case Self.zohoExpiryText: self = .zohoExpiry
    default: self = Self.members[ExactText(text)] ?? .attribute(text)
    }
  }

  private static let members = Dictionary(
    uniqueKeysWithValues: TokenField.allCases.map { (ExactText($0.name), RecordName.field($0)) }
      + HistoryField.allCases.map { (ExactText($0.name), RecordName.history($0)) })

  /// The names that TokenVault knows.
  var text: String? {
    switch self {
    case .field(let field): field.name
    case .revision: Self.revisionText
    case .history(let field): field.name
    case .expiresIn: Self.expiresInText
    case .expiresInSeconds: Self.expiresInSecondsText
    case .zohoExpiry: Self.zohoExpiryText
    case .attribute: nil
    }
  }

  /// One bit for each known name.
  var bit: UInt32 {
    switch self {
    case .field(let field): 1 << UInt32(field.rawValue)
    case .history(let field): 1 << UInt32(24 + field.rawValue)
    case .expiresInSeconds: 1 << 28
    case .revision: 1 << 29
    case .expiresIn: 1 << 30
    case .zohoExpiry: 1 << 31
    case .attribute: 0
    }
  }

  static let expiryBits =
    RecordName.field(.expiresAt).bit | RecordName.expiresIn.bit | RecordName.expiresInSeconds.bit
    | RecordName.zohoExpiry.bit
}
