import TokenVault

/// The vault and the key that a command line names, for the commands in the hint of its error.
///
/// Users run a hint as it is printed. Without these options it would delete or rotate in the default vault.
struct HintedCommands {
  private let isKeyAdd: Bool
  private let vault: String?
  /// The option that names the key, as other commands than `key add` call it.
  private let keyOption: String?
  private let key: String?
  private let allowsSharedDirectory: Bool

  /// Reads the words of a command line up to `--`; those behind it are another program's.
  init(words: [String]) {
    let own = words.prefix { $0 != "--" }
    isKeyAdd = GlobalOptions.movedBehindSubcommand(Array(own)).starts(with: ["key", "add"])
    vault = Self.value(of: "--vault", in: own)
    // For `key add`, the other two name the new key. Not `--key-command`: a command may hold a secret.
    let names = isKeyAdd ? ["--open-key-file"] : ["--key-file", "--credential"]
    let given = names.first { Self.value(of: $0, in: own) != nil }
    key = given.flatMap { Self.value(of: $0, in: own) }
    allowsSharedDirectory = own.contains("--allow-shared-directory")
    keyOption = given == "--open-key-file" ? "--key-file" : given
  }

  /// The value that words give an option; nil if none.
  static func value(of name: String, in words: ArraySlice<String>) -> String? {
    // The last one counts, as it does for the parser.
    for index in words.indices.reversed() {
      if words[index] == name, index + 1 < words.endIndex { return words[index + 1] }
      if words[index].hasPrefix(name + "=") {
        return String(words[index].dropFirst(name.count + 1))
      }
    }
    return nil
  }

  /// The hint, with the options added to each command in it that lacks them.
  func complete(_ hint: String) -> String {
    let renamed =
      isKeyAdd ? hint.replacing("with --key-file", with: "with --open-key-file") : hint
    return renamed.split(separator: " && ", omittingEmptySubsequences: false)
      .map { completeCommand(String($0)) }.joined(separator: " && ")
  }

  private func completeCommand(_ text: String) -> String {
    let command = /(?:^|: )tokenvault (?:(?:key|policy) )?\S+/
    guard !text.hasSuffix(" --help"), let name = text.firstMatch(of: command)?.range else {
      return text
    }
    return text[..<name.upperBound] + options(of: text) + text[name.upperBound...]
  }

  private func options(of text: String) -> String {
    var options = ""
    if let vault, !text.contains(" --vault ") { options += " --vault \(vault.shellPath)" }
    if allowsSharedDirectory { options += " --allow-shared-directory" }
    guard let key, let keyOption else { return options }
    let isAdding = text.contains("tokenvault key add ")
    if isAdding, keyOption == "--credential" { return options }
    let name = isAdding && keyOption == "--key-file" ? "--open-key-file" : keyOption
    let word = keyOption == "--key-file" ? key.shellPath : key.shellQuoted
    return options + " \(name) \(word)"
  }
}
