/// What a codec keeps while it reads the records of one text: what names mean, and what it has to say of them.
struct RecordReading {
  /// Nil for stored records, whose names are all their own.
  let rules: ReadingRules?
  private(set) var result = ReadRecords()
  private var count = 0
  private var meanings: [ExactText: NameMeaning] = [:]

  /// The number of names that are looked up once for all records.
  private static let nameLimit = 4096

  init(_ rules: ReadingRules?) { self.rules = rules }

  /// Adds a value by a name that is none of a record's own.
  mutating func add(_ name: String, _ value: AttributeValue, to builder: inout RecordBuilder) {
    guard rules != nil, !builder.isOwn else { return builder.set(name, value) }
    add(name, value, meaning(of: name), to: &builder)
  }

  /// Adds a value by a name of which the meaning is known.
  mutating func add(
    _ name: String, _ value: AttributeValue, _ meaning: NameMeaning,
    to builder: inout RecordBuilder
  ) {
    if let known = meaning.similar {
      result.remarks.add(ReadingRemark(.similarTo(known), name), record: count + 1)
    }
    if meaning.role == .unknown {
      builder.set(name, value)
    } else {
      builder.add(name, value, meaning.role)
    }
  }

  /// Adds a lifetime or an end by a name that no stored record has.
  mutating func addKnown(
    _ name: RecordName, _ value: AttributeValue, to builder: inout RecordBuilder
  ) {
    guard let text = name.text else { return }
    builder.add(text, value, meaning(of: text).role)
  }

  private mutating func meaning(of name: String) -> NameMeaning {
    let exact = ExactText(name)
    if let known = meanings[exact] { return known }
    let isKept = meanings.count < Self.nameLimit
    // So many names are no fields that a person has misspelled.
    let meaning = NameMeaning(name, findsSimilar: isKept)
    if isKept { meanings[exact] = meaning }
    return meaning
  }

  /// Notes a field that was left out, because its value is no text.
  mutating func leaveOut(_ field: TokenField) {
    result.remarks.add(ReadingRemark(.notText, field.name), record: count + 1)
  }

  /// Ends a record that begins at an offset of the text; the builder is spent then.
  ///
  /// - Throws: If it has no token, but an object in it has.
  mutating func finish(
    _ builder: inout RecordBuilder, from text: Span<UInt8>, at offset: Int
  ) throws(RecordFault) -> OAuthToken {
    guard let rules else { return builder.makeToken(from: text) }
    if builder.hasLifetime { result.lifetimes.insert(count) }
    let mayHideTokens = !rules.isAnswer && !builder.hasCredential && !builder.isOwn
    count += 1
    var token = builder.makeToken(from: text, record: count, &result.remarks)
    // No vault wrote it: each of a vault's records has an id. Its tokens would be unknown fields.
    if builder.isOwn, !token.has(.id), !token.hasCredential, token.hasCredentialByAnotherName {
      token.revision = 0
    }
    if mayHideTokens, !token.attributes.isEmpty,
      !rules.isFresh || !(token.has(.id) || token.has(.userName)),
      let name = token.nameOfInnerTokens
    {
      throw RecordFault(.tokensInside(name.isPlainName ? name : nil), at: offset)
    }
    return token
  }

  /// Keeps a record that was read.
  mutating func keep(_ token: OAuthToken) { result.tokens.append(token) }
}

extension OAuthToken {
  /// Whether it has an access, refresh or grant token.
  package var hasCredential: Bool { TokenField.credentials.contains { hasText(of: $0) } }

  /// Whether an unknown field has the name that another program gives to a token.
  fileprivate var hasCredentialByAnotherName: Bool {
    attributes.contains { attribute in
      guard case .field(let field, _) = AnswerNames.role(of: attribute.name) else { return false }
      return TokenField.credentials.contains(field)
    }
  }

  /// The name of the first unknown field with an object that has tokens.
  package var nameOfInnerTokens: String? {
    let names = ["access_token", "accessToken", "refresh_token", "refreshToken"]
    let field = attributes.first { attribute in
      guard case .json(let json) = attribute.value else { return false }
      return names.contains {
        json.revealed.utf8.span.place(of: "\"\($0)\"".utf8.span, from: 0) != nil
      }
    }
    return field?.name
  }
}

extension String {
  /// Whether a name from outside may be printed: an identifier, and no secret in the place of one.
  package var isPlainName: Bool {
    let isIdentifier = utf8.allSatisfy { byte in
      (97...122).contains(byte | 0x20) || (48...57).contains(byte) || "_-.: ".utf8.contains(byte)
    }
    return (1...32).contains(utf8.count) && isIdentifier
      && utf8.count { (48...57).contains($0) } <= 2
  }
}
