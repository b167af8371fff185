import TokenVault

/// A plain command line: options by their full names, once, each value in its own argument; at most one other argument.
///
/// Scripts run `token` and `save` often, and the argument parser takes longer to set up than the vault takes to open.
/// Whatever this reads, it must read as the parser does: a test compares them.
struct PlainArguments {
  /// The session of the options that every command has.
  private(set) var session = Session()
  /// The argument that belongs to no option.
  private(set) var other: String?
  private var values: [String: String] = [:]

  /// Nil for a command line that is of another command, or not plain: the parser reads it.
  init?(_ arguments: [String], of command: String, options: Set<String> = []) {
    guard arguments.first == command else { return nil }
    var rest = arguments.dropFirst()
    while let argument = rest.popFirst() {
      switch argument {
      case "--json": session.json = true
      case "--quiet": session.quiet = true
      case "--no-input": session.noInput = true
      case "--vault", "--key-file",
        _ where options.contains(argument):
        guard values[argument] == nil, let value = rest.popFirst(), Self.isPlain(value) else {
          return nil
        }
        values[argument] = value
      default:
        guard other == nil, Self.isPlain(argument) else { return nil }
        other = argument
      }
    }
    session.vault = values["--vault"]
    session.keys = values["--key-file"].map { [.file($0)] } ?? []
  }

  private static func isPlain(_ text: String) -> Bool { !text.isEmpty && !text.hasPrefix("-") }

  subscript(option: String) -> String? { values[option] }
}
