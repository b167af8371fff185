import Foundation
import Testing

// Names and shapes.
extension ImportCommandTests {
  @Test(arguments: [
    "id,user_mail,client_id,client_secret,refresh_token,access_token,grant_token,expiry_time,redirect_url\njava_1,ann@x,1000.C,sec,1000.rt,1000.at,,1893456000000,https://app/cb\n",
    "\"id\",\"user_mail\",\"client_id\",\"client_secret\",\"refresh_token\",\"access_token\",\"grant_token\",\"expiry_time\",\"redirect_url\"\n\"java_1\",\"ann@x\",\"1000.C\",\"sec\",\"1000.rt\",\"1000.at\",\"\",\"1893456000000\",\"https://app/cb\"\n",
    "id,user_name,client_id,client_secret,refresh_token,access_token,grant_token,expiry_time,redirect_uri,api_domain\nx,\"ann@x\",1000.C,s\"ec,1000.rt,1000.at,,1893456000000,https://app/cb,https://a\n",
    "user_mail,client_id,refresh_token,access_token,grant_token,expiry_time\nann@x,c,r,a,,1893456000000\n",
  ])
  func theFilesOfAllZohoSDKsAreReadByTheirColumns(_ text: String) throws {
    for format in ["auto", "zoho-csv"] {
      try startAnew()
      #expect(try bring(text, "--from \(format) -").status == 0)
      #expect(try values("user_name") == ["ann@x"])
      #expect(try values("expires_at") == ["2030-01-01T00:00:00.000Z"])
      #expect(try records()[0].keys.contains("user_mail") == false)
    }
  }

  @Test func numbersOfADatabaseAreText() throws {
    let rows = #"""
      [{"id":1,"user_name":"ann","client_id":"app","refresh_token":"r1","access_token":"a1","grant_token":null,"expiry_time":1893456000000},
      {"id":2,"user_name":"bob","client_id":"app","refresh_token":"r2","access_token":"a2","grant_token":null,"expiry_time":1893456000000}]
      """#
    #expect(try bring(rows).status == 0)
    #expect(try values("id") == ["1", "2"])
    #expect(try values("expires_at").allSatisfy { $0 == "2030-01-01T00:00:00.000Z" })
  }

  @Test func aListOfScopesIsTheSameForASaveAndARefresh() throws {
    let answer =
      #"{"user_name":"ann","access_token":"at","expires_in":14293,"refresh_token":"rt","scope":["chat:read","user_read"]}"#
    #expect(try command.run("save", input: answer).status == 0)
    #expect(try values("scope") == ["chat:read user_read"])
    try command.write(answer, to: command.file("answer"))
    #expect(try command.shell("tokenvault refresh --user ann --force -- cat answer").status == 0)
    #expect(try values("scope") == ["chat:read user_read"])
  }

  @Test func anAnswerInTheFormEncodingIsNotLost() throws {
    try command.run(
      "save",
      input: #"{"user_name":"ann","client_id":"app","access_token":"old","refresh_token":"old"}"#)
    try command.write(
      "access_token=at-new&expires_in=28800&refresh_token=rt-new&scope=&token_type=bearer",
      to: command.file("answer"))
    #expect(try command.shell("tokenvault refresh 1 --force -- cat answer").status == 0)
    #expect(try values("refresh_token") == ["rt-new"])
    #expect(try command.shell("tokenvault save --user ben answer").status == 0)
    #expect(try values("access_token") == ["at-new", "at-new"])
  }

  @Test func aTokenThatLivesForNoTimeIsKept() throws {
    try command.run(
      "save", input: #"{"user_name":"ann","access_token":"old","refresh_token":"old"}"#)
    try command.write(
      #"{"access_token":"at-new","expires_in":0,"refresh_token":"rt-new"}"#,
      to: command.file("answer"))
    let result = try command.shell("tokenvault refresh 1 --force -- cat answer")
    #expect(result.status == 0 && result.errors.contains("live for 0 s"), "\(result)")
    #expect(try values("refresh_token") == ["rt-new"] && values("access_token") == ["at-new"])
  }

  @Test func aLifetimeThatIsNotUnderstoodIsTold() throws {
    try command.run(
      "save", input: #"{"user_name":"ann","access_token":"old","refresh_token":"old"}"#)
    try command.write(
      #"{"access_token":"at","expires_in":"soon","refresh_token":"rt"}"#, to: command.file("answer")
    )
    for line in ["tokenvault refresh 1 --force -- cat answer", "tokenvault save --user ann answer"]
    {
      let result = try command.shell(line)
      #expect(
        result.status == 0
          && result.errors.contains("'expires_in' is no time that is understood"), "\(result)")
      #expect(try values("expires_at") == ["unknown"] && values("access_token") == ["at"])
    }
  }

  @Test func aMisspelledNameIsToldWithTheNearest() throws {
    let result = try bring(#"{"user_name":"ann","acces_token":"s3cret","refresh_token":"rt"}"#)
    #expect(
      result.errors.contains("'acces_token' is kept as an unknown field; is 'access_token' meant?"))
    #expect(result.errors.contains("note: kept, but not known: 'acces_token'"))
    #expect(!result.errors.contains("s3cret"))
    let save = try command.run(
      "save", input: #"{"user_name":"ann","acces_token":"s3cret","refresh_token":"rt"}"#)
    #expect(save.errors.contains("is 'access_token' meant?") && !save.errors.contains("s3cret"))
  }

  @Test func whatARecordHasInsteadOfATokenIsNamed() throws {
    try command.run("init", "--quiet")
    try command.expectFailure(
      1,
      "record 1 has no access, refresh or grant token, and matches none that is stored; it has 'apiKey', 'note'",
      "tokenvault import -",
      input: #"{"user_name":"x","apiKey":"s3cret","note":"n"}"#, #_sourceLocation)
    for command in ["import -", "save"] {
      try self.command.expectFailure(
        1, "it is the refusal of a token endpoint", "tokenvault \(command)",
        input: #"{"user_name":"ann","error":"invalid_grant"}"#, #_sourceLocation)
    }
  }
}
