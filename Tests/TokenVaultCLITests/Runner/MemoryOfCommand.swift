import Foundation
import Testing

/// Runs the command, and says how much memory it had.
struct MemoryOfCommand {
  private let command: CommandRunner

  init(_ command: CommandRunner) { self.command = command }

  /// How a command ended, and the most memory that it had, in bytes.
  func run(
    _ arguments: [String], input: String = ""
  ) throws -> (result: CommandRunner.Result, memory: Int) {
    let script = """
      import resource, subprocess, sys
      status = subprocess.run(sys.argv[1:]).returncode
      with open("memory", "w") as file:
        file.write(str(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss))
      sys.exit(status)
      """
    let line = ["-C", command.home, "python3", "-c", script, CommandRunner.command] + arguments
    let result = try command.wait(command.start("/usr/bin/env", line, input: input))
    let kilobytes = Int(String(decoding: try command.bytes(command.file("memory")), as: UTF8.self))
    return (result, try #require(kilobytes) * 1024)
  }
}
