import Foundation
import Testing

@testable import TokenRecords
@testable import TokenVault

/// Against files that the real SDK wrote.
@Suite struct ZohoCSVTests {
  /// A record as the fixtures' sidecars spell it.
  private func fields(_ token: OAuthToken) -> [String: String?] {
    [
      "id": token.id, "user_name": token.userName, "client_id": token.clientID,
      "client_secret": token.clientSecret?.revealed,
      "refresh_token": token.refreshToken?.revealed, "access_token": token.accessToken?.revealed,
      "grant_token": token.grantToken?.revealed,
      "expiry_time": token.expiresAt?.zohoMilliseconds,
      "redirect_url": token.redirectURL, "api_domain": token.apiDomain,
    ]
  }

  private func decode(_ bytes: [UInt8]) throws -> [OAuthToken] {
    #expect(ExchangeFormat.detect(bytes.span) == .zohoCSV)
    return try ExchangeFormat.zohoCSV.decode(bytes.span, now: moment(0))
  }

  @Test(arguments: [
    ("filestore-basic.csv", ".json", 5), ("filestore-edge.csv", ".raw.json", 20),
    ("filestore-textid.csv", ".json", 1),
  ])
  func theSDKsFilesHaveTheirValuesAndComeBackByteForByte(
    _ name: String, _ sidecar: String, _ count: Int
  ) throws {
    let bytes = try fixture("zoho/\(name)")
    let tokens = try decode(bytes)
    let expected = try JSONDecoder().decode(
      [[String: String?]].self, from: Data(try fixture("zoho/\(name)\(sidecar)")))
    #expect(tokens.count == count)
    #expect(tokens.map(fields) == expected)
    #expect(ExchangeFormat.zohoCSV.encode(tokens) == bytes)
  }

  @Test func anImportThroughAVaultOfEitherFormatComesBackByteForByte() throws {
    let bytes = try fixture("zoho/filestore-edge.csv")
    for format in RecordFormat.allCases {
      let directory = try TemporaryDirectory()
      let vault = try Vault.create(directory.configuration(), format: format)
      let outcomes = try vault.importTokens(decode(bytes))
      #expect(outcomes.allSatisfy { $0.change == .inserted })
      let reopened = try Vault(directory.configuration())
      #expect(ExchangeFormat.zohoCSV.encode(try reopened.allTokens()) == bytes)
      let again = try reopened.importTokens(decode(bytes))
      #expect(again.allSatisfy { $0.change == .unchanged })
    }
  }

  @Test func anEmptyStoreIsAHeaderAndNoRecords() throws {
    #expect(try decode(fixture("zoho/filestore-empty.csv")).isEmpty)
    #expect(ExchangeFormat.zohoCSV.encode([]) == (try fixture("zoho/filestore-empty.csv")))
  }

  @Test func olderLayoutsAreReadByTheirHeaders() throws {
    let nine = try decode(fixture("zoho/filestore-legacy9.csv"))
    #expect(nine.map(\.id) == ["python_abc_us_prd_5a1d", "python_def_us_prd_dde9"])
    #expect(nine.map(\.userName) == ["abc@zylker.example", "def@zylker.example"])
    #expect(nine[1].expiresAt?.zohoMilliseconds == "1640995200001")
    #expect(nine[0].redirectURL == "https://zylker.example/cb" && nine[0].apiDomain == nil)
    let six = try decode(
      Array(
        "user_mail,client_id,refresh_token,access_token,grant_token,expiry_time\r\nm,c,r,a,g,5\r\n"
          .utf8))[0]
    #expect(six.id == nil && six.userName == "m" && six.clientID == "c" && six.refreshToken == "r")
    #expect(
      six.accessToken == "a" && six.grantToken == "g" && six.expiresAt?.zohoMilliseconds == "5")
  }

  private static let header =
    "id,user_name,client_id,client_secret,refresh_token,access_token,grant_token,expiry_time,redirect_url,api_domain\n"

  @Test func whatTheOtherLanguagesWriteIsRead() throws {
    // Node and PHP: LF, no line end at the end, no quoting at all; Ruby: "" for an empty text.
    let node = try decode(Array((Self.header + "1,a\"b,c,s,r,t,,,,d").utf8))
    #expect(node[0].userName == "a\"b" && node[0].apiDomain == "d" && node[0].redirectURL == nil)
    let ruby = try decode(Array((Self.header + "\n1,\"\",c,s,r,t,,,,d\n\n").utf8))
    #expect(ruby[0].userName == nil && ruby.count == 1)
  }

  @Test(
    arguments: [
      ("1,patricia,1000.B7,37,r,a,g,5,u,d\r\n", .unknownHeader),
      (header + "1,a,b\n", .valueCount(found: 3, expected: 10)),
      (header + "1,\"a,c,s,r,t,,,,d\n", .unterminatedQuote), ("", .missingHeader),
    ] as [(String, RecordError.Reason)])
  func filesThatWereCutOrLostTheirHeaderAreRefused(
    _ text: String, _ reason: RecordError.Reason
  ) throws {
    let error = #expect(throws: RecordError.self) {
      try ExchangeFormat.zohoCSV.decode(Array(text.utf8).span, now: moment(0))
    }
    #expect(error?.reason == reason)
  }

  @Test func whatTheLayoutCannotHoldIsNamed() throws {
    let given = try token(
      #"{"access_token":"a","scope":"s","mine":"x","id_token":"i","secret":""}"#)
    #expect(ZohoCSV.fieldsLost(of: given) == ["scope", "id_token", "secret", "mine"])
    var long = OAuthToken()
    long.refreshToken = Secret(String(repeating: "é", count: ZohoCSV.valueSizeLimit))
    #expect(ZohoCSV.fieldsTooLong(of: long).isEmpty)
    long.refreshToken = Secret(String(repeating: "é", count: ZohoCSV.valueSizeLimit + 1))
    #expect(ZohoCSV.fieldsTooLong(of: long) == ["refresh_token"])
  }

  @Test func formatsAreToldApart() throws {
    func detect(_ text: String) -> ExchangeFormat { .detect(Array(text.utf8).span) }
    #expect(detect(" {\"id\":\"1\"}") == .records(.json))
    #expect(detect("\u{FEFF}[]") == .records(.json))
    #expect(detect("id,user_name\n") == .records(.csv))
    #expect(detect(RecordFormat.csv.encode([]).text) == .records(.csv))
    #expect(detect(Self.header) == .zohoCSV)
  }
}
