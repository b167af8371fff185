/// The answer of a person who was asked for a passphrase or recovery code.
public enum PassphraseAnswer: Sendable, Equatable {
  /// What was typed.
  case text(Secret)
  /// No answer; `reason` is the end of a sentence.
  case none(reason: String)
}
