@testable import TokenRecords
@testable import TokenVault

/// Answers of token endpoints: what is stored of one is a text that a header line may have, and the tokens are its own.
struct AnswerTarget {
  static let seeds = [
    #"{"access_token":"a","refresh_token":"r","expires_in":3600,"scope":"x y"}"#,
    #"{"access_token":"a","expires_in_sec":3600,"expires_in":3600000,"token_type":"Bearer"}"#,
    #"{"error":"invalid_grant","error_description":"gone","n":[{"a":null}]}"#,
    #"{"access_token":"\u00e9","id_token":"x","expires_in":"1e3","api_domain":"https://a.b"}"#,
    #"{"accessToken":"a","expiry":"2030-01-01 00:00:00 +0800 CST","scope":["x","y"],"iat":17e8}"#,
    "access_token=a%20b&refresh_token=r&expires=3600&scope=",
  ].map { Array($0.utf8) }

  func check(_ text: [UInt8]) {
    guard let answer = try? RefreshAnswer(text.span, now: Keys.moment) else { return }
    require(TokenGrammar.fault(in: answer.record) == nil, "what is stored keeps to the grammar")
    require(!answer.record.has(.id) && !answer.record.has(.userName), "an answer names no record")
    if answer.problem == nil {
      require(answer.record.hasText(of: .accessToken), "a good answer has an access token")
    }
    let saved = OAuthToken().overlaid(with: answer.record)
    require(RecordFormat.allCases.allSatisfy { $0.canHold(saved) }, "an answer can be stored")
    if let token = answer.record.accessToken {
      require(Self.text(of: token, isIn: text), "the token is the answer's")
    }
  }

  /// Whether a token stands in the answer as it is, or may stand there with escapes.
  private static func text(of token: Secret, isIn answer: [UInt8]) -> Bool {
    let hasEscapes = answer.contains { "\\%+".utf8.contains($0) }
    return hasEscapes || answer.span.place(of: token.revealed.utf8.span, from: 0) != nil
  }
}
