import TokenVault

/// Names the record that was taken where a key fits several of one client.
enum AmbiguityWarning {
  /// The warning about this many records, of which this is the oldest; nil for one record.
  static func sentence(ofOldest id: String, among count: Int) -> String? {
    guard count > 1 else { return nil }
    return "warning: \(count) tokens of one client fit; the oldest is meant: '\(id)'"
  }

  /// Prints it, if there is one.
  static func print(of token: OAuthToken, among count: Int, _ session: Session) {
    if let sentence = sentence(ofOldest: token.id ?? "", among: count) { session.note(sentence) }
  }
}
