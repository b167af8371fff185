extension CSVColumn {
  /// A column for each name and kind of unknown field, in the order of the headers' bytes. Quick for records that
  /// have none.
  static func attributes(of tokens: some Sequence<OAuthToken>) -> [CSVColumn] {
    var (texts, jsons) = (Set<ExactText>(), Set<ExactText>())
    for token in tokens where !token.attributes.isEmpty {
      for attribute in token.attributes {
        switch attribute.value {
        case .text: texts.insert(ExactText(attribute.name))
        case .json: jsons.insert(ExactText(attribute.name))
        }
      }
    }
    let columns = texts.map { CSVColumn.text($0.text) } + jsons.map { .json($0.text) }
    return columns.map { ExactText($0.header) }.sorted().map { CSVColumn(header: $0.text) }
  }

  /// At least as many bytes as a header row with these columns has.
  static func headerSize(_ columns: [CSVColumn]) -> Int {
    columns.reduce(500) { size, column in
      let header = column.header.utf8
      return size + header.count + header.count { $0 == UInt8(ascii: "\"") } + 3
    }
  }
}
