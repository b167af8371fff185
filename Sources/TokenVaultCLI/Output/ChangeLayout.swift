import TokenVault

/// The lines that `watch` prints, in columns that widen with what comes.
struct ChangeLayout {
  /// Of the id and of the user.
  private var widths = [4, 16]
  /// One long value does not widen every later line.
  private static let widthLimit = 48

  /// For a person: `TIME  ID  USER  WHAT  rREVISION  FIELDS`.
  mutating func line(_ change: VaultChange) -> String {
    let names = [change.id, change.userName ?? "-"].map(DisplayText.oneLine)
    widths = zip(widths, names).map { max($0, min(DisplayText.width($1), Self.widthLimit)) }
    let kind = change.kind.rawValue.replacing("_", with: " ")
    let columns =
      [change.time.description] + zip(names, widths).map(Self.padded)
      + [Self.padded(kind, 8), "r\(change.revision)"]
    let fields = change.fields.map { $0.map(DisplayText.oneLine).joined(separator: " ") }
    return (columns + [fields].compactMap(\.self)).joined(separator: "  ") + "\n"
  }

  private static func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - DisplayText.width(text)))
  }

  /// For a program: one object in a line; what is not known is left out.
  static func json(_ change: VaultChange) -> String {
    var object = JSONObject()
    object.set("time", change.time.description)
    object.set("id", change.id)
    if let user = change.userName { object.set("user_name", user) }
    object.set("change", change.kind.rawValue)
    object.set("revision", change.revision)
    if let fields = change.fields { object.set("fields", strings: fields) }
    return object.text + "\n"
  }
}
