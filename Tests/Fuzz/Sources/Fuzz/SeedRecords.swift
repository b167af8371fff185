@testable import TokenRecords
@testable import TokenVault

/// Records that the vaults and texts begin with.
enum SeedRecords {
  /// Texts that make codecs stumble.
  private static let texts = [
    "plain", "a,b", "\"", "\"\"", "\r\n", "x\r\n1,a\r\n", "\\\"", "東京", "\u{0}", "}\n{", "\r\n2,",
    "{\"id\":\"1\"}", "x\",\"y", "\u{1F511}",
  ]

  static var few: [OAuthToken] { [record(1, "a"), record(2, "b", more: 40)] }

  /// With every field, attributes and histories.
  static var odd: [OAuthToken] {
    texts.enumerated().map { number, text in
      var token = record(number + 1, text)
      for field in TokenField.allCases where field.rawValue % 3 == number % 3 && field != .id {
        token[field] = text
      }
      token.secret = Secret(number % 2 == 0 ? "" : text)
      token.attributes["x\(number % 3)"] = .text(Secret(text))
      token.attributes["y"] = .json("{\"a\":[1,null,-0.5e3]}")
      token.history.firstSavedAt = Keys.moment
      token.history.lastUsedAt = Keys.moment
      token.history.refresh = .unanswered(at: Keys.moment)
      return token
    }
  }

  /// A record whose token is `more` bytes long.
  static func record(_ number: Int, _ user: String, more: Int = 0, revision: Int = 1) -> OAuthToken
  {
    var token = OAuthToken()
    (token.id, token.userName, token.revision) = ("\(number)", user, revision)
    token.accessToken = Secret("\(number).\(revision)" + String(repeating: "t", count: more))
    return token
  }

  /// Records of a large vault: its snapshot has 6 chunks, many records in one of them, and a text of others that looks
  /// like records of CSV.
  static var large: [OAuthToken] {
    var rows = record(44, "rows")
    let invented = RecordFormat.csv.encode((100..<1900).map { record($0, "invented") })
    rows[.scope] = String(decoding: invented.drop { $0 != 0x0A }, as: UTF8.self)
    let small = (1...40).map { record($0, "u\($0 / 3)\(texts[$0 % texts.count])", more: 40) }
    return small + (41...43).map { record($0, "l\($0)", more: 9000) } + [rows]
  }
}
