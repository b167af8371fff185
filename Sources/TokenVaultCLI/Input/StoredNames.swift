import ArgumentParser
import Glibc
import TokenVault

/// The names in the vault that a command line is for, with which a shell completes the line.
///
/// It asks no question, runs no program and says nothing: a vault that does not open so has no names. A name that a
/// shell could take for more than a word is left out.
enum StoredNames {
  /// More names are of no use, and a shell takes long for them.
  private static let limit = 1000
  /// Seconds until the process gives up.
  private static let patience: UInt32 = 3

  static var ids: CompletionKind {
    completion { vault in try vault.allTokens().compactMap(\.id) }
  }

  static var users: CompletionKind {
    completion { vault in try vault.allTokens().compactMap(\.userName) }
  }

  static var slots: CompletionKind {
    completion { vault in try vault.status().slots.map(\.name) }
  }

  private static func completion(
    _ names: @escaping @Sendable (Vault) throws -> [String]
  ) -> CompletionKind {
    .custom { words, _, prefix in
      // A file system may not answer, and a person waits for the shell: SIGALRM ends the process.
      alarm(patience)
      guard let session = session(of: words.map(\.withoutQuotes)),
        let found = try? names(session.openVault())
      else { return [] }
      let prefix = prefix.withoutQuotes
      let fitting = Set(found.filter { $0.hasPrefix(prefix) && isPlain($0) })
      return fitting.sorted().prefix(limit).map(escaped)
    }
  }

  /// What the words say of the vault and its key; nil if the key comes from a descriptor, a command or a person.
  private static func session(of words: [String]) -> Session? {
    let others = ["--key-fd", "--key-command", "--passphrase-fd", "--recovery-fd"]
    let words = words[...]
    guard !others.contains(where: { HintedCommands.value(of: $0, in: words) != nil }) else {
      return nil
    }
    let options: [KeySource?] = [
      HintedCommands.value(of: "--key-file", in: words).map { .file($0) },
      HintedCommands.value(of: "--credential", in: words).map { .credential($0) },
    ]
    let keys = options.compactMap(\.self)
    if keys.isEmpty, Terminal.variable("TOKENVAULT_KEY_COMMAND") != nil { return nil }
    return Session(
      vault: HintedCommands.value(of: "--vault", in: words), keys: keys, noInput: true, quiet: true,
      allowsSharedDirectory: words.contains("--allow-shared-directory"))
  }

  /// Whether the name is a word to every shell and no option.
  ///
  /// The script for bash hands the names to `compgen -W`, which expands them: quotes do not survive it, and a
  /// `$(command)` runs.
  static func isPlain(_ name: String) -> Bool {
    guard let first = name.unicodeScalars.first, first != "-", first != " " else { return false }
    return name.unicodeScalars.allSatisfy {
      $0.isASCII
        ? ("a"..."z").contains($0) || ("A"..."Z").contains($0) || ("0"..."9").contains($0)
          || "._@+:/- ".unicodeScalars.contains($0)
        : $0.properties.isAlphabetic
    }
  }

  /// In zsh, a colon ends the name, and an explanation follows.
  private static func escaped(_ name: String) -> String {
    CompletionShell.requesting == .zsh ? name.replacing(":", with: "\\:") : name
  }
}

extension String {
  /// The word of a command line as the shell will pass it, for usual quotes and a home directory.
  fileprivate var withoutQuotes: String {
    let text = filter { !"'\"\\".contains($0) }
    guard text.hasPrefix("~/"), let home = Terminal.variable("HOME") else { return text }
    return home + text.dropFirst()
  }
}
