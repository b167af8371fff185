import TokenVault

/// A new passphrase that an attacker guesses soon. The command warns of it and never refuses it: its user knows better
/// who may get a copy of the vault.
struct WeakPassphrase {
  /// The warning.
  let sentence: String

  /// As many characters are enough, unless the passphrase is a common password.
  private static let length = 12

  /// Nil unless the passphrase is weak.
  init?(_ passphrase: Secret) {
    let text = passphrase.revealed
    // Attackers guess a word with digits behind it right after the word.
    let word = text.prefix { $0.isLetter }
    let isWordAndMore = !text.dropFirst(word.count).contains { $0.isLetter }
    if CommonPasswords.contains(text) || isWordAndMore && CommonPasswords.contains(String(word)) {
      sentence = "warning: this passphrase is one of the commonest, which are guessed first"
    } else if text.count < Self.length {
      sentence =
        "warning: this passphrase has fewer than \(Self.length) characters, and is soon guessed by an attacker who has a copy of the vault"
    } else {
      return nil
    }
  }
}
