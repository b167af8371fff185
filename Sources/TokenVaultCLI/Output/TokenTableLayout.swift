import TokenVault

/// The table that `list` shows on a terminal; without one, tab-separated lines without titles.
struct TokenTableLayout {
  let now: VaultTime
  /// Cells of the terminal; nil for none.
  let width: Int?
  /// The vault's limits.
  let policy: RetentionPolicy

  private static let titles = [
    "ID", "USER", "CLIENT", "EXPIRES", "AT (UTC)", "SECRETS", "STATE",
  ]
  private static let clientColumn = 2
  private static let expiryColumn = 3
  /// Cells of a relative time and of a state, which are not cut.
  private static let shortLimit = 16

  /// A line for each record, made lazily: there may be many, so their rows are made twice, first for the widths.
  func lines(_ tokens: [OAuthToken]) -> AnySequence<String> {
    guard let width else {
      return AnySequence(tokens.lazy.map { TokenRow($0, at: now, policy).tabSeparated })
    }
    let widths = widths(tokens, in: width)
    return AnySequence(
      (-1..<tokens.count).lazy.map { index in
        if index < 0 { return line(Self.titles, isExpired: false, widths) }
        let row = TokenRow(tokens[index], at: now, policy)
        return line(Self.cells(row), isExpired: row.isExpired, widths)
      })
  }

  private static func cells(_ row: TokenRow) -> [String] {
    // Without the fraction of a second.
    let moment = row.absolute.utf8.count == 24 ? row.absolute.prefix(19) + "Z" : row.absolute
    let cells = [row.id, row.user, row.client, row.relative, moment, row.secrets]
    return cells.map { $0.isEmpty ? "-" : DisplayText.oneLine($0) } + [row.state]
  }

  private func widths(_ tokens: [OAuthToken], in width: Int) -> [Int?] {
    var natural = Self.titles.map(DisplayText.width)
    natural[natural.count - 1] = 0
    for token in tokens {
      for (column, text) in Self.cells(TokenRow(token, at: now, policy)).enumerated() {
        natural[column] = max(natural[column], DisplayText.width(text))
      }
    }
    return ColumnWidths.fit(
      [
        .init(natural: natural[0], least: 4), .init(natural: natural[1], least: 12),
        .init(natural: natural[2], least: 9, rank: 2),
        .init(natural: natural[3], least: min(natural[3], Self.shortLimit)),
        .init(natural: natural[4], least: 20, rank: 0, isExtra: true),
        .init(natural: natural[5], least: 8, rank: 1),
        .init(natural: natural[6], least: Self.shortLimit),
      ], in: width)
  }

  private func line(_ cells: [String], isExpired: Bool, _ widths: [Int?]) -> String {
    var texts: [String] = []
    for (column, (cell, width)) in zip(cells, widths).enumerated() {
      guard let width else { continue }
      // The clients of one issuer differ in the middle or at the end.
      let text =
        column == Self.clientColumn
        ? DisplayText.cutInMiddle(cell, to: width) : DisplayText.cut(cell, to: width)
      let padded = DisplayText.padded(text, to: width)
      texts.append(isExpired && column == Self.expiryColumn ? Terminal.red(padded) : padded)
    }
    var line = texts.joined(separator: String(repeating: " ", count: ColumnWidths.gap))
    while line.utf8.last == UInt8(ascii: " ") { line.removeLast() }
    return line + "\n"
  }
}
