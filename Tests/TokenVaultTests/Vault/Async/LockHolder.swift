import Foundation
import Glibc

/// Another process that has the lock of a vault, as a writer has it.
final class LockHolder: Sendable {
  private static let script = """
    import fcntl, os, struct, sys
    file = os.open(sys.argv[1], os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.fcntl(file, 37, struct.pack("hhqqixxxx", fcntl.F_WRLCK, 0, 0, 1, 0))
    fcntl.fcntl(file, fcntl.F_SETLK, struct.pack("hhqqixxxx", fcntl.F_WRLCK, 0, 1 << 62, 1, 0))
    print("held", flush=True)
    sys.stdin.read()
    """

  private let process = Process()

  /// Returns once the other process has the lock.
  init(_ vault: String) throws {
    let (output, input) = (Pipe(), Pipe())
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["python3", "-c", Self.script, vault + ".lock"]
    (process.standardOutput, process.standardInput) = (output, input)
    try process.run()
    _ = output.fileHandleForReading.availableData
  }

  var processIdentifier: Int32 { process.processIdentifier }

  /// Lets the lock go, by the end of the process. A process that a thread of a pool has started blocks SIGTERM.
  func release() { kill(process.processIdentifier, SIGKILL) }

  deinit { release() }
}
