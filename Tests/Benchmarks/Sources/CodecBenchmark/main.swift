import FoundationEssentials
import Measuring
import TokenVault

// 100,000 records of ten fields through our codecs and through FoundationEssentials' JSON coders.

struct PlainRecord: Codable {
  var id, userName, clientID, clientSecret, refreshToken, accessToken, grantToken: String
  var expiresAt, redirectURL, apiDomain: String

  enum CodingKeys: String, CodingKey {
    case id
    case userName = "user_name"
    case clientID = "client_id"
    case clientSecret = "client_secret"
    case refreshToken = "refresh_token"
    case accessToken = "access_token"
    case grantToken = "grant_token"
    case expiresAt = "expires_at"
    case redirectURL = "redirect_url"
    case apiDomain = "api_domain"
  }
}

func hexadecimal(_ seed: Int, _ digits: Int) -> String {
  var state = UInt64(truncatingIfNeeded: seed) &* 0x9E37_79B9_7F4A_7C15 | 1
  return String(
    (0..<digits).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1
      return Character(String(state >> 60, radix: 16))
    })
}

let count = 100_000
let plain = (1...count).map { number in
  PlainRecord(
    id: String(number), userName: "user\(number)@zylker.example:641234567",
    clientID: "1000.\(hexadecimal(1, 30))", clientSecret: hexadecimal(2, 42),
    refreshToken: "1000.\(hexadecimal(number, 32)).\(hexadecimal(number + 1, 32))",
    accessToken: "1000.\(hexadecimal(number + 2, 32)).\(hexadecimal(number + 3, 32))",
    grantToken: "1000.\(hexadecimal(number + 4, 32)).\(hexadecimal(number + 5, 32))",
    expiresAt: "2026-01-01T00:00:00.000Z", redirectURL: "https://zylker.example/oauth/callback",
    apiDomain: "https://www.zohoapis.com")
}
guard let now = Timestamp(millisecondsSince1970: 0) else { preconditionFailure("1970 is a year") }
let foundationText = try JSONEncoder().encode(plain)
let tokens = try RecordFormat.json.decode(Array(foundationText).span, now: now)
precondition(tokens.count == count)
let json = RecordFormat.json.encode(tokens)
let csv = RecordFormat.csv.encode(tokens)
print("\(count) records; bytes a record: JSON \(json.count / count), CSV \(csv.count / count)")

func check(_ count: Int, _ expected: Int) { precondition(count == expected) }

try Interleaved([
  ("JSON encode", { check(RecordFormat.json.encode(tokens).count, json.count) }),
  ("CSV encode", { check(RecordFormat.csv.encode(tokens).count, csv.count) }),
  ("JSONEncoder", { check(try JSONEncoder().encode(plain).count, foundationText.count) }),
]).report(rounds: 7)
try Interleaved([
  ("JSON decode", { check(try RecordFormat.json.decode(json.span, now: now).count, count) }),
  ("CSV decode", { check(try RecordFormat.csv.decode(csv.span, now: now).count, count) }),
  (
    "JSONDecoder",
    { check(try JSONDecoder().decode([PlainRecord].self, from: foundationText).count, count) }
  ),
]).report(rounds: 7)
