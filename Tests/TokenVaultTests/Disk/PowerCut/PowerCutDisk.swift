import Synchronization
import VaultCrypto

@testable import TokenVault

/// The real disk, and beside it what of a directory a power cut would leave at each moment (`DurableImage`).
///
/// What was synchronized is what survives: a file's bytes and size by its own fsync or fdatasync, a name by that of its
/// directory. It notes the state behind each call that changes anything, so that one run is cut at every call. Nothing
/// waits for this machine's disk, whose power stays on.
final class PowerCutDisk: Disk {
  /// The power cut behind one call.
  struct Moment: Sendable {
    /// The call's name, as `CuttingDisk` says it.
    let call: String
    /// What callers had been promised by then.
    let promised: [String]
    let image: DurableImage
  }

  fileprivate struct OpenedNode {
    let node: DurableImage.Node
    var position = 0
    var isAtEnd = false
  }

  fileprivate struct State {
    var image: DurableImage
    var opened: [Int32: OpenedNode] = [:]
    var moments: [Moment] = []
    var promised: [String] = []
    var isOff = false
  }

  private let real = LinuxDisk()
  private let state: Mutex<State>
  /// Looks at each call that changes anything before it is made, and gives the error that it fails with.
  private let decide: @Sendable (_ call: String) -> Int32?

  /// What is in the directory by now is on the disk.
  init(
    _ directory: TemporaryDirectory,
    deciding decide: @escaping @Sendable (_ call: String) -> Int32? = { _ in nil }
  ) throws {
    var image = DurableImage(root: directory.path)
    let tree = try DiskTree(readingFrom: directory.path)
    for path in tree.directories { image.makeDirectory(path) }
    for file in tree.files {
      image.link(.file(image.makeFile(durable: file.bytes)), to: file.names[0])
    }
    for path in [directory.path] + tree.directories { image.synchronize(directory: path) }
    state = Mutex(State(image: image))
    self.decide = decide
  }

  /// Notes that a caller was told so: from now on, a power cut must not undo it.
  func promise(_ what: String) { state.withLock { $0.promised.append(what) } }

  /// Ends the run: no call changes anything any more. All its moments, and the one that is now.
  func end() -> [Moment] {
    state.withLock { state in
      state.isOff = true
      return state.moments
        + [Moment(call: "the end", promised: state.promised, image: state.image)]
    }
  }

  /// Makes a call, and notes its effect, at one moment.
  private func change<Result: Sendable>(
    _ call: String, _ body: (inout State) throws(FileError) -> Result
  ) throws(FileError) -> Result {
    let failure = decide(call)
    return try state.withLock { (state) throws(FileError) in
      if let errno = state.isOff ? 5 : failure {
        throw .system(SystemCallError(String(call.prefix { $0 != " " }), errno: errno))
      }
      let result = try body(&state)
      state.moments.append(Moment(call: call, promised: state.promised, image: state.image))
      return result
    }
  }

  // MARK: Files

  func open(_ path: String, _ purpose: OpenPurpose) throws(FileError) -> Int32 {
    switch purpose {
    case .creating, .creatingUnnamed, .locking:
      return try change("open \(purpose)") { (state) throws(FileError) in
        let file = try real.open(path, purpose)
        state.opened[file] = OpenedNode(node: Self.opened(path, purpose, &state.image))
        return file
      }
    default:
      let file = try real.open(path, purpose)
      state.withLock { state in
        state.opened[file] = state.image.node(at: path).map {
          OpenedNode(node: $0, isAtEnd: purpose == .appending)
        }
      }
      return file
    }
  }

  /// What was opened, which may have been made by that.
  private static func opened(
    _ path: String, _ purpose: OpenPurpose, _ image: inout DurableImage
  ) -> DurableImage.Node {
    if purpose == .locking, let node = image.node(at: path) { return node }
    let node = DurableImage.Node.file(image.makeFile())
    if purpose != .creatingUnnamed { image.link(node, to: path) }
    return node
  }

  func close(_ file: Int32) {
    state.withLock { state in
      state.opened[file] = nil
      real.close(file)
    }
  }

  func write(_ file: Int32, _ bytes: Span<UInt8>) throws(FileError) {
    let array = bytes.array
    try change("write") { (state) throws(FileError) in
      try real.write(file, array.span)
      guard let opened = state.opened[file], case .file(let number) = opened.node else { return }
      let size = state.image.bytes(of: number).count
      let offset = opened.isAtEnd ? size : opened.position
      state.image.withFile(number) { $0.write(array, at: offset) }
      state.opened[file]?.position = offset + array.count
    }
  }

  func write(_ file: Int32, at offset: Int64, _ bytes: Span<UInt8>) throws(FileError) {
    let array = bytes.array
    try change("pwrite") { (state) throws(FileError) in
      try real.write(file, at: offset, array.span)
      state.withFile(file) { $0.write(array, at: Int(offset)) }
    }
  }

  func truncate(_ file: Int32, to size: Int64) throws(FileError) {
    try change("ftruncate") { (state) throws(FileError) in
      try real.truncate(file, to: size)
      state.withFile(file) { $0.truncate(to: Int(size)) }
    }
  }

  func synchronize(_ file: Int32) throws(FileError) { try synchronize("fsync", file) }
  func synchronizeData(_ file: Int32) throws(FileError) { try synchronize("fdatasync", file) }

  private func synchronize(_ call: String, _ file: Int32) throws(FileError) {
    do throws(FileError) {
      try change(call) { (state) throws(FileError) in state.synchronize(file) }
    } catch {
      state.withLock { $0.withFile(file) { $0.failToSynchronize() } }
      throw error
    }
  }

  func overwrite(_ path: String, with bytes: Span<UInt8>) throws(FileError) {
    let array = bytes.array
    try change("overwrite") { (state) throws(FileError) in
      try real.overwrite(path, with: array.span)
      if state.image.node(at: path) == nil {
        state.image.link(.file(state.image.makeFile()), to: path)
      }
      guard case .file(let number)? = state.image.node(at: path) else { return }
      state.image.withFile(number) { log in
        log.write(array, at: 0)
        if log.current.count > array.count { log.truncate(to: array.count) }
      }
    }
  }

  // MARK: Names

  func rename(_ from: String, to: String) throws(FileError) {
    try change("rename") { (state) throws(FileError) in
      try real.rename(from, to: to)
      state.image.rename(from, to: to)
    }
  }

  func link(_ from: String, to: String) throws(FileError) {
    try change("link") { (state) throws(FileError) in
      try real.link(from, to: to)
      if let node = state.image.node(at: from) { state.image.link(node, to: to) }
    }
  }

  func link(_ file: Int32, to: String) throws(FileError) {
    try change("linkat") { (state) throws(FileError) in
      try real.link(file, to: to)
      if let opened = state.opened[file] { state.image.link(opened.node, to: to) }
    }
  }

  func remove(_ path: String) throws(FileError) {
    try change("unlink") { (state) throws(FileError) in
      try real.remove(path)
      state.image.remove(path)
    }
  }

  func makeDirectory(_ path: String) throws(FileError) {
    try change("mkdir") { (state) throws(FileError) in
      try real.makeDirectory(path)
      state.image.makeDirectory(path)
    }
  }
}

extension PowerCutDisk.State {
  fileprivate mutating func withFile(_ file: Int32, _ body: (inout SectorLog) -> Void) {
    if case .file(let number)? = opened[file]?.node { image.withFile(number, body) }
  }

  fileprivate mutating func synchronize(_ file: Int32) {
    switch opened[file]?.node {
    case .file(let number): image.withFile(number) { $0.synchronize() }
    case .directory(let path): image.synchronize(directory: path)
    case nil: break
    }
  }
}
