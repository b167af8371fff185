import TokenVault

/// The table that `list` shows a person.
struct TokenTableLayout {
  let now: VaultTime
  /// Cells of the terminal; nil to cut nothing.
  let width: Int?
  /// The vault's limits: the table marks the records that they have ended.
  let policy: RetentionPolicy

  private struct Row {
    var cells: [String]
    var isExpired = false
  }

  /// The last column is left out if it is empty.
  private static let titles = ["ID", "USER", "CLIENT", "EXPIRES", "SECRETS", "STATE"]
  private static let expiryColumn = 3
  private static let stateColumn = 5
  /// The columns that a narrow terminal cuts, in this order, and to how many cells at least.
  private static let flexible = [(column: 2, least: 8), (1, 16), (4, 12), (3, 20)]
  /// The names of the secrets in their column.
  private static let shortNames = Dictionary(
    uniqueKeysWithValues: TokenField.allCases.map { field in
      (field.name, field.name.replacing("_token", with: "").replacing("client_", with: ""))
    })
  /// Without a terminal nothing is cut, and a longer value does not widen the other rows.
  private static let paddingLimit = 48

  /// A line for each record, made lazily: there may be many, so their rows are made twice, first for the widths.
  func lines(_ tokens: [OAuthToken]) -> AnySequence<String> {
    var widths = Self.titles.map(DisplayText.width)
    widths[Self.stateColumn] = 0
    for token in tokens {
      for (column, text) in row(token).cells.enumerated() {
        widths[column] = max(widths[column], DisplayText.width(text))
      }
    }
    if widths[Self.stateColumn] == 0 { widths.removeLast() }
    let fitting = fit(widths)
    return AnySequence(
      (-1..<tokens.count).lazy.map { index in
        line(index < 0 ? Row(cells: Self.titles) : row(tokens[index]), fitting)
      })
  }

  private func row(_ token: OAuthToken) -> Row {
    let secrets = MaskedToken.secrets(of: token).map { Self.shortNames[$0] ?? $0 }
    // Once a row: each use parses the text of the expiry.
    let (expiry, isUncertain) = (token.expiresAt, token.hasUncertainEnd(at: now))
    var row = Row(
      cells: [
        token.id ?? "", token.userName ?? "-", token.clientID ?? "-", text(expiry, isUncertain),
        secrets.joined(separator: " "), state(token, isUncertain),
      ].map(DisplayText.oneLine))
    row.isExpired = !isUncertain && expiry?.moment.map { $0 <= now.clock } == true
    return row
  }

  /// Why the vault no longer returns the record, or cannot refresh it; empty if neither is so.
  private func state(_ token: OAuthToken, _ isUncertain: Bool) -> String {
    if let ended = policy.ended(token, at: now) { return "ended (\(ended.limit.rawValue))" }
    if token.history.refresh?.isRejected == true { return "log in again" }
    return isUncertain ? "wrong clock" : ""
  }

  private func text(_ expiry: Expiry?, _ isUncertain: Bool) -> String {
    guard case .at(let moment) = expiry else { return expiry?.text ?? "-" }
    let distance = isUncertain ? "unknown" : TimeText.distance(to: moment, from: now.clock)
    return "\(moment.description.replacing(".000Z", with: "Z")) (\(distance))"
  }

  private func fit(_ widths: [Int]) -> [Int] {
    guard let width else { return widths.map { min($0, Self.paddingLimit) } }
    var widths = widths
    for (column, least) in Self.flexible {
      let excess = widths.reduce(2 * (widths.count - 1), +) - width
      if excess > 0 { widths[column] = min(widths[column], max(least, widths[column] - excess)) }
    }
    return widths
  }

  private func line(_ row: Row, _ widths: [Int]) -> String {
    var cells = zip(row.cells, widths).map { text, width in
      let text = self.width == nil ? text : DisplayText.cut(text, to: width)
      return DisplayText.padded(text, to: width)
    }
    if row.isExpired { cells[Self.expiryColumn] = Terminal.red(cells[Self.expiryColumn]) }
    var line = cells.joined(separator: "  ")
    while line.utf8.last == UInt8(ascii: " ") { line.removeLast() }
    return line + "\n"
  }
}
