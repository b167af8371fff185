import TokenVault

/// New passphrases that an attacker guesses soon. The command warns of one and never refuses it: its user knows better
/// who may get a copy of the vault.
enum WeakPassphrase {
  /// As many characters are enough, unless the passphrase is a common password.
  private static let length = 12

  /// The warning; nil if the passphrase is not weak.
  static func warning(of passphrase: Secret) -> String? {
    let text = passphrase.revealed
    // Attackers guess a word with digits behind it right after the word.
    let word = text.prefix { $0.isLetter }
    let isWordAndMore = !text.dropFirst(word.count).contains { $0.isLetter }
    if CommonPasswords.contains(text) || isWordAndMore && CommonPasswords.contains(String(word)) {
      return "warning: this passphrase is one of the commonest, which are guessed first"
    }
    if text.count >= length { return nil }
    return
      "warning: this passphrase has fewer than \(length) characters, and is soon guessed by an attacker "
      + "who has a copy of the vault"
  }
}
