internal import CLinux
internal import Glibc

/// A started program: its output, and its end.
struct RunningChild {
  let process: pid_t
  let output: Int32

  /// Milliseconds between two checks whether the program has ended; output ends the wait at once.
  private static let interval: Int32 = 20

  /// Reads its output until it ends, and returns how many bytes that is.
  ///
  /// Its children that outlive it are not waited for, even if they keep the output open. Past the deadline, once
  /// `isBrokenOff` returns true, or when `bytes` are full, it is killed with its process group.
  func collect(
    _ bytes: inout [UInt8], until deadline: ContinuousClock.Instant,
    unless isBrokenOff: () -> Bool
  ) throws(SystemCallError) -> (count: Int, end: ChildProcess.End) {
    var count = 0
    var isOpen = true
    do throws(SystemCallError) {
      while true {
        if isOpen { isOpen = try read(&bytes, &count, waiting: Self.interval) }
        if count == bytes.count { return (count, kill(as: .excess)) }
        if let end = try ended(isPatient: !isOpen) {
          // It may have printed since the last read.
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

  /// Reads what arrives within so many milliseconds; returns false once the other end is closed.
  private func read(
    _ bytes: inout [UInt8], _ count: inout Int, waiting milliseconds: Int32
  ) throws(SystemCallError) -> Bool {
    var poll = pollfd(fd: output, events: Int16(POLLIN), revents: 0)
    let ready = unsafe Glibc.poll(&poll, 1, milliseconds)
    guard ready >= 0 || errno == EINTR else { throw SystemCallError("poll") }
    guard ready > 0 else { return true }
    let start = count
    let more = unsafe bytes.withUnsafeMutableBytes { memory in
      unsafe Glibc.read(output, memory.baseAddress.map { unsafe $0 + start }, memory.count - start)
    }
    guard more >= 0 || errno == EINTR else { throw SystemCallError("read") }
    count += max(more, 0)
    return more != 0
  }

  /// How it has ended; nil if it has not. Polled, since older kernels have no descriptor of a process to wait on.
  private func ended(isPatient: Bool) throws(SystemCallError) -> ChildProcess.End? {
    var status: Int32 = 0
    let ended = unsafe waitpid(process, &status, WNOHANG)
    if ended == process {
      return linux_has_exited(status) != 0
        ? .exit(linux_exit_status(status)) : .signal(linux_end_signal(status))
    }
    // The host program has reaped it, or the kernel has, since SIGCHLD is ignored.
    if ended < 0, errno == ECHILD { return .exit(0) }
    guard ended >= 0 || errno == EINTR else { throw SystemCallError("waitpid") }
    if isPatient { usleep(500) }
    return nil
  }

  private func kill(as end: ChildProcess.End) -> ChildProcess.End {
    _ = Glibc.kill(-process, SIGKILL)
    _ = Glibc.kill(process, SIGKILL)
    // Not for ever: it may have become another user's process, which we cannot kill.
    var status: Int32 = 0
    for _ in 0..<200 {
      let ended = unsafe waitpid(process, &status, WNOHANG)
      if ended == process || (ended < 0 && errno != EINTR) { break }
      usleep(500)
    }
    return end
  }
}
