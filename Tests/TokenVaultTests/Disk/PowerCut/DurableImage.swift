/// A directory tree: as programs see it, and as a power cut may leave it.
struct DurableImage: Sendable {
  /// What a name stands for: a file by its number, or a directory by its path.
  enum Node: Sendable, Equatable {
    case file(Int)
    case directory(String)
  }

  /// A change of the names in one directory, which survives whole or not at all.
  fileprivate struct Change: Sendable {
    let removed: String?
    let added: (name: String, node: Node)?
  }

  fileprivate struct Directory: Sendable {
    var current: [String: Node] = [:]
    var durable: [String: Node] = [:]
    var pending: [Change] = []
  }

  private let root: String
  private var directories: [String: Directory]
  private var files: [SectorLog] = []

  /// An empty directory that is on the disk.
  init(root: String) {
    self.root = root
    directories = [root: Directory()]
  }

  // MARK: As programs see it

  /// What has this path; nil where nothing has, or it is in a directory that is none of ours.
  func node(at path: String) -> Node? {
    if directories[path] != nil { return .directory(path) }
    let (parent, name) = Self.split(path)
    return directories[parent]?.current[name]
  }

  func bytes(of file: Int) -> [UInt8] { files[file].current }

  // MARK: Changing it

  /// A file without a name.
  mutating func makeFile(durable bytes: [UInt8] = []) -> Int {
    files.append(SectorLog(durable: bytes))
    return files.count - 1
  }

  mutating func makeDirectory(_ path: String) {
    guard directories[path] == nil else { return }
    directories[path] = Directory()
    link(.directory(path), to: path)
  }

  /// Gives something a name, in the place of what has it.
  mutating func link(_ node: Node, to path: String) { change(adding: node, at: path) }

  mutating func remove(_ path: String) {
    if node(at: path) != nil { change(removing: path) }
  }

  mutating func rename(_ from: String, to: String) {
    guard let node = node(at: from) else { return }
    precondition(Self.split(from).parent == Self.split(to).parent, "a rename to elsewhere")
    change(removing: from, adding: node, at: to)
  }

  /// Changes the content of a file.
  mutating func withFile(_ file: Int, _ body: (inout SectorLog) -> Void) { body(&files[file]) }

  /// Makes the names in a directory survive.
  mutating func synchronize(directory path: String) {
    guard var directory = directories[path] else { return }
    (directory.durable, directory.pending) = (directory.current, [])
    directories[path] = directory
  }

  private mutating func change(
    removing old: String? = nil, adding node: Node? = nil, at new: String? = nil
  ) {
    guard let path = new ?? old else { return }
    let parent = Self.split(path).parent
    let change = Change(
      removed: old.map { Self.split($0).name },
      added: node.map { (Self.split(path).name, $0) })
    guard var directory = directories[parent] else { return }
    change.apply(to: &directory.current)
    directory.pending.append(change)
    directories[parent] = directory
  }

  private static func split(_ path: String) -> (parent: String, name: String) {
    guard let slash = path.lastIndex(of: "/") else { return ("", path) }
    return (String(path[..<slash]), String(path[path.index(after: slash)...]))
  }

  // MARK: After a power cut

  /// What is found then.
  func tree(after cut: PowerCut) -> DiskTree {
    var generator = SeededGenerator(state: cut.seed)
    let contents = files.map { $0.bytes(after: cut.data, &generator) }
    var nodes: [String: Node] = [:]
    collect(root, cut, &generator, into: &nodes)
    let paths = nodes.sorted { $0.key < $1.key }
    return DiskTree(
      directories: paths.compactMap { $0.value == .directory($0.key) ? $0.key : nil },
      files: contents.enumerated().compactMap { file, bytes in
        let names = paths.filter { $0.value == .file(file) }.map(\.key)
        return names.isEmpty ? nil : DiskTree.File(names: names, bytes: bytes)
      })
  }

  private func collect(
    _ path: String, _ cut: PowerCut, _ generator: inout SeededGenerator,
    into nodes: inout [String: Node]
  ) {
    guard let directory = directories[path] else { return }
    for (name, node) in directory.entries(after: cut, &generator).sorted(by: { $0.key < $1.key }) {
      nodes["\(path)/\(name)"] = node
      if case .directory(let path) = node { collect(path, cut, &generator, into: &nodes) }
    }
  }
}

extension DurableImage.Directory {
  /// The names after a power cut.
  fileprivate func entries(
    after cut: PowerCut, _ generator: inout SeededGenerator
  ) -> [String: DurableImage.Node] {
    var entries = durable
    for change in cut.names.choice(of: pending, &generator) { change.apply(to: &entries) }
    return entries
  }
}

extension DurableImage.Change {
  fileprivate func apply(to entries: inout [String: DurableImage.Node]) {
    if let removed { entries[removed] = nil }
    if let added { entries[added.name] = added.node }
  }
}
