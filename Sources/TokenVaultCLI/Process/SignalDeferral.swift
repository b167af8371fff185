import Glibc
import Synchronization

/// Defers the signals that end the command while a token endpoint is called: an interrupted call may lose the refresh
/// token that its answer brings. Another signal, a second later or more, is not deferred; an earlier one is a repetition,
/// since `timeout` and a terminal that is closed send theirs twice.
enum SignalDeferral {
  private static let caught = Atomic<Int32>(0)
  private static let caughtAt = Atomic<Int>(0)
  private static let calls = Atomic<Int>(0)
  private static let programs = Atomic(false)
  private static let isBroken = Atomic(false)

  /// Whether a signal waits for the calls to end, so that no new one should begin.
  static var isPending: Bool { caught.load(ordering: .relaxed) != 0 }

  /// Whether a second signal has come while programs are called: they are killed, since they would outlive the process.
  static var isBrokenOff: Bool { isBroken.load(ordering: .relaxed) }

  /// Catches the signals from now on, except ignored ones.
  static func install(forPrograms: Bool) {
    programs.store(forPrograms, ordering: .relaxed)
    // Initialized here: a handler must not allocate.
    _ = (isPending, isBrokenOff, caughtAt.load(ordering: .relaxed), calls.load(ordering: .relaxed))
    for signal in [SIGINT, SIGTERM, SIGHUP] where !Signals.isIgnored(signal) {
      var action = sigaction()
      unsafe action.__sigaction_handler.sa_handler = { SignalDeferral.handle($0) }
      action.sa_flags = SA_RESTART
      unsafe sigaction(signal, &action, nil)
    }
  }

  private static func handle(_ signal: Int32) {
    let before = errno
    defer { errno = before }
    let isFirst = caught.exchange(signal, ordering: .relaxed) == 0
    guard calls.load(ordering: .relaxed) > 0 else { return die(of: signal) }
    if isFirst {
      caughtAt.store(milliseconds, ordering: .relaxed)
      return announce()
    }
    guard milliseconds - caughtAt.load(ordering: .relaxed) >= 1000 else { return }
    caughtAt.store(milliseconds, ordering: .relaxed)
    let isOnlyNow =
      programs.load(ordering: .relaxed) && !isBroken.exchange(true, ordering: .relaxed)
    if !isOnlyNow { die(of: signal) }
  }

  private static var milliseconds: Int {
    var time = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return time.tv_sec &* 1000 &+ time.tv_nsec / 1_000_000
  }

  private static func announce() {
    let text: StaticString =
      "tokenvault: a refresh is under way, and ends first; send the signal again to abort it\n"
    _ = unsafe write(2, text.utf8Start, text.utf8CodeUnitCount)
  }

  /// Ends the process as if the signal had not been caught.
  private static func die(of signal: Int32) {
    _ = Glibc.signal(signal, SIG_DFL)
    raise(signal)
  }

  static func begin() { calls.add(1, ordering: .relaxed) }

  /// A call has ended, and its answer is saved.
  static func end() {
    let left = calls.subtract(1, ordering: .relaxed).newValue
    let signal = caught.load(ordering: .relaxed)
    if left == 0, signal != 0 { die(of: signal) }
  }
}
