internal import CLinux
internal import Glibc
internal import VaultCrypto

/// A program that is run for its output.
struct ChildProcess {
  /// The program, which is looked up in `PATH` if it has no slash, and its arguments.
  let arguments: [String]
  /// Its standard input; nil for none. It is kept in memory, never in a file system.
  var input: [UInt8]?

  enum End: Equatable {
    case exit(Int32)
    case signal(Int32)
    /// It printed more than the limit, and was killed.
    case excess
    /// It exceeded its time limit, and was killed.
    case tookTooLong
    /// Its caller gave it up, and it was killed.
    case brokenOff
  }

  /// Runs the program. Past the time limit, or once `isBrokenOff` returns true, it is killed with its process group.
  ///
  /// - Parameter limit: how many bytes it may print.
  /// - Returns: its output, which the caller cleanses, and how it ended.
  func run(
    limit: Int, within timeLimit: Duration, unless isBrokenOff: () -> Bool = { false }
  ) throws(SystemCallError) -> ([UInt8], End) {
    let deadline = ContinuousClock.now.advanced(by: timeLimit)
    let child = try start()
    defer { close(child.output) }
    var bytes = [UInt8](repeating: 0, count: limit + 1)
    do throws(SystemCallError) {
      let (count, end) = try child.collect(&bytes, until: deadline, unless: isBrokenOff)
      bytes[limit] = 0
      bytes.removeLast(bytes.count - min(count, limit))
      return (bytes, end)
    } catch {
      bytes.cleanse()
      throw error
    }
  }

  private func start() throws(SystemCallError) -> RunningChild {
    var ends: [Int32] = [-1, -1]
    guard unsafe linux_pipe2(&ends, O_CLOEXEC) == 0 else {
      throw SystemCallError("pipe2")
    }
    defer { close(ends[1]) }
    do throws(SystemCallError) {
      let input = try inputFile()
      defer { if let input { close(input) } }
      return RunningChild(
        process: try spawn(input: input, output: ends[1]), output: ends[0])
    } catch {
      close(ends[0])
      throw error
    }
  }

  /// An open file in memory with the input, so that no one waits for the program to read it.
  private func inputFile() throws(SystemCallError) -> Int32? {
    guard let input else { return nil }
    let file = unsafe linux_memfd_create("input")
    guard file >= 0 else { throw SystemCallError("memfd_create") }
    var done = 0
    while done < input.count {
      let count = unsafe input[done...].withUnsafeBytes {
        unsafe write(file, $0.baseAddress, $0.count)
      }
      if count > 0 {
        done += count
      } else if errno != EINTR {
        defer { close(file) }
        throw SystemCallError("write")
      }
    }
    lseek(file, 0, SEEK_SET)
    return file
  }

  private func spawn(input: Int32?, output: Int32) throws(SystemCallError) -> pid_t {
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    if let input {
      unsafe posix_spawn_file_actions_adddup2(&actions, input, 0)
    } else {
      unsafe posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    }
    unsafe posix_spawn_file_actions_adddup2(&actions, output, 1)
    var attributes = posix_spawnattr_t()
    unsafe posix_spawnattr_init(&attributes)
    defer { unsafe posix_spawnattr_destroy(&attributes) }
    // A process group of its own, to be killed as one; signals as a program expects to find them.
    var signals = sigset_t()
    unsafe sigemptyset(&signals)
    unsafe posix_spawnattr_setsigmask(&attributes, &signals)
    for signal in [SIGPIPE, SIGXFSZ, SIGINT, SIGTERM, SIGHUP] {
      _ = unsafe sigaddset(&signals, signal)
    }
    unsafe posix_spawnattr_setsigdefault(&attributes, &signals)
    let flags = POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK
    unsafe posix_spawnattr_setflags(&attributes, Int16(flags))
    var process: pid_t = 0
    let program = arguments.first ?? ""
    let error = unsafe Self.withArguments(arguments) { words in
      unsafe posix_spawnp(&process, program, &actions, &attributes, words, environ)
    }
    guard error == 0 else { throw SystemCallError("posix_spawn", errno: error) }
    return process
  }

  private static func withArguments<Result>(
    _ words: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
  ) -> Result {
    let copies = unsafe words.map { unsafe strdup($0) }
    defer { for index in unsafe copies.indices { unsafe free(copies[index]) } }
    return unsafe body(copies + [nil])
  }
}

extension ChildProcess.End: CustomStringConvertible {
  /// As the end of a sentence.
  var description: String {
    switch self {
    case .exit(let status): "it ended with exit status \(status)"
    case .signal(let number): "it ended with signal \(number)"
    case .excess: "it printed too much"
    case .tookTooLong: "it took longer than it may"
    case .brokenOff: "it was broken off"
    }
  }
}
