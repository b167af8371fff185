import TokenVault

/// A new passphrase that is guessed soon. It is warned of and never refused: who may have a copy of the vault, its user
/// knows better.
struct WeakPassphrase {
  /// The warning.
  let sentence: String

  /// So many characters are enough, if they are not the commonest.
  private static let length = 12

  /// Nil unless a passphrase is weak.
  init?(_ passphrase: Secret) {
    let text = passphrase.revealed
    // A word with digits behind it is guessed right after the word.
    let word = String(text.prefix { $0.isLetter })
    if CommonPasswords.contains(text)
      || CommonPasswords.contains(word) && !text.hasLetters(after: word)
    {
      sentence = "warning: this passphrase is one of the commonest, which are guessed first"
    } else if text.count < Self.length {
      sentence =
        "warning: this passphrase has fewer than \(Self.length) characters, and is soon guessed by an attacker who has a copy of the vault"
    } else {
      return nil
    }
  }
}

extension String {
  fileprivate func hasLetters(after start: String) -> Bool {
    dropFirst(start.count).contains { $0.isLetter }
  }
}
