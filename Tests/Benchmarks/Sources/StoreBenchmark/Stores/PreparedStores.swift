/// The stores that works share, each made when it is first asked for.
final class PreparedStores {
  private let directory: String
  let libraries: SQLLibraries
  private var made: [String: Store] = [:]

  init(_ directory: String, _ libraries: SQLLibraries) {
    (self.directory, self.libraries) = (directory, libraries)
  }

  /// Those of these kinds that are installed.
  func all(_ kinds: [StoreKind], size: Int) throws -> [Store] {
    try kinds.filter(libraries.has).map { try store($0, size: size) }
  }

  func store(_ kind: StoreKind, size: Int) throws -> Store {
    let path = "\(directory)/\(kind.rawValue)-\(size)"
    if let store = made[path] { return store }
    let store = Store(kind: kind, path: path, size: size, libraries: libraries)
    try store.fill()
    made[path] = store
    return store
  }
}
