import TokenVault

/// The lines that `watch` prints, in columns that widen as values come.
struct ChangeLayout {
  /// Of the id and of the user.
  private var widths = [4, 16]
  /// A longer value does not widen the lines after it.
  private static let widthLimit = 48

  /// The line `TIME  ID  USER  CHANGE  rREVISION  FIELDS`, or an object without the members that are unknown.
  mutating func report(_ change: VaultChange) -> ShortReport {
    ShortReport(
      sentences: [line(change)],
      json: [
        "time": change.time.description, "id": change.id, "user_name": change.userName,
        "change": change.kind.rawValue, "revision": change.revision, "fields": change.fields,
      ] as JSONObject)
  }

  private mutating func line(_ change: VaultChange) -> String {
    let names = [change.id, change.userName ?? "-"].map(DisplayText.oneLine)
    widths = zip(widths, names).map { max($0, min(DisplayText.width($1), Self.widthLimit)) }
    let kind = DisplayText.padded(change.kind.rawValue.replacing("_", with: " "), to: 8)
    let columns =
      [change.time.description] + zip(names, widths).map { DisplayText.padded($0, to: $1) }
      + [kind, "r\(change.revision)"] + (change.fields.map { [$0.joined(separator: " ")] } ?? [])
    return columns.joined(separator: "  ")
  }
}
