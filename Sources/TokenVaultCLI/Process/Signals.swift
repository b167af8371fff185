import Glibc

enum Signals {
  /// Whether a signal is ignored, as `nohup` and shells set it for the commands that they start.
  static func isIgnored(_ signal: Int32) -> Bool {
    var action = sigaction()
    unsafe sigaction(signal, nil, &action)
    return unsafe unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) == 1
  }
}
