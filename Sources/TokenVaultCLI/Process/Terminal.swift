import Glibc

/// The terminal on standard output, if there is one.
enum Terminal {
  /// Its width in cells; nil if standard output is no terminal.
  static var width: Int? { width(of: 1) }

  /// The width of the terminal on a descriptor; nil if it is none.
  static func width(of descriptor: Int32) -> Int? {
    guard isatty(descriptor) == 1 else { return nil }
    var size = winsize()
    guard unsafe ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return Int(size.ws_col)
  }

  /// Whether to use colors (no-color.org).
  static var hasColors: Bool {
    StandardOutput.isTerminal && variable("NO_COLOR") == nil && variable("TERM") != "dumb"
  }

  static func red(_ text: String) -> String { hasColors ? "\u{1B}[31m\(text)\u{1B}[0m" : text }

  /// The value of an environment variable that is set and not empty.
  static func variable(_ name: String) -> String? {
    let value = unsafe getenv(name).map { unsafe String(cString: $0) } ?? ""
    return value.isEmpty ? nil : value
  }
}
