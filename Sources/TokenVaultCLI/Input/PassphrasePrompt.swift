import TokenVault

/// Asks a person on the terminal for a secret, without echo.
struct PassphrasePrompt {
  let isForbidden: Bool

  /// How often a person may type two passphrases that differ.
  private static let attemptLimit = 3
  private static let mismatch = "the two are not the same"

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

  /// Asks again after an answer that opened no slot, and says so.
  func askAgain(_ question: String) -> PassphraseAnswer {
    StandardError.write("tokenvault: that opens none of the key slots; once more")
    return ask(question)
  }

  /// Asks for a new passphrase, twice; and for both again if they differ.
  func askForNew(_ what: String) -> PassphraseAnswer {
    for attempt in 1...Self.attemptLimit {
      let first = ask("\(what): ")
      guard case .text(let text) = first else { return first }
      switch ask("\(what), once more: ") {
      case .text(text): return .text(text)
      case .none(let reason): return .none(reason: reason)
      case .text where attempt < Self.attemptLimit:
        StandardError.write("tokenvault: \(Self.mismatch); once more")
      case .text: break
      }
    }
    return .none(reason: Self.mismatch)
  }
}
