/// Builds one record from names and values, for both codecs.
struct RecordBuilder {
  private var fields = PackedFields.Builder()
  private var attributes = TokenAttributes()
  private var revision = 0
  private var history = RecordHistory()
  private var seen: UInt32 = 0
  private let now: Timestamp?

  /// `now` is the time that `expires_in` counts from; nil for stored records, which have no such, empty or null field.
  init(now: Timestamp?) { self.now = now }

  /// Whether the record is one that a vault has stored, which has one form alone.
  var isStored: Bool { now == nil }

  /// Marks a name as seen; throws if it, or another name for the same field, was seen before.
  mutating func rejectDuplicate(_ name: RecordName, at offset: Int) throws(RecordFault) {
    switch name {
    case .field(let field): try rejectDuplicate(field, at: offset)
    case .attribute(let name):
      guard attributes[name] == nil else {
        throw RecordFault(.duplicateName(nil), at: offset)
      }
    case .expiresIn, .zohoExpiry, .expiresInSeconds:
      guard now != nil else { throw RecordFault(.notStored, at: offset) }
      // Zoho's servers send both; see `setExpiresIn`.
      let both = RecordName.expiresIn.bit | RecordName.expiresInSeconds.bit
      let allowed = name == .zohoExpiry ? 0 : both & ~name.bit
      try rejectDuplicate(name, RecordName.expiryBits & ~allowed, at: offset)
    case .revision, .history: try rejectDuplicate(name, name.bit, at: offset)
    }
  }

  mutating func rejectDuplicate(_ field: TokenField, at offset: Int) throws(RecordFault) {
    let bit: UInt32 = 1 << UInt32(field.rawValue)
    if field != .expiresAt, seen & bit == 0 {
      seen |= bit
    } else {
      let excluded = field == .expiresAt ? RecordName.expiryBits : bit
      try rejectDuplicate(RecordName.field(field), excluded, at: offset)
    }
  }

  /// Marks a name as seen; throws if one of `excluded`, which includes the name, was seen before.
  private mutating func rejectDuplicate(
    _ name: RecordName, _ excluded: UInt32, at offset: Int
  ) throws(RecordFault) {
    guard seen & excluded == 0 else {
      let isSame = seen & name.bit != 0
      throw RecordFault(isSame ? .duplicateName(name.text) : .severalExpiries, at: offset)
    }
    seen |= name.bit
  }

  /// Sets a field to UTF-8 bytes; `range` is their place in the text that the codec reads, if they are in it.
  @inline(__always) mutating func set(
    _ field: TokenField, _ text: Span<UInt8>, at range: Range<Int>?
  ) {
    if field == .expiresAt, Timestamp(canonical: text) == nil {
      return setExpiresAt(text, at: range)
    }
    if let range { fields.set(field, at: range) } else { fields.set(field, text) }
  }

  /// Normalizes RFC 3339 to UTC with milliseconds; keeps another text.
  private mutating func setExpiresAt(_ text: Span<UInt8>, at range: Range<Int>?) {
    if let moment = Timestamp(text) {
      fields.set(.expiresAt, moment.description.utf8.span)
    } else if let range {
      fields.set(.expiresAt, at: range)
    } else {
      fields.set(.expiresAt, text)
    }
  }

  /// The record, out of the text that was read; the builder is spent then.
  mutating func makeToken(from text: Span<UInt8>) -> OAuthToken {
    var token = OAuthToken(fields.pack(from: text))
    token.attributes = attributes
    (token.revision, token.history) = (revision, history)
    return token
  }

  /// Refuses an empty known field in a stored record, unless an empty text is a value of the field.
  func checkStored(
    _ field: TokenField, isEmpty: Bool, at offset: Int
  ) throws(RecordFault) {
    if isEmpty, now == nil, !field.mayBeEmpty { throw RecordFault(.notStored, at: offset) }
  }

  mutating func set(_ name: String, _ value: AttributeValue) { attributes[name] = value }

  /// Seconds from now, as RFC 6749 section 5.1 counts them.
  ///
  /// Zoho's servers send seconds as `expires_in_sec` and milliseconds as `expires_in`: the former wins, in any order.
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
    guard let revision = Int(text), (0...TokenTable.counterLimit).contains(revision),
      !isStored || String(revision) == text
    else {
      throw RecordFault(.notRevision, at: offset)
    }
    self.revision = revision
  }

  /// Sets the history of a stored record; ignores that of a record from outside.
  mutating func setHistory(
    _ field: HistoryField, _ text: Span<UInt8>, at offset: Int
  ) throws(RecordFault) {
    guard now == nil else { return }
    guard history.set(field, text) else { throw RecordFault(.notStored, at: offset) }
  }
}
