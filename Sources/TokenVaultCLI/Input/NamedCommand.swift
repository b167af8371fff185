import ArgumentParser

/// The command that the words of a command line name.
struct NamedCommand {
  /// From the root on, as far as the words name one.
  private var path: [any ParsableCommand.Type] = [TokenVaultCommand.self]
  /// The word in the place of a command's name that names none.
  private var unknown: String?

  /// A user may follow a guess.
  private static let neverGuessed: Set = ["delete", "rm", "purge"]

  /// Reads the words; global options are behind the subcommand.
  init(_ words: [String]) {
    for word in words.first == "help" ? words.dropFirst() : words[...] {
      guard let children = path.last?.configuration.subcommands, !children.isEmpty,
        !word.hasPrefix("-")
      else { return }
      guard let child = Self.command(word, in: children) else {
        unknown = word
        return
      }
      path.append(child)
    }
  }

  /// Says which command was probably meant, and how that is used; nil if no word is wrong.
  var failure: Failure? {
    guard let unknown, let parent = path.last else { return nil }
    let children = parent.configuration.subcommands
    let nearest = NearestName.of(
      unknown, in: children.flatMap(Self.names).filter { !Self.neverGuessed.contains($0) })
    let meant = nearest.flatMap { Self.command($0, in: children) }
    let wrong = path.dropFirst().map(Self.name) + [unknown]
    let right = (path.map(Self.name) + (meant.map { [Self.name($0)] } ?? []))
      .joined(separator: " ")
    let guess = nearest.map { ". Did you mean '\($0)'?" } ?? ""
    var failure = Failure.usage(
      "there is no command '\(wrong.joined(separator: " "))'\(guess)",
      hint: "see: \(right) --help")
    failure.help = "usage: \(TokenVaultCommand.usageString(for: meant ?? parent))"
    return failure
  }

  private static func command(
    _ name: String, in commands: [any ParsableCommand.Type]
  ) -> (any ParsableCommand.Type)? {
    commands.first { names($0).contains(name) }
  }

  private static func name(_ command: any ParsableCommand.Type) -> String {
    command.configuration.commandName ?? ""
  }

  /// Its own name, then the others.
  private static func names(_ command: any ParsableCommand.Type) -> [String] {
    [name(command)] + command.configuration.aliases
  }
}
