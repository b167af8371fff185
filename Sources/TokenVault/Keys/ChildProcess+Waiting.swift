internal import Glibc

extension ChildProcess {
  /// Reads until the other end is closed, or `bytes` is full.
  static func read(
    _ output: Int32, _ bytes: inout [UInt8], _ deadline: ContinuousClock.Instant
  ) throws(ChildProcessError) -> Int {
    var count = 0
    while count < bytes.count {
      var poll = pollfd(fd: output, events: Int16(POLLIN), revents: 0)
      let ready = unsafe Glibc.poll(&poll, 1, try milliseconds(until: deadline))
      if ready < 0, errno != EINTR { throw .failed("poll", errno) }
      if ready <= 0 { continue }
      let more = unsafe bytes.withUnsafeMutableBytes { memory in
        unsafe Glibc.read(
          output, memory.baseAddress.map { unsafe $0 + count }, memory.count - count)
      }
      if more == 0 { break }
      if more > 0 { count += more } else if errno != EINTR { throw .failed("read", errno) }
    }
    return count
  }

  /// Waits for the end, in short steps: a process has no descriptor to wait on everywhere.
  static func wait(
    _ process: pid_t, _ deadline: ContinuousClock.Instant
  ) throws(ChildProcessError) -> End {
    var status: Int32 = 0
    while true {
      let ended = unsafe waitpid(process, &status, WNOHANG)
      if ended == process {
        return status & 0x7F == 0 ? .exit(status >> 8) : .signal(status & 0x7F)
      }
      // Someone else has waited for it: the host program, or the kernel where SIGCHLD is ignored.
      if ended < 0, errno == ECHILD { return .exit(0) }
      if ended < 0, errno != EINTR { throw .failed("waitpid", errno) }
      _ = try milliseconds(until: deadline)
      usleep(500)
    }
  }

  static func kill(_ process: pid_t) {
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
  ) throws(ChildProcessError) -> Int32 {
    let left = ContinuousClock.now.duration(to: deadline)
    guard left > .zero else { throw .tookTooLong }
    return Int32(left / .milliseconds(1)) + 1
  }
}

extension ChildProcess.End: CustomStringConvertible {
  /// As the end of a sentence.
  var description: String {
    switch self {
    case .exit(let status): "it ended with exit status \(status)"
    case .signal(let number): "it ended with signal \(number)"
    case .excess: "it printed too much"
    }
  }
}
