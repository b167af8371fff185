import Foundation
import Testing

// The options, and what is said of them.
extension ImportCommandTests {
  @Test func theIdentityOfOneRecordMayBeGiven() throws {
    let answer = #"{"access_token":"at","refresh_token":"rt","expires_at":1893456000}"#
    let words =
      "--user ann --client c --id mine --token-endpoint https://x.example/t --api-domain https://a"
    #expect(try bring(answer, "\(words) -").status == 0)
    let record = try records()[0]
    for (name, value) in [
      "id": "mine", "user_name": "ann", "client_id": "c", "token_endpoint": "https://x.example/t",
      "api_domain": "https://a", "access_token": "at",
    ] {
      #expect(record[name] as? String == value)
    }
    #expect(
      try bring(answer, "--id mine --user ann -").output.hasPrefix("0 inserted, 0 updated, 1"))
    #expect(try bring(answer, "--id other --user ann -").output.hasPrefix("1 inserted"))
    let two = try bring(answer + answer, "--user ann -")
    #expect(two.status == 64 && two.errors.contains("--user goes with a file of one record"))
    #expect(try bring(answer, "--user '' -").status == 64)
  }

  @Test func aDryRunIsATable() throws {
    try bring("user_name,access_token,expires_at\nann,old,2031-01-01T00:00:00Z\n")
    let result = try bring(
      #"{"user_name":"ann","access_token":"s3cret","expires_at":1893456000}{"user_name":"ben","access_token":"s3cret","refresh_token":"r"}"#,
      "--dry-run -")
    #expect(
      result.output == """
        1 inserted, 0 updated, 0 unchanged, 1 not later than what is stored (--overwrite takes them) (nothing was written)
        CHANGE     ID  USER  CLIENT  EXPIRES                   SECRETS
        not later  1   ann   -       2031-01-01T00:00:00.000Z  access_token
        inserted   2   ben   -       -                         refresh_token access_token

        """, "\(result)")
    #expect(try values("user_name") == ["ann"])
  }

  @Test func onlyAFileIsToldToStillHaveTheTokens() throws {
    #expect(try !bring(#"{"access_token":"1"}"#).errors.contains("plain text"))
    let piped = try command.shell(#"tokenvault import <(echo '{"access_token":"2"}')"#)
    #expect(piped.status == 0 && !piped.errors.contains("plain text"))
    try command.write(#"{"access_token":"3"}"#, to: command.file("it's"))
    let file = try command.shell("tokenvault import \"it's\"")
    #expect(file.errors.contains(#"if no program needs it: rm 'it'\''s'"#), "\(file)")
    let dry = try command.shell("tokenvault import --dry-run \"it's\"")
    #expect(!dry.errors.contains("plain text"))
    #expect(try command.shell("tokenvault import --quiet \"it's\"").errors == "")
  }

  @Test func whatIsNoSecretIsShownByFind() throws {
    try command.run(
      "save",
      input: #"""
        {"access_token":"s3cret","scope":"mail","redirect_url":"https://r","token_endpoint":"https://x.example/t",
        "token_endpoint_auth_method":"none","other":"s3cret"}
        {"access_token":"2","token_endpoint":"https://ann:s3cret@x.example/t"}
        {"access_token":"3","token_endpoint":"https://x.example/t?key=s3cret"}
        """#)
    let shown = try command.run("find", "--id", "1").output
    for text in ["mail", "https://r", "https://x.example/t", "none"] {
      #expect(shown.contains(text))
    }
    for id in ["1", "2", "3"] {
      #expect(try !command.run("find", "--id", id).output.contains("s3cret"))
    }
    let again = try command.run("save", input: command.run("find", "--id", "1", "--json").output)
    #expect(again.status == 1 && again.errors.contains("is the mask"))
  }

  @Test(arguments: [
    ("printf 'user: ann\\n' > f", "this is YAML"), ("printf '<html>' > f", "this is HTML"),
    ("head -c 100 /dev/zero > f", "this is binary data"), ("mkdir f", "is a directory"),
    (#"printf '{"access_token":"s3c' > f"#, "the text ends inside a record"),
    (#"printf '{"tokens":{"access_token":"s3cret"}}' > f"#, "the tokens are inside 'tokens'"),
    ("printf '[default]\\nkey=s3cret\\n' > f", "this is an INI file"),
    ("printf '\\xff\\xfea' > f", "not UTF-16"), ("printf 's3cret\\n' > f", "is a token's"),
    ("truncate -s 1025M f", "larger than 1073741824 bytes"),
  ])
  func nonsenseIsOneSentenceThatNamesIt(_ make: String, _ sentence: String) throws {
    try command.run("init", "--quiet")
    let errors = try command.expectFailure(
      1, sentence, "\(make); tokenvault import f", #_sourceLocation)
    #expect(!errors.contains("s3c") && errors.split(separator: "\n").count == 1)
  }
}
