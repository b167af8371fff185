/// The names of the unknown fields of records, for a format in which each name is a column of every row.
///
/// The set only grows: it may hold names that no record has any more.
package struct AttributeNames: Sendable {
  private(set) var ofTexts: Set<ExactText> = []
  private(set) var ofJSON: Set<ExactText> = []
  /// The bytes of all names; a name of both kinds counts twice.
  private(set) var size = 0

  /// No names.
  package init() {}

  /// The names that these records have.
  @inlinable package init(_ tokens: some Sequence<OAuthToken>) {
    self.init()
    for token in tokens { insert(token.attributes) }
  }

  /// The number of names; a name of both kinds counts twice.
  var count: Int { ofTexts.count + ofJSON.count }

  /// Adds the names of one record.
  package mutating func insert(_ attributes: TokenAttributes) {
    for attribute in attributes {
      let name = ExactText(attribute.name)
      let isNew =
        switch attribute.value {
        case .text: ofTexts.insert(name).inserted
        case .json: ofJSON.insert(name).inserted
        }
      if isNew { size += name.text.utf8.count }
    }
  }
}
