internal import CLinux
internal import Glibc
internal import VaultCrypto

/// A command that prints a key.
enum KeyCommand {
  /// How long it may take.
  static let timeLimit: Duration = .seconds(3)

  /// What `/bin/sh -c` prints for the command, up to one byte more than `limit`; the caller cleanses it.
  ///
  /// The command gets nothing on its standard input. One that takes longer than the time limit is killed,
  /// and with it all that it has started in its process group.
  static func output(
    of command: String, limit: Int, within timeLimit: Duration = timeLimit
  ) throws(KeyError) -> [UInt8] {
    let deadline = ContinuousClock.now.advanced(by: timeLimit)
    let (process, output) = try start(command)
    defer { close(output) }
    var isOver = false
    defer { if !isOver { kill(process) } }
    var bytes = [UInt8](repeating: 0, count: limit + 1)
    do throws(KeyError) {
      let count = try read(output, &bytes, deadline)
      let status = try wait(process, deadline)
      isOver = true
      guard status == 0 else {
        let how = status & 0x7F == 0 ? "exit status \(status >> 8)" : "signal \(status & 0x7F)"
        throw KeyError.unavailable(problem: "it ended with \(how)")
      }
      bytes.removeLast(bytes.count - count)
      return bytes
    } catch {
      bytes.cleanse()
      throw error
    }
  }

  private static func start(
    _ command: String
  ) throws(KeyError) -> (process: pid_t, output: Int32) {
    var ends: [Int32] = [-1, -1]
    guard unsafe linux_pipe2(&ends, O_CLOEXEC) == 0 else { throw failure("pipe2", errno) }
    defer { close(ends[1]) }
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    unsafe posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    unsafe posix_spawn_file_actions_adddup2(&actions, ends[1], 1)
    var attributes = posix_spawnattr_t()
    unsafe posix_spawnattr_init(&attributes)
    defer { unsafe posix_spawnattr_destroy(&attributes) }
    // A process group of its own, to be killed as one; signals as a program expects to find them.
    var signals = sigset_t()
    unsafe sigemptyset(&signals)
    unsafe posix_spawnattr_setsigmask(&attributes, &signals)
    for signal in [SIGPIPE, SIGXFSZ, SIGINT, SIGTERM] { _ = unsafe sigaddset(&signals, signal) }
    unsafe posix_spawnattr_setsigdefault(&attributes, &signals)
    let flags = POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK
    unsafe posix_spawnattr_setflags(&attributes, Int16(flags))
    var process: pid_t = 0
    let error = unsafe withArguments(["/bin/sh", "-c", command]) { arguments in
      unsafe posix_spawn(&process, "/bin/sh", &actions, &attributes, arguments, environ)
    }
    guard error == 0 else {
      close(ends[0])
      throw failure("posix_spawn", error)
    }
    return (process, ends[0])
  }

  private static func withArguments<Result>(
    _ words: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
  ) -> Result {
    let copies = unsafe words.map { unsafe strdup($0) }
    defer { for index in unsafe copies.indices { unsafe free(copies[index]) } }
    return unsafe body(copies + [nil])
  }

  /// Reads until the other end is closed, or `bytes` is full.
  private static func read(
    _ output: Int32, _ bytes: inout [UInt8], _ deadline: ContinuousClock.Instant
  ) throws(KeyError) -> Int {
    var count = 0
    while count < bytes.count {
      var poll = pollfd(fd: output, events: Int16(POLLIN), revents: 0)
      let ready = unsafe Glibc.poll(&poll, 1, try milliseconds(until: deadline))
      if ready < 0, errno != EINTR { throw failure("poll", errno) }
      if ready <= 0 { continue }
      let more = unsafe bytes.withUnsafeMutableBytes { memory in
        unsafe Glibc.read(
          output, memory.baseAddress.map { unsafe $0 + count }, memory.count - count)
      }
      if more == 0 { break }
      if more > 0 { count += more } else if errno != EINTR { throw failure("read", errno) }
    }
    return count
  }

  /// Waits for the end, in short steps: a process has no descriptor to wait on everywhere.
  private static func wait(
    _ process: pid_t, _ deadline: ContinuousClock.Instant
  ) throws(KeyError) -> Int32 {
    var status: Int32 = 0
    while true {
      let ended = unsafe waitpid(process, &status, WNOHANG)
      if ended == process { return status }
      // Someone else has waited for it: the host program, or the kernel where SIGCHLD is ignored.
      if ended < 0, errno == ECHILD { return 0 }
      if ended < 0, errno != EINTR { throw failure("waitpid", errno) }
      _ = try milliseconds(until: deadline)
      usleep(500)
    }
  }

  private static func kill(_ process: pid_t) {
    _ = Glibc.kill(-process, SIGKILL)
    _ = Glibc.kill(process, SIGKILL)
    // Not for ever: it may have become another user's, whom we cannot kill.
    var status: Int32 = 0
    for _ in 0..<200 {
      let ended = unsafe waitpid(process, &status, WNOHANG)
      if ended == process || (ended < 0 && errno != EINTR) { return }
      usleep(500)
    }
  }

  private static func milliseconds(
    until deadline: ContinuousClock.Instant
  ) throws(KeyError) -> Int32 {
    let left = ContinuousClock.now.duration(to: deadline)
    guard left > .zero else { throw .unavailable(problem: "it took longer than it may") }
    return Int32(left / .milliseconds(1)) + 1
  }

  private static func failure(_ call: String, _ errno: Int32) -> KeyError {
    let error = DiskError(call: call, path: nil, errno: errno)
    return .unavailable(problem: "\(call): \(error.reason)")
  }
}
