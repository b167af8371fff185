/// Builds one record from names and values, for all codecs.
///
/// A stored record has one form. In a record from outside, a name may stand for another, so some values wait until all
/// of the record is read: ``AnswerNames`` has the names, and ``AccessTokenEnd`` decides about the end.
struct RecordBuilder {
  private var fields = PackedFields.Builder()
  private var attributes = TokenAttributes()
  private var revision = 0
  private var history = RecordHistory()
  private var seen: UInt32 = 0
  private let rules: ReadingRules?
  /// The values that wait for the rest of the record.
  private var members: [AnswerMember] = []

  /// A builder by these rules; nil for stored records.
  init(_ rules: ReadingRules?) { self.rules = rules }

  /// Whether the record is one that a vault has stored, which has one form alone.
  var isStored: Bool { rules == nil }

  /// Whether a vault has written the record, by an export or by `find`: then its names are its own.
  var isOwn: Bool { seen & RecordName.revision.bit != 0 && rules?.isAnswer != true }

  /// Whether nothing was set.
  var isEmpty: Bool { seen == 0 && attributes.isEmpty && members.isEmpty }

  /// Whether it has a lifetime, as the answers of token endpoints have.
  var hasLifetime: Bool {
    members.contains { if case .lifetime = $0.role { true } else { false } }
  }

  /// Whether it has an access, refresh or grant token.
  var hasCredential: Bool {
    TokenField.credentials.contains { fields.has($0) }
      || members.contains { member in
        guard case .field(let field, _) = member.role else { return false }
        return TokenField.credentials.contains(field)
      }
  }

  // MARK: Names

  /// Marks a name as seen; returns false if an answer has it twice, of which the first counts.
  ///
  /// - Throws: If a record has the name twice, or a stored one may not have it.
  mutating func accept(_ name: RecordName, at offset: Int) throws(RecordFault) -> Bool {
    switch name {
    case .field(let field): return try accept(field, at: offset)
    case .attribute(let name):
      let isNew =
        attributes[name] == nil && !members.contains { ExactText($0.name) == ExactText(name) }
      if isNew { return true }
      return try refuse(nil, at: offset)
    case .expiresIn, .zohoExpiry, .expiresInSeconds:
      guard !isStored else { throw RecordFault(.notStored, at: offset) }
      return try accept(name.bit, name.text, at: offset)
    case .revision, .history: return try accept(name.bit, name.text, at: offset)
    }
  }

  mutating func accept(_ field: TokenField, at offset: Int) throws(RecordFault) -> Bool {
    let bit: UInt32 = 1 << UInt32(field.rawValue)
    if seen & bit == 0 {
      seen |= bit
      return true
    }
    return try refuse(field.name, at: offset)
  }

  private mutating func accept(
    _ bit: UInt32, _ name: String?, at offset: Int
  ) throws(RecordFault) -> Bool {
    if seen & bit != 0 { return try refuse(name, at: offset) }
    seen |= bit
    return true
  }

  /// Refuses a name that is there twice, unless this is an answer.
  private func refuse(_ name: String?, at offset: Int) throws(RecordFault) -> Bool {
    guard rules?.isAnswer == true else { throw RecordFault(.duplicateName(name), at: offset) }
    return false
  }

  // MARK: Values

  /// Sets a field to UTF-8 bytes; `range` is their place in the text that the codec reads, if they are in it.
  @inline(__always) mutating func set(
    _ field: TokenField, _ text: Span<UInt8>, at range: Range<Int>?
  ) {
    if field == .expiresAt, Timestamp(canonical: text) == nil {
      return setExpiresAt(text, at: range)
    }
    if let range { fields.set(field, at: range) } else { fields.set(field, text) }
  }

  private mutating func setExpiresAt(_ text: Span<UInt8>, at range: Range<Int>?) {
    if !isStored, !text.isEmpty {
      let text = Secret(String(copying: unsafe UTF8Span(unchecked: text)))
      add(TokenField.expiresAt.name, .text(text), .end(rank: 0))
    } else if let moment = Timestamp(text) {
      fields.set(.expiresAt, moment.description.utf8.span)
    } else if let range {
      fields.set(.expiresAt, at: range)
    } else {
      fields.set(.expiresAt, text)
    }
  }

  /// Refuses an empty known field in a stored record, unless an empty text is a value of the field.
  func checkStored(
    _ field: TokenField, isEmpty: Bool, at offset: Int
  ) throws(RecordFault) {
    if isEmpty, isStored, !field.mayBeEmpty { throw RecordFault(.notStored, at: offset) }
  }

  /// Sets an unknown field.
  mutating func set(_ name: String, _ value: AttributeValue) { attributes[name] = value }

  /// Keeps a value until all of the record is read. No program has as many as the limit: the rest means nothing.
  mutating func add(_ name: String, _ value: AttributeValue, _ role: AnswerRole) {
    let member = AnswerMember(name: name, role: role, value: value)
    if members.count < Self.memberLimit || member.isOfARecord {
      members.append(member)
    } else {
      attributes[name] = value
    }
  }

  private static let memberLimit = 64

  mutating func setRevision(_ text: String, at offset: Int) throws(RecordFault) {
    guard let revision = Int(text), (0...TokenTable.counterLimit).contains(revision),
      !isStored || String(revision) == text
    else {
      throw RecordFault(.notRevision, at: offset)
    }
    self.revision = revision
  }

  /// Sets the history; ignores one from outside that no vault has written.
  mutating func setHistory(
    _ field: HistoryField, _ text: Span<UInt8>, at offset: Int
  ) throws(RecordFault) {
    guard history.set(field, text) || !isStored else { throw RecordFault(.notStored, at: offset) }
  }

  // MARK: The record

  /// The record from outside, out of the text that was read; `record` is its number in remarks.
  mutating func makeToken(
    from text: Span<UInt8>, record: Int, _ remarks: inout ReadingRemarks
  ) -> OAuthToken {
    if let rules, !members.isEmpty {
      resolveNames()
      resolveEnd(rules, record, &remarks)
      keepTheRest()
    }
    return makeToken(from: text)
  }

  /// The stored record, out of the text that was read; the builder is spent then.
  mutating func makeToken(from text: Span<UInt8>) -> OAuthToken {
    var token = OAuthToken(fields.pack(from: text))
    token.attributes = attributes
    (token.revision, token.history) = (revision, history)
    return token
  }

  /// Gives each field that the record does not have by its own name the value of the preferred other name.
  private mutating func resolveNames() {
    if isOwn { return }
    for member in members.sorted(by: { $0.role.rank < $1.role.rank }) {
      switch member.role {
      case .field(let field, _):
        guard !fields.hasText(field), !(field.mayBeEmpty && fields.has(field)),
          let text = member.text(for: field)
        else { continue }
        fields.set(field, text.utf8.span)
      case .attribute(let name, _):
        guard attributes[name] == nil || attributes[name] == .json("null"),
          case .text(let text) = member.value, !text.revealed.isEmpty
        else { continue }
        attributes[name] = member.value
      default: continue
      }
      drop(member)
    }
  }

  private mutating func resolveEnd(
    _ rules: ReadingRules, _ record: Int, _ remarks: inout ReadingRemarks
  ) {
    // Of a vault's own record, only what is there by a record's own name counts.
    let stated = isOwn ? members.filter(\.isOfARecord) : members
    if isOwn, let text = stated.first(where: \.isExpiresAt)?.text {
      return fields.set(.expiresAt, Expiry(text).text.utf8.span)
    }
    // A time as a vault writes it.
    if fields.hasText(.expiresAt) { return }
    let end = AccessTokenEnd(stated, rules)
    switch end.result {
    case .none: break
    case .at(let moment): fields.set(.expiresAt, moment.description.utf8.span)
    case .unknown:
      // Without an access token, no lifetime has begun.
      guard fields.has(.accessToken) || end.source?.isEnd == true else { return }
      fields.set(.expiresAt, Expiry.unknown.text.utf8.span)
    }
    if let remark = end.remark { remarks.add(remark, record: record) }
    if end.result != .unknown, let source = end.source { drop(source) }
  }

  private mutating func drop(_ member: AnswerMember) {
    members.removeAll { ExactText($0.name) == ExactText(member.name) }
  }

  /// Keeps what has no other meaning as unknown fields, but for the names that a stored record cannot have.
  private mutating func keepTheRest() {
    for member in members where !member.isOfARecord { attributes[member.name] = member.value }
    members = []
  }
}
