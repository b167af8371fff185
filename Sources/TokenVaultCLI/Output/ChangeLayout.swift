import TokenVault

/// The lines that `watch` prints: on a terminal in columns that widen as values come, else between tabs.
struct ChangeLayout {
  /// The cells of the widest id and user so far.
  private var widths = [4, 16]
  /// A longer value does not widen the lines after it.
  private static let widthLimit = 48
  /// A terminal of so many cells shows the date, too.
  private static let widthForDate = 100

  /// The time, id, user, change, revision and names of fields, or an object without the members that are unknown.
  mutating func report(_ change: VaultChange) -> ChangeReport {
    ChangeReport(
      line: Terminal.width.map { cells(change, in: $0) } ?? Self.values(change).tabSeparated,
      json: [
        "time": change.time.description, "id": change.id, "user_name": change.userName,
        "change": change.kind.rawValue, "revision": change.revision, "fields": change.fields,
      ] as JSONObject)
  }

  private static func values(_ change: VaultChange) -> [String] {
    [
      change.time.description, change.id, change.userName ?? "", change.kind.rawValue,
      String(change.revision), change.fields?.joined(separator: " ") ?? "",
    ]
  }

  /// The line on a terminal of so many cells.
  private mutating func cells(_ change: VaultChange, in width: Int) -> String {
    var texts = Self.values(change).map(DisplayText.oneLine)
    let time = texts[0].prefix(19)
    texts[0] = width < Self.widthForDate ? String(time.suffix(8)) : time + "Z"
    if texts[2].isEmpty { texts[2] = "-" }
    (texts[3], texts[4]) = (texts[3].replacing("_", with: " "), "r" + texts[4])
    widths = zip(widths, texts[1...2]).map { max($0, min(DisplayText.width($1), Self.widthLimit)) }
    var natural = texts.map(DisplayText.width)
    (natural[1], natural[2], natural[3]) = (widths[0], widths[1], max(natural[3], 8))
    let least = [natural[0], 4, 10, natural[3], natural[4], 6]
    var columns = zip(natural, least).map { ColumnWidths.Column(natural: $0, least: $1) }
    // The names of the fields leave a narrow terminal first.
    columns[5].rank = 0
    let shown = zip(texts, ColumnWidths.fit(columns, in: width)).compactMap { text, width in
      width.map { DisplayText.padded(DisplayText.cut(text, to: $0), to: $0) }
    }
    return shown.joined(separator: String(repeating: " ", count: ColumnWidths.gap)) + "\n"
  }
}
