import ArgumentParser

struct CompletionCommand: OutputOnlyCommand {
  static let configuration = CommandConfiguration(
    commandName: "completion", abstract: "Print a script that completes command lines in a shell.",
    examples: [
      "tokenvault completion bash > ~/.bash_completion",
      "tokenvault completion zsh > ~/.zfunc/_tokenvault",
      "tokenvault completion fish > ~/.config/fish/completions/tokenvault.fish",
    ],
    discussion: """
      Users and ids are completed from the vault that the line names, if it opens without a question and without a \
      command that prints its key.
      """)

  /// The shells that there is a script for.
  enum Shell: String, ExpressibleByArgument, CaseIterable {
    case bash, zsh, fish

    fileprivate var parsers: CompletionShell {
      switch self {
      case .bash: .bash
      case .zsh: .zsh
      case .fish: .fish
      }
    }
  }

  @Argument(help: "The shell.")
  var shell: Shell

  @OptionGroup(title: "Global options") var options: GlobalOptions

  func run() throws {
    try StandardOutput.write(TokenVaultCommand.completionScript(for: shell.parsers) + "\n")
  }
}
