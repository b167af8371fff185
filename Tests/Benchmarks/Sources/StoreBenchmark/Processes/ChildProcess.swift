import CGNU
import Glibc

/// A program that runs, with pipes or /dev/null for its input and output.
struct ChildProcess {
  let id: pid_t
  private let input: Int32
  private let output: Int32

  /// What its program has left: the exit status, and the most memory it ever had.
  struct End {
    let status: Int32
    let peakMemory: Int
  }

  /// Starts a program that is found in the path, or in place.
  init(_ words: [String], hasPipes: Bool = false) throws {
    var (inputs, outputs): ([Int32], [Int32]) = ([-1, -1], [-1, -1])
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    if hasPipes {
      try SystemCall.check(pipe2(&inputs, O_CLOEXEC), "pipe2")
      try SystemCall.check(pipe2(&outputs, O_CLOEXEC), "pipe2")
      posix_spawn_file_actions_adddup2(&actions, inputs[0], 0)
      posix_spawn_file_actions_adddup2(&actions, outputs[1], 1)
    } else {
      posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
      posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
    }
    id = try Self.spawn(words, &actions)
    (input, output) = (inputs[1], outputs[0])
    if hasPipes { _ = (close(inputs[0]), close(outputs[1])) }
  }

  /// Starts this program as one of its own workers.
  static func worker(_ words: [String]) throws -> ChildProcess {
    try ChildProcess(["/proc/self/exe", Worker.flag] + words, hasPipes: true)
  }

  /// Signals are blocked here, to be waited for; a child has them as usual.
  private static func spawn(
    _ words: [String], _ actions: inout posix_spawn_file_actions_t
  ) throws -> pid_t {
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
    let arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
    defer { for argument in arguments { free(argument) } }
    var process: pid_t = 0
    let error = posix_spawnp(&process, words[0], &actions, &attributes, arguments, environ)
    guard error == 0 else { throw SuiteError("\(words[0]): \(String(cString: strerror(error)))") }
    return process
  }

  /// Lets a worker that waits for it go on.
  func signal() throws { try SystemCall.write([10], to: input) }

  /// Waits for the line that a worker begins with.
  func awaitReadiness() throws {
    var byte: UInt8 = 0
    repeat {
      guard try SystemCall.check(read(output, &byte, 1), "read") == 1 else {
        throw SuiteError("a worker has ended early")
      }
    } while byte != 10
  }

  /// Closes its input, and gives all that it still says.
  func finish() throws -> String {
    close(input)
    let text = try SystemCall.readAll(output)
    close(output)
    guard try wait().status == 0 else { throw SuiteError("a worker has failed: \(text)") }
    return text
  }

  func wait() throws -> End {
    var (status, usage): (Int32, rusage) = (0, rusage())
    while wait4(id, &status, 0, &usage) < 0 {
      guard errno == EINTR else { throw SuiteError("wait4 has failed") }
    }
    return End(status: status, peakMemory: usage.ru_maxrss * 1024)
  }

  /// Runs a command to its end, which must be a good one.
  @discardableResult
  static func run(_ words: [String]) throws -> End {
    let end = try ChildProcess(words).wait()
    guard end.status == 0 else {
      throw SuiteError("\(words.joined(separator: " ")) has ended with status \(end.status)")
    }
    return end
  }

  /// What a command writes.
  static func output(_ words: [String]) throws -> String {
    try ChildProcess(words, hasPipes: true).finish()
  }
}
