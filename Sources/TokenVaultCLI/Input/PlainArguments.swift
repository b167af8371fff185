import TokenVault

/// A plain command line: options by one name, once, each value in its own argument; at most one other argument.
///
/// Scripts run `token` and `save` often, and the argument parser takes longer to set up than the vault takes to open.
/// Whatever this reads, it must read as the parser does: a test compares them.
struct PlainArguments {
  /// The session of the options that every command has.
  private(set) var session = Session()
  /// The argument that belongs to no option.
  private(set) var other: String?
  /// An array: a dictionary costs the runtime more than the few options are worth.
  private var values: [(option: String, value: String)] = []

  /// Nil for a command line that is of another command, or not plain: the parser reads it.
  init?(_ arguments: [String], of command: String, options: [String] = []) {
    guard arguments.first == command else { return nil }
    var rest = arguments.dropFirst()
    while let word = rest.popFirst() {
      let argument = word == "-u" ? "--user" : word
      switch argument {
      case "--json": session.json = true
      case "--quiet", "-q": session.quiet = true
      case "--no-input": session.noInput = true
      case "--vault", "--key-file",
        _ where options.contains(argument):
        guard self[argument] == nil, let value = rest.popFirst(), Self.isPlain(value) else {
          return nil
        }
        values.append((argument, value))
      default:
        guard other == nil, Self.isPlain(argument) else { return nil }
        other = argument
      }
    }
    session.vault = self["--vault"]
    session.keys = self["--key-file"].map { [.file($0)] } ?? []
  }

  private static func isPlain(_ text: String) -> Bool { !text.isEmpty && !text.hasPrefix("-") }

  subscript(option: String) -> String? { values.first { $0.option == option }?.value }
}
