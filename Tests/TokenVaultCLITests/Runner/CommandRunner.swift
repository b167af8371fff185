import Foundation

/// Runs the built command in a process of its own, with a home directory of its own.
final class CommandRunner: Sendable {
  struct Result {
    let status: Int32
    /// The signal that ended it; nil where it exited by itself.
    let signal: Int32?
    let output: String
    let errors: String
  }

  let home: String

  init() throws {
    home =
      FileManager.default.temporaryDirectory
      .appending(path: "tokenvault-cli-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(
      atPath: home, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
  }

  deinit { try? FileManager.default.removeItem(atPath: home) }

  /// The command that TOKENVAULT_TEST_COMMAND names, the fully static one say; else the one that `swift build` made
  /// beside these tests.
  static let command: String = {
    if let named = ProcessInfo.processInfo.environment["TOKENVAULT_TEST_COMMAND"] { return named }
    let beside = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
      .appending(path: "tokenvault").path
    if FileManager.default.isExecutableFile(atPath: beside) { return beside }
    return packageRoot.appending(path: ".build/debug/tokenvault").path
  }()

  /// The long sweeps are asked for.
  static let isFullTest = ProcessInfo.processInfo.environment["TOKENVAULT_TEST_FULL"] == "1"
  static let packageRoot = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  static func fixture(_ name: String) -> String {
    packageRoot.appending(path: "Fixtures/zoho/\(name)").path
  }

  func file(_ name: String) -> String { "\(home)/\(name)" }

  /// Where the vault is that nobody names.
  var standardVault: String { file("data/tokenvault/tokens.vault") }

  func bytes(_ path: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: URL(filePath: path)))
  }

  func write(_ text: String, to path: String) throws { try write(Array(text.utf8), to: path) }

  func write(_ bytes: [UInt8], to path: String) throws {
    try Data(bytes).write(to: URL(filePath: path))
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
  }

  /// Runs `tokenvault` with these arguments.
  @discardableResult
  func run(
    _ arguments: String..., input: String = "", environment: [String: String] = [:]
  ) throws -> Result {
    try wait(start(Self.command, arguments, input: input, environment: environment))
  }

  /// Runs a line of shell, in which `tokenvault` is the command.
  @discardableResult
  func shell(
    _ line: String, input: String = "", environment: [String: String] = [:]
  ) throws -> Result {
    let script = "tokenvault() { '\(Self.command)' \"$@\"; }\ncd '\(home)'\n\(line)"
    return try wait(start("/bin/bash", ["-c", script], input: input, environment: environment))
  }

  /// A process that has been started, and the files it writes to.
  struct Running {
    let process: Process
    let output: String
    let errors: String
  }

  func start(
    _ program: String, _ arguments: [String], input: String = "",
    environment: [String: String] = [:]
  ) throws -> Running {
    let name = UUID().uuidString
    let paths = ["in", "out", "err"].map { file("\(name).\($0)") }
    try write(input, to: paths[0])
    for path in paths[1...] { try write("", to: path) }
    let process = Process()
    process.executableURL = URL(filePath: program)
    process.arguments = arguments
    process.environment = [
      "HOME": home, "XDG_DATA_HOME": file("data"), "XDG_STATE_HOME": file("state"),
      "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin",
      "SWIFT_BACKTRACE": "enable=no",
    ].merging(environment) { $1 }
    process.standardInput = try FileHandle(forReadingFrom: URL(filePath: paths[0]))
    process.standardOutput = try FileHandle(forWritingTo: URL(filePath: paths[1]))
    process.standardError = try FileHandle(forWritingTo: URL(filePath: paths[2]))
    try process.run()
    return Running(process: process, output: paths[1], errors: paths[2])
  }

  /// Starts the command as a shell does: the threads that run tests block signals, and a program inherits that.
  func startWithSignals(
    _ arguments: [String], environment: [String: String] = [:]
  ) throws -> Running {
    let script = """
      import os, signal, sys
      signal.pthread_sigmask(signal.SIG_SETMASK, [])
      signal.signal(signal.SIGINT, signal.SIG_DFL)
      os.execv(sys.argv[1], sys.argv[1:])
      """
    let line = ["python3", "-c", script, Self.command] + arguments
    return try start("/usr/bin/env", line, environment: environment)
  }

  func wait(_ running: Running) throws -> Result {
    running.process.waitUntilExit()
    let isSignal = running.process.terminationReason == .uncaughtSignal
    defer {
      for path in [running.output, running.errors] {
        try? FileManager.default.removeItem(atPath: path)
      }
    }
    return Result(
      status: running.process.terminationStatus,
      signal: isSignal ? running.process.terminationStatus : nil,
      output: String(decoding: try bytes(running.output), as: UTF8.self),
      errors: String(decoding: try bytes(running.errors), as: UTF8.self))
  }
}

extension String {
  /// The text as JSON.
  func json<Value>(as type: Value.Type = Value.self) throws -> Value? {
    try JSONSerialization.jsonObject(with: Data(utf8)) as? Value
  }
}
