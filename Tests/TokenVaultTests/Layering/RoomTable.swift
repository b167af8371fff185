/// Which folder of `Sources/TokenRecords` and `Sources/TokenVault` may use which.
enum RoomTable {
  /// The rooms of the module TokenRecords.
  private static let records = ["Model", "Table", "Answers", "Codecs", "Importers"]
  private static let files = ["Model", "Format", "Disk"]
  private static let engine = records + ["Format", "Disk", "Keys", "Errors", "Configuration"]
  /// The operations of `Vault` by topic, which know each other.
  private static let operations = ["Vault", "Rotation", "Refresh", "Retention", "Watch"]

  static let allowed: [String: Set<String>] = {
    var allowed: [String: Set<String>] = [
      "Model": [], "Table": ["Model"], "Answers": ["Model"],
      "Codecs": ["Model", "Table", "Answers"],
      "Importers": ["Model", "Table", "Answers", "Codecs"],
      "Format": ["Model", "Codecs"], "Disk": ["Model"], "Keys": Set(files),
      "Errors": Set(records + ["Format", "Disk", "Keys"]),
      "Configuration": Set(files + ["Keys", "Errors"]), "Engine": Set(engine),
    ]
    for room in operations { allowed[room] = Set(engine + ["Engine"] + operations) }
    return allowed
  }()

  /// Where a room is below `Sources`.
  static func path(of room: String) -> String {
    (records.contains(room) ? "TokenRecords/" : "TokenVault/") + room
  }

  /// Names that the standard library has too, so that a use tells nothing.
  private static let common: Set<String> = [
    "append", "array", "value", "cleanse", "contains", "count", "create", "failure", "first",
    "drop", "index",
    "insert",
    "isEmpty", "isNumber", "load",
    "last", "map", "prefix", "random", "replacing", "remove", "removeAll", "removeLast", "span",
    "suffix",
    "values",
  ]

  /// What the sources of each room use of a room that they must not know: one sentence for each.
  static func violations(in rooms: [String: [(name: String, text: String)]]) -> [String] {
    let parsed = rooms.mapValues { $0.map { (name: $0.name, names: SourceNames($0.text)) } }
    return parsed.flatMap { room, sources in
      let known = (allowed[room] ?? []).union([room])
      func declared(_ names: KeyPath<SourceNames, Set<String>>, known isKnown: Bool) -> Set<String>
      {
        parsed.filter { known.contains($0.key) == isKnown }.values.joined()
          .reduce(into: []) { $0.formUnion($1.names[keyPath: names]) }
      }
      let types = declared(\.types, known: false).subtracting(declared(\.types, known: true))
      let members = declared(\.members, known: false).subtracting(declared(\.members, known: true))
        .subtracting(common)
      return sources.flatMap { source in
        source.names.words.intersection(types).map { "\(room)/\(source.name) knows \($0)" }
          + source.names.usedMembers.intersection(members)
          .subtracting(source.names.own).map { "\(room)/\(source.name) uses .\($0)" }
      }
    }
  }
}
