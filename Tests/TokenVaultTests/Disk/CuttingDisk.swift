import Synchronization

@testable import TokenVault

/// The real disk, until a call that is chosen: that one fails, and, where the process is to die there,
/// every later one too.
final class CuttingDisk: Disk {
  enum Cut: Sendable {
    /// The call fails with this error, and the disk goes on working.
    case fail(errno: Int32)
    /// As if the process were killed before the call: nothing happens any more.
    case kill
  }

  private struct State {
    var count = 0
    var isDead = false
    var calls: [String] = []
    var bytesRead = 0
    /// The open files in which the host remembers vaults.
    var memories: Set<Int32> = []
    /// Whether the directories are being made that the host remembers vaults in.
    var remembers = false
  }

  private let real: any Disk
  private let cut: (call: Int, what: Cut)?
  /// The calls that fail whenever they are made, as those that write do in a directory that only can be read.
  private let refused: Set<String>
  private let refusal: Int32
  /// Looks at each call before it is made, and gives the error that it fails with; nil where it does not.
  private let decide: (@Sendable (_ call: String) -> Int32?)?
  private let state = Mutex(State())

  init(
    cutAt call: Int? = nil, _ what: Cut = .kill, refusing refused: Set<String> = [],
    _ refusal: Int32 = 13, over real: any Disk = LinuxDisk()
  ) {
    (cut, self.refused, decide) = (call.map { ($0, what) }, refused, nil)
    (self.refusal, self.real) = (refusal, real)
  }

  init(deciding decide: @escaping @Sendable (_ call: String) -> Int32?) {
    (cut, refused, refusal, self.decide, real) = (nil, [], 13, decide, LinuxDisk())
  }

  /// How many bytes of files were read.
  var bytesRead: Int { state.withLock { $0.bytesRead } }

  /// The calls there have been, by name.
  var calls: [String] { state.withLock { $0.calls } }

  /// Whether a call only writes or reads what the host remembers of vaults, so that its failure is no vault's.
  static func isOfMemory(_ call: String) -> Bool {
    call == "overwrite" || call.hasPrefix("memory ")
  }

  private func isMemory(_ path: String) -> Bool {
    if ["vaults", "paths"].contains(where: { path.contains("/tokenvault/\($0)") }) { return true }
    return state.withLock { $0.remembers }
  }

  private func pass(_ name: String, of file: Int32) throws(FileError) {
    try pass(state.withLock { $0.memories.contains(file) } ? "memory \(name)" : name)
  }

  private func pass(_ name: String, of path: String) throws(FileError) {
    try pass(isMemory(path) ? "memory \(name)" : name)
  }

  private static func systemCall(_ name: String) -> String {
    String(name.replacing("memory ", with: "").prefix { $0 != " " })
  }

  private func pass(_ name: String) throws(FileError) {
    let failure: Int32? = state.withLock { state in
      state.count += 1
      state.calls.append(name)
      if state.isDead { return 5 }
      let refusal = refused.contains(name) ? refusal : nil
      guard let cut, cut.call == state.count else { return refusal }
      switch cut.what {
      case .fail(let errno): return errno
      case .kill:
        state.isDead = true
        return 5
      }
    }
    if let failure = failure ?? decide?(name) {
      throw .system(SystemCallError(Self.systemCall(name), errno: failure))
    }
  }

  private var isDead: Bool { state.withLock { $0.isDead } }

  func open(_ path: String, _ purpose: OpenPurpose) throws(FileError) -> Int32 {
    if purpose == .creating, isMemory(path) { state.withLock { $0.remembers = true } }
    try pass(path.hasSuffix(".generation") ? "open generation" : "open \(purpose)", of: path)
    let file = try real.open(path, purpose)
    let isMemory = isMemory(path)
    state.withLock { state in
      if purpose == .creating { state.remembers = false }
      if isMemory { state.memories.insert(file) } else { state.memories.remove(file) }
    }
    return file
  }
  // The kernel closes what a killed process had open.
  func close(_ file: Int32) { real.close(file) }
  func status(of path: String) throws(FileError) -> FileStatus? {
    let isState = ["/state", "/state/tokenvault"].contains { path.hasSuffix($0) }
    try pass(isState ? "lstat state" : "lstat", of: path)
    return try real.status(of: path)
  }
  func status(of file: Int32) throws(FileError) -> FileStatus {
    try pass("fstat", of: file)
    return try real.status(of: file)
  }
  func identity(of path: String) throws(FileError) -> FileStatus? {
    try pass("statx", of: path)
    return try real.identity(of: path)
  }
  func identity(of file: Int32) throws(FileError) -> FileStatus {
    try pass("statx", of: file)
    return try real.identity(of: file)
  }
  func read(
    _ file: Int32, at offset: Int64?, into memory: UnsafeMutableRawBufferPointer
  ) throws(FileError) -> Int {
    try pass(offset == nil ? "read" : "pread", of: file)
    let count = unsafe try real.read(file, at: offset, into: memory)
    state.withLock { $0.bytesRead += count }
    return count
  }
  func write(_ file: Int32, at offset: Int64, _ bytes: Span<UInt8>) throws(FileError) {
    do {
      try pass("pwrite", of: file)
    } catch {
      try? real.write(file, at: offset, bytes.extracting(0..<bytes.count / 2))
      throw error
    }
    try real.write(file, at: offset, bytes)
  }
  func truncate(_ file: Int32, to size: Int64) throws(FileError) {
    try pass("ftruncate", of: file)
    try real.truncate(file, to: size)
  }
  func synchronizeData(_ file: Int32) throws(FileError) {
    try pass("fdatasync", of: file)
    try real.synchronizeData(file)
  }
  /// A write that is cut has written half.
  func write(_ file: Int32, _ bytes: Span<UInt8>) throws(FileError) {
    do {
      try pass("write", of: file)
    } catch {
      try? real.write(file, bytes.extracting(0..<bytes.count / 2))
      throw error
    }
    try real.write(file, bytes)
  }
  func synchronize(_ file: Int32) throws(FileError) {
    try pass("fsync", of: file)
    try real.synchronize(file)
  }
  func rename(_ from: String, to: String) throws(FileError) {
    try pass("rename", of: to)
    try real.rename(from, to: to)
  }
  func link(_ from: String, to: String) throws(FileError) {
    try pass("link", of: to)
    try real.link(from, to: to)
  }
  func link(_ file: Int32, to: String) throws(FileError) {
    try pass("linkat", of: file)
    try real.link(file, to: to)
  }
  func remove(_ path: String) throws(FileError) {
    try pass("unlink", of: path)
    try real.remove(path)
  }
  func makeDirectory(_ path: String) throws(FileError) {
    try pass("mkdir", of: path)
    try real.makeDirectory(path)
  }
  func overwrite(_ path: String, with bytes: Span<UInt8>) throws(FileError) {
    do {
      try pass("overwrite")
    } catch {
      // A file that it would have made is not left.
      if !isDead, (try? real.status(of: path)) != nil {
        try? real.overwrite(path, with: bytes.extracting(0..<bytes.count / 2))
      }
      throw error
    }
    try real.overwrite(path, with: bytes)
  }
  func closeOnExec(_ file: Int32) { real.closeOnExec(file) }
  func names(in directory: String) throws(FileError) -> [String] {
    try pass("readdir")
    return try real.names(in: directory)
  }
  func hasAccessList(_ path: String) -> Bool { real.hasAccessList(path) }
  func isMountPoint(_ path: String) -> Bool { real.isMountPoint(path) }
  func isWritable(directory: String) -> Bool { real.isWritable(directory: directory) }
  func workingDirectory() throws(FileError) -> String { try real.workingDirectory() }
  func target(ofLink path: String) throws(FileError) -> String {
    try pass("readlink")
    return try real.target(ofLink: path)
  }
  func tryLock(_ file: Int32, byte: Int64) throws(FileError) -> Bool {
    try pass("lock", of: file)
    return try real.tryLock(file, byte: byte)
  }
  func unlock(_ file: Int32, byte: Int64) { real.unlock(file, byte: byte) }
  func announce(_ file: Int32, byte: Int64) { if !isDead { real.announce(file, byte: byte) } }
  func withdraw(_ file: Int32, byte: Int64) { real.withdraw(file, byte: byte) }
  func holder(of file: Int32, byte: Int64) -> Int32? { real.holder(of: file, byte: byte) }
  func pause(microseconds: UInt32) { real.pause(microseconds: microseconds) }
}
