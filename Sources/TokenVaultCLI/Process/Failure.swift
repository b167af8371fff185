import ArgumentParser
import TokenVault

/// An error as the command prints it: one sentence, perhaps a hint what to do next, and the exit code.
struct Failure: Error {
  let status: TokenVaultError.Code
  let sentence: String
  var hint: String?
  /// The help to print below the sentence, in lines.
  var help: String?
  /// Whether standard output has no reader any more.
  var isOutputClosed = false

  init(_ status: TokenVaultError.Code, _ sentence: String, hint: String? = nil) {
    (self.status, self.sentence, self.hint) = (status, sentence, hint)
  }

  /// Wrong use of the command.
  static func usage(_ sentence: String, hint: String? = nil) -> Failure {
    Failure(.usage, sentence, hint: hint)
  }

  /// The same failure after the work itself was done, which a script must not repeat.
  var afterSaving: Failure { Failure(status, "the records are saved, but \(sentence)", hint: hint) }

  /// The failure of any error; nil for a request for help or the version, which is none.
  init?(_ error: any Error) {
    if let failure = error as? Failure {
      self = failure
    } else if let error = error as? TokenVaultError {
      self.init(error.code, error.description, hint: error.hint)
    } else if TokenVaultCommand.exitCode(for: error) == .success {
      return nil
    } else {
      let usage = UsageText(error)
      self = .usage(
        UsageText.sentence(TokenVaultCommand.message(for: error)),
        hint: "see: \(usage.command) --help"
      )
      help = usage.lines
    }
  }
}
