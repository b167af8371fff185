import TokenVault

/// The table that `list` shows a person.
struct TokenTableLayout {
  let now: VaultTime
  /// Cells of the terminal; nil for as wide as it takes.
  let width: Int?
  /// What has ended records; those are marked.
  let policy: RetentionPolicy

  private static let titles = ["ID", "USER", "CLIENT", "EXPIRES", "SECRETS"]
  /// The title of a further column, where anything is to be said in it.
  private static let stateTitle = "STATE"
  /// The columns that are cut where the terminal is narrow, in this order, and to how many cells.
  private static let flexible = [(column: 2, least: 8), (1, 16), (4, 12), (3, 20)]
  /// What the secrets are called in a column of their own.
  private static let shortNames = Dictionary(
    uniqueKeysWithValues: TokenField.allCases.map { field in
      (field.name, field.name.replacing("_token", with: "").replacing("client_", with: ""))
    })
  /// Bytes that are written at once.
  private static let pieceSize = 65_536
  /// Where there is no terminal nothing is cut, and one long value does not widen every other row.
  private static let paddingLimit = 48

  /// Writes a line for each record. Rows are made twice, once for their widths, since there may be many.
  func write(_ tokens: [OAuthToken], to output: (String) throws(Failure) -> Void) throws(Failure) {
    let hasStates = tokens.contains { !state($0).isEmpty }
    let titles = Self.titles + (hasStates ? [Self.stateTitle] : [])
    var widths = titles.map(DisplayText.width)
    for token in tokens {
      for (column, text) in row(token, hasStates).enumerated() {
        widths[column] = max(widths[column], DisplayText.width(text))
      }
    }
    fit(&widths)
    var piece = line(titles, widths, isExpired: false)
    for token in tokens {
      piece += line(row(token, hasStates), widths, isExpired: isExpired(token))
      guard piece.utf8.count >= Self.pieceSize else { continue }
      try output(piece)
      piece.removeAll(keepingCapacity: true)
    }
    try output(piece)
  }

  private func row(_ token: OAuthToken, _ hasStates: Bool) -> [String] {
    let secrets = MaskedToken.secrets(of: token).map { Self.shortNames[$0] ?? $0 }
    let cells = [
      token.id ?? "", token.userName ?? "-", token.clientID ?? "-", expiry(token),
      secrets.joined(separator: " "),
    ].map(DisplayText.oneLine)
    return hasStates ? cells + [state(token)] : cells
  }

  /// Why the record is not handed out any more, or cannot be refreshed; empty where all is well.
  private func state(_ token: OAuthToken) -> String {
    if let ended = policy.ended(token, at: now) { return "ended (\(ended.limit.rawValue))" }
    if token.history.refresh?.isRejected == true { return "log in again" }
    return token.hasUncertainEnd(at: now) ? "wrong clock" : ""
  }

  private func expiry(_ token: OAuthToken) -> String {
    switch token.expiresAt {
    case nil: "-"
    case .unreadable(let text): text
    case .at(let moment):
      "\(moment.description.replacing(".000Z", with: "Z")) (\(distance(to: moment, of: token)))"
    }
  }

  private func distance(to moment: Timestamp, of token: OAuthToken) -> String {
    token.hasUncertainEnd(at: now) ? "unknown" : Clock.distance(to: moment, from: now.clock)
  }

  private func isExpired(_ token: OAuthToken) -> Bool {
    guard let end = token.expiresAt?.moment else { return false }
    return end <= now.clock && !token.hasUncertainEnd(at: now)
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
    var line = cells.joined(separator: "  ")
    while line.utf8.last == UInt8(ascii: " ") { line.removeLast() }
    return line + "\n"
  }
}
