import TokenVault

/// The table that `list` shows a person.
struct TokenTableLayout {
  let now: Timestamp
  /// Cells of the terminal; nil for as wide as it takes.
  let width: Int?
  /// What has ended records; those are marked.
  let policy: VaultPolicy

  private static let titles = ["ID", "USER", "CLIENT", "EXPIRES", "SECRETS"]
  /// The title of a further column, where anything is to be said in it.
  private static let stateTitle = "STATE"
  /// The columns that are cut where the terminal is narrow, in this order, and to how many cells.
  private static let flexible = [(column: 2, least: 8), (1, 16), (4, 12), (3, 20)]
  /// Where there is no terminal nothing is cut, and one long value does not widen every other row.
  private static let paddingLimit = 48

  func text(_ tokens: [OAuthToken]) -> String {
    let states = tokens.map(state)
    let rows =
      states.allSatisfy(\.isEmpty)
      ? [Self.titles] + tokens.map(row)
      : [Self.titles + [Self.stateTitle]] + zip(tokens, states).map { row($0) + [$1] }
    var widths = rows[0].indices.map { column in
      rows.map { DisplayText.width($0[column]) }.max() ?? 0
    }
    fit(&widths)
    return rows.enumerated().map { index, row in
      line(row, widths, isExpired: index > 0 && isExpired(tokens[index - 1]))
    }.joined()
  }

  private func row(_ token: OAuthToken) -> [String] {
    let secrets = MaskedToken.secrets(of: token).map { name in
      name.replacing("_token", with: "").replacing("client_", with: "")
    }
    return [
      token.id ?? "", token.userName ?? "-", token.clientID ?? "-", expiry(token),
      secrets.joined(separator: " "),
    ].map(DisplayText.oneLine)
  }

  /// Why the record is not handed out any more, or cannot be refreshed; empty where all is well.
  private func state(_ token: OAuthToken) -> String {
    if let ended = policy.ended(token, at: now) { return "ended (\(ended.limit.rawValue))" }
    return token.history.refresh?.isRejected == true ? "log in again" : ""
  }

  private func expiry(_ token: OAuthToken) -> String {
    switch token.expiresAt {
    case nil: "-"
    case .unreadable(let text): text
    case .at(let moment):
      "\(moment.description.replacing(".000Z", with: "Z")) (\(Clock.distance(to: moment, from: now)))"
    }
  }

  private func isExpired(_ token: OAuthToken) -> Bool {
    token.expiresAt?.moment.map { $0 <= now } ?? false
  }

  private func fit(_ widths: inout [Int]) {
    guard let width else {
      widths = widths.map { min($0, Self.paddingLimit) }
      return
    }
    for (column, least) in Self.flexible {
      let excess = widths.reduce(2 * (widths.count - 1), +) - width
      if excess > 0 { widths[column] = min(widths[column], max(least, widths[column] - excess)) }
    }
  }

  private func line(_ row: [String], _ widths: [Int], isExpired: Bool) -> String {
    var cells = zip(row, widths).map { text, width in
      let text = self.width == nil ? text : DisplayText.cut(text, to: width)
      return text + String(repeating: " ", count: max(0, width - DisplayText.width(text)))
    }
    if isExpired { cells[3] = Terminal.red(cells[3]) }
    let line = cells.joined(separator: "  ")
    return String(line.reversed().drop { $0 == " " }.reversed()) + "\n"
  }
}
