import TokenVault

// The options of every command, for the plain forms of a command line that are read without the argument parser.
extension Session {
  /// What comes of an argument.
  enum PlainOption {
    /// It was one of these options, and is taken in.
    case taken
    /// It is one of them, and only the parser can say what is wrong with it.
    case refused
    /// It is none of them.
    case other
  }

  /// Takes an option in, with its value if it has one.
  mutating func take(
    plainOption argument: String, _ rest: inout ArraySlice<String>
  ) -> PlainOption {
    switch argument {
    case "--json": json = true
    case "--quiet": quiet = true
    case "--no-input": noInput = true
    case "--vault":
      guard vault == nil, let value = Self.plainValue(&rest) else { return .refused }
      vault = value
    case "--key-file":
      guard keys.isEmpty, let value = Self.plainValue(&rest) else { return .refused }
      keys = [.file(value)]
    default: return .other
    }
    return .taken
  }

  /// The value of an option: the next argument, unless that is empty or looks like an option.
  static func plainValue(_ rest: inout ArraySlice<String>) -> String? {
    guard let value = rest.popFirst(), !value.isEmpty, !value.hasPrefix("-") else { return nil }
    return value
  }
}
