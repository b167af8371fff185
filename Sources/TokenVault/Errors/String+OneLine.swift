extension String {
  /// The text with escapes for what a terminal would act on or hide, and what would make two lines of one: what another
  /// program or a server chose must not look like a line of ours.
  package var onOneLine: String {
    guard unicodeScalars.contains(where: \.isHidden) else { return self }
    return unicodeScalars.map { scalar in
      switch scalar {
      case "\n": "\\n"
      case "\r": "\\r"
      case "\t": "\\t"
      case _ where scalar.isHidden: "\\u{\(String(scalar.value, radix: 16))}"
      default: String(scalar)
      }
    }.joined()
  }
}

extension Unicode.Scalar {
  /// Whether it is a control, a line separator or a direction mark.
  package var isHidden: Bool {
    switch properties.generalCategory {
    case .control, .lineSeparator, .paragraphSeparator: true
    case .format: value != 0x200D  // The joiner of emoji.
    default: false
    }
  }
}
