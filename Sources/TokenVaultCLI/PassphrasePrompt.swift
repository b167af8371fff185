import Glibc
import TokenVault

/// Asks a person on the terminal for something that is not shown.
struct PassphrasePrompt {
  /// Whether `--no-input` was given.
  let isForbidden: Bool

  static func name(_ kind: SlotKind) -> String {
    switch kind {
    case .key: "key"
    case .passphrase: "passphrase"
    case .recovery: "recovery code"
    }
  }

  /// Asks once.
  func ask(_ question: String) -> PassphraseAnswer {
    if isForbidden { return .none(reason: "--no-input forbids to ask") }
    guard StandardInput.isTerminal else {
      return .none(reason: "standard input is no terminal to ask on")
    }
    guard let line = HiddenLine.read(after: question), !line.isEmpty else {
      return .none(reason: "nothing was typed")
    }
    return .text(Secret(line))
  }

  /// Asks for a new passphrase, twice.
  func askForNew(_ what: String) -> PassphraseAnswer {
    let first = ask("\(what): ")
    guard case .text(let text) = first else { return first }
    switch ask("\(what), once more: ") {
    case .text(text): return .text(text)
    case .text: return .none(reason: "the two are not the same")
    case .none(let reason): return .none(reason: reason)
    }
  }

  /// A new passphrase from the first line of a descriptor, else from the terminal.
  func new(_ what: String, descriptor: Int32?) throws(TokenVaultError) -> PassphraseAnswer {
    guard let descriptor else { return askForNew(what) }
    return .text(try KeySource.passphraseLine(of: descriptor))
  }
}
