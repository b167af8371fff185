import ArgumentParser

/// The parser's help, in the order of a reader's questions: the options of the command itself before those of all.
enum HelpPage {
  private static let title = "GLOBAL OPTIONS:"

  /// Arranges the help of a command. The root's explains the global options; any other names them.
  static func arranged(_ text: String) -> String {
    var parts = text.split(separator: "\n\n", omittingEmptySubsequences: false).map(String.init)
    if let place = parts.firstIndex(where: { $0.hasPrefix(title) }) {
      parts.append(names(in: parts.remove(at: place)))
    } else if let place = parts.firstIndex(where: { $0.hasPrefix("SUBCOMMANDS:") }),
      parts.contains(where: { $0.hasPrefix("USAGE: tokenvault <") })
    {
      parts.insert(explained, at: place)
    }
    return parts.map { $0.trimmingNewlines }.joined(separator: "\n\n")
  }

  /// The global options with their explanations.
  private static var explained: String {
    let lines = GlobalOptions.helpMessage().split(separator: "\n")
    let options = lines.drop { $0 != "OPTIONS:" }.dropFirst()
    return ([title[...]] + options.prefix { !$0.contains("--help") }).joined(separator: "\n")
  }

  /// The names of the options in a part, and where they are explained.
  private static func names(in part: String) -> String {
    let labels = part.split(separator: "\n").compactMap { line in
      line.prefixMatch(of: /\ \ (-\w, )?(--[a-z-]+( <\w+>)?)/).map {
        String($0.output.0.dropFirst(2))
      }
    }
    var (lines, line) = (["\(title) (explained by: tokenvault --help)"], " ")
    for label in labels {
      if line.count + label.count + 2 > width {
        lines.append(line)
        line = " "
      }
      line += (line == " " ? " " : "  ") + label
    }
    return (lines + [line]).joined(separator: "\n")
  }

  private static var width: Int { Terminal.width ?? 80 }
}

extension String {
  fileprivate var trimmingNewlines: String {
    var text = self[...]
    while text.last == "\n" { text.removeLast() }
    return String(text)
  }
}
