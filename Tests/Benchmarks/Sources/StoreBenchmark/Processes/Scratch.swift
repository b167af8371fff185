import FoundationEssentials
import Glibc

/// A directory below the current one, on a real disk, that is removed at the end and on Ctrl-C.
struct Scratch: Sendable {
  let path = FileManager.default.currentDirectoryPath + "/store-benchmark-\(getpid())"

  init() throws {
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    // For Git, there is nothing here.
    try Data("*\n".utf8).write(to: URL(filePath: "\(path)/.gitignore"))
    try removeWhenSignalled()
    useNothingOfTheUser()
  }

  func remove() { try? FileManager.default.removeItem(atPath: path) }

  /// Must come before any other thread is made: they inherit what is blocked.
  private func removeWhenSignalled() throws {
    var signals = sigset_t()
    sigemptyset(&signals)
    for signal in [SIGINT, SIGTERM, SIGHUP] { sigaddset(&signals, signal) }
    pthread_sigmask(SIG_BLOCK, &signals, nil)
    let (scratch, awaited) = (self, signals)
    let thread = try SystemThread.start {
      var (signals, signal): (sigset_t, Int32) = (awaited, 0)
      sigwait(&signals, &signal)
      scratch.remove()
      _exit(128 + signal)
    }
    pthread_detach(thread)
  }

  /// Neither we nor our children write to the user's state, or read the user's settings.
  private func useNothingOfTheUser() {
    for name in ["HOME", "XDG_STATE_HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME"] {
      setenv(name, "\(path)/home", 1)
    }
    mkdir("\(path)/home", 0o700)
    for name in ["TOKENVAULT_FILE", "TOKENVAULT_KEY_FILE", "TOKENVAULT_KEY_COMMAND"] {
      unsetenv(name)
    }
  }
}
