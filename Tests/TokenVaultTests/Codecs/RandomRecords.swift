@testable import TokenRecords
@testable import TokenVault

/// Stored records with all that makes codecs stumble: quotes, line ends, escapes, and texts that look like others'
/// fields.
struct RandomRecords {
  var generator: SeededGenerator
  /// Few, so that several records have the same one.
  static let texts = [
    "1", "2", "11", "a", "plain", "a,b", "\"", "\"\"", "a\"b", "\n", "\r\n", "x\r\n1,a\r\n", "\\",
    "\\\"", "é", "e\u{301}", "東京", "\u{0}", "\u{1}", "\"user_name\":\"a\"", "\r\n2,", "}\n{", "a\n",
    "{\"id\":\"1\",\"user_name\":\"plain\"}", ",a,", "x\",\"y", "\u{1F511}",
  ]

  init(seed: UInt64) { generator = SeededGenerator(state: seed) }

  mutating func text() -> String { Self.texts.randomElement(using: &generator) ?? "" }

  mutating func tokens(_ count: Int) -> [OAuthToken] { (0..<count).map { _ in token() } }

  private mutating func token() -> OAuthToken {
    var token = OAuthToken()
    for field in TokenField.allCases where Int.random(in: 0..<3, using: &generator) > 0 {
      token[field] = text()
    }
    token.revision = Int.random(in: 0..<3, using: &generator)
    for _ in 0..<Int.random(in: 0..<3, using: &generator) {
      token.attributes["x" + text()] = .text(Secret(text()))
    }
    if Bool.random(using: &generator) {
      let json = JSONRecordEncoder.string(text())
      token.attributes["nested"] = .json(
        Secret("{\"user_name\":\(json),\"id\":\"1\",\"scope\":\"a\"}"))
    }
    if Bool.random(using: &generator) { token.history.firstSavedAt = moment(1) }
    return token
  }
}
