extension GlobalOptions {
  private static let withValue: Set = [
    "--vault", "--lock-timeout", "--key-file", "--key-fd", "--key-command", "--credential",
    "--passphrase-fd", "--recovery-fd",
  ]
  private static let withoutValue: Set = [
    "--json", "--no-input", "--quiet", "-q", "--accept-rollback", "--accept-other-vault",
    "--allow-shared-directory", "--reveal",
  ]

  private static func isGroup(_ name: String) -> Bool { name == "key" || name == "policy" }

  /// The arguments with the global options before the subcommand moved behind it, so that the parser knows them; also
  /// those between the two words of a command like `key list`.
  static func movedBehindSubcommand(_ arguments: [String]) -> [String] {
    // Most lines begin with the subcommand. To make the sets above takes longer than to read such a line.
    if let first = arguments.first, !first.hasPrefix("-"), !isGroup(first) { return arguments }
    var rest = arguments[...]
    var options = takeOptions(&rest)
    guard let name = rest.first else { return [] }
    if name.hasPrefix("-") || name == "help" { return Array(rest) }
    var words = [rest.removeFirst()]
    if isGroup(name) {
      options += takeOptions(&rest)
      // Without a command, the group says what it has.
      guard let second = rest.first else { return words }
      if second.hasPrefix("-") { return words + rest }
      words.append(rest.removeFirst())
    }
    return words + options + rest
  }

  /// Takes the global options that the arguments begin with, and their values.
  private static func takeOptions(_ rest: inout ArraySlice<String>) -> ArraySlice<String> {
    let all = rest
    while let argument = rest.first {
      let name = String(argument.prefix { $0 != "=" })
      let isWhole = name == argument
      guard withValue.contains(name) || isWhole && withoutValue.contains(name) else { break }
      rest = rest.dropFirst(isWhole && withValue.contains(name) ? 2 : 1)
    }
    return all[..<rest.startIndex]
  }
}
