internal import Glibc

/// A program that was started: its output, and its end.
struct RunningChild {
  let process: pid_t
  let output: Int32

  /// Between two looks whether the program has ended. Its output is waited for, not asked.
  private static let interval: Int32 = 20  // milliseconds

  /// Reads what it prints until it ends, and says how many bytes there are.
  ///
  /// What it has started and left behind is not waited for, even if that keeps the output open. Past the deadline, or
  /// once `isBrokenOff` says so, or when `bytes` is full, it is killed, with all that is in its process group.
  func collect(
    _ bytes: inout [UInt8], until deadline: ContinuousClock.Instant,
    unless isBrokenOff: () -> Bool
  ) throws(DiskError) -> (count: Int, end: ChildProcess.End) {
    var count = 0
    var isOpen = true
    do throws(DiskError) {
      while true {
        if isOpen { isOpen = try read(&bytes, &count, waiting: Self.interval) }
        if count == bytes.count { return (count, kill(as: .excess)) }
        if let end = try ended(isPatient: !isOpen) {
          // It may have printed between the two looks.
          while isOpen, count < bytes.count {
            let before = count
            isOpen = try read(&bytes, &count, waiting: 0)
            if count == before { break }
          }
          return (count, end)
        }
        if ContinuousClock.now >= deadline { return (count, kill(as: .tookTooLong)) }
        if isBrokenOff() { return (count, kill(as: .brokenOff)) }
      }
    } catch {
      _ = kill(as: .tookTooLong)
      throw error
    }
  }

  /// Reads what there is after so many milliseconds; false once the other end is closed.
  private func read(
    _ bytes: inout [UInt8], _ count: inout Int, waiting milliseconds: Int32
  ) throws(DiskError) -> Bool {
    var poll = pollfd(fd: output, events: Int16(POLLIN), revents: 0)
    let ready = unsafe Glibc.poll(&poll, 1, milliseconds)
    guard ready >= 0 || errno == EINTR else { throw Self.failure("poll") }
    guard ready > 0 else { return true }
    let start = count
    let more = unsafe bytes.withUnsafeMutableBytes { memory in
      unsafe Glibc.read(output, memory.baseAddress.map { unsafe $0 + start }, memory.count - start)
    }
    guard more >= 0 || errno == EINTR else { throw Self.failure("read") }
    count += max(more, 0)
    return more != 0
  }

  /// How it has ended; nil where it has not. In short steps: a process has no descriptor to wait on everywhere.
  private func ended(isPatient: Bool) throws(DiskError) -> ChildProcess.End? {
    var status: Int32 = 0
    let ended = unsafe waitpid(process, &status, WNOHANG)
    if ended == process {
      return status & 0x7F == 0 ? .exit(status >> 8) : .signal(status & 0x7F)
    }
    // Someone else has waited for it: the host program, or the kernel where SIGCHLD is ignored.
    if ended < 0, errno == ECHILD { return .exit(0) }
    guard ended >= 0 || errno == EINTR else { throw Self.failure("waitpid") }
    if isPatient { usleep(500) }
    return nil
  }

  private func kill(as end: ChildProcess.End) -> ChildProcess.End {
    _ = Glibc.kill(-process, SIGKILL)
    _ = Glibc.kill(process, SIGKILL)
    // Not for ever: it may have become another user's, whom we cannot kill.
    var status: Int32 = 0
    for _ in 0..<200 {
      let ended = unsafe waitpid(process, &status, WNOHANG)
      if ended == process || (ended < 0 && errno != EINTR) { break }
      usleep(500)
    }
    return end
  }

  private static func failure(_ call: String) -> DiskError {
    DiskError(call: call, path: nil, errno: errno)
  }
}
