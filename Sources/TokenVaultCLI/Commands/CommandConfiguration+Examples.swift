import ArgumentParser

extension CommandConfiguration {
  /// A command whose help begins with examples, command lines that work.
  init(
    commandName: String, abstract: String, examples: [String], discussion: String = "",
    aliases: [String] = []
  ) {
    let lines = ["EXAMPLES:"] + examples.map { "  \($0)" }
    self.init(
      commandName: commandName, abstract: abstract,
      discussion: (lines + (discussion.isEmpty ? [] : ["", discussion])).joined(separator: "\n"),
      aliases: aliases)
  }
}
