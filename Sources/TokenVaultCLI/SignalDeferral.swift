import Glibc
import Synchronization

/// Puts off the signals that end the command while a call is under way: broken off, it might cost the refresh token
/// that its answer brings. A second signal is not put off.
enum SignalDeferral {
  private static let caught = Atomic<Int32>(0)
  private static let calls = Atomic<Int>(0)

  /// What is said when a signal is put off; ready-made, since a handler can make nothing.
  private static let notice = Array(
    "tokenvault: a refresh is under way, and ends first; once more to break it off\n".utf8)

  /// Whether a signal waits for the calls to end, so that no new one should begin.
  static var isPending: Bool { caught.load(ordering: .relaxed) != 0 }

  /// Catches the signals from now on, but for those that are ignored.
  static func install() {
    for signal in [SIGINT, SIGTERM, SIGHUP] {
      var action = sigaction()
      unsafe sigaction(signal, nil, &action)
      if unsafe unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) == 1 { continue }
      action = sigaction()
      unsafe action.__sigaction_handler.sa_handler = { SignalDeferral.handle($0) }
      action.sa_flags = SA_RESTART
      unsafe sigaction(signal, &action, nil)
    }
  }

  private static func handle(_ signal: Int32) {
    let isFirst = caught.exchange(signal, ordering: .relaxed) == 0
    guard isFirst, calls.load(ordering: .relaxed) > 0 else { return die(of: signal) }
    _ = unsafe notice.withUnsafeBytes { unsafe write(2, $0.baseAddress, $0.count) }
  }

  /// As if the signal had come without us.
  private static func die(of signal: Int32) {
    _ = Glibc.signal(signal, SIG_DFL)
    raise(signal)
  }

  /// Says that a call begins.
  static func begin() { calls.add(1, ordering: .relaxed) }

  /// Says that a call has ended, and what it brought is saved.
  static func end() {
    let left = calls.subtract(1, ordering: .relaxed).newValue
    let signal = caught.load(ordering: .relaxed)
    if left == 0, signal != 0 { die(of: signal) }
  }
}
