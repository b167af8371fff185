/// The names of unknown fields that records have had, for a format in which each is a column of every row.
///
/// It may have more than the records still have: names are taken in as they come, and none is taken out.
package struct AttributeNames: Sendable {
  private var ofTexts: Set<ExactText> = []
  private var ofJSON: Set<ExactText> = []
  /// The bytes of all names, one of each kind counted by itself.
  package private(set) var size = 0

  /// The names that these records have.
  package init(_ tokens: some Sequence<OAuthToken>) {
    for token in tokens { add(token.attributes) }
  }

  /// How many there are; a name that has had text and other JSON counts twice.
  package var count: Int { ofTexts.count + ofJSON.count }

  /// Takes in the names of one record.
  mutating func add(_ attributes: TokenAttributes) {
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
