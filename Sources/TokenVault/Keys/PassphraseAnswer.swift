/// What a person answered who was asked for a passphrase or recovery code.
public enum PassphraseAnswer: Sendable, Equatable {
  /// What was typed.
  case text(Secret)
  /// Nobody answered; why not, as the end of a sentence.
  case none(reason: String)
}
