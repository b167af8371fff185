import Testing

@testable import TokenRecords
@testable import TokenVault

/// What an import makes of the records of other programs: the same in JSON and in CSV.

// What is no list of records.
extension OutsideTextTests {
  @Test(arguments: [
    ("user: ann\naccess_token: x\n", "YAML"), ("---\na: b\n", "YAML"),
    ("# tokens\ngithub.com:\n  user: ann\n", "YAML"), ("<!DOCTYPE html><html></html>", "HTML"),
    (" <html>", "HTML"), ("<?xml version=\"1.0\"?><a/>", "XML or HTML"),
    ("[remote]\ntype = drive\n", "an INI file"), ("; x\n[a.b]\n", "an INI file"),
    ("token = x\n", "a file of settings"), ("a\u{0}b", "binary data"),
    ("SQLite format 3\u{0}\u{1}", "an SQLite database"), ("-----BEGIN KEY-----\n", "a file in PEM"),
    ("tokenvault 1\nstore x\n", "a vault"),
  ])
  func otherKindsOfTextAreNamed(_ text: String, _ name: String) throws {
    let error = #expect(throws: RecordError.self) { try read(text) }
    #expect(error?.reason == .notRecords(name))
  }

  @Test(arguments: [
    (#"{"tokens":{"access_token":"a"}}"#, "tokens"),
    (#"{"a":1,"data":[{"refreshToken":"r"}]}"#, "data"),
  ])
  func tokensInsideAnObjectAreNamed(_ text: String, _ name: String) throws {
    let error = #expect(throws: RecordError.self) { try read(text) }
    #expect(error?.reason == .tokensInside(name))
    // A name may be a secret.
    let secret = #"{"eyJhbGciOiJub25lIn0eyJzdWIi1234":{"access_token":"a"}}"#
    #expect(throws: RecordError(reason: .tokensInside(nil), line: 1, column: 1)) {
      try read(secret)
    }
  }

  @Test(arguments: [
    "[true]", "[null]", "{", #"{"user_name":"a","acc"#, "hello", "a,b\nc,d\n", "[\"a\"]",
  ])
  func otherErrorsStayWhatTheyAre(_ text: String) throws {
    let error = #expect(throws: RecordError.self) { try read(text) }
    if case .notRecords = error?.reason { Issue.record("\(text): \(String(describing: error))") }
  }

  @Test func aFormIsARecord() throws {
    let read = try OutsideText.read(
      Array("access_token=a%20b&expires_in=60&scope=".utf8).span, .saved(at: now))
    #expect(read.tokens[0].accessToken == "a b" && read.tokens[0].scope == nil)
    #expect(read.tokens[0].expiresAt == .at(moment(1_700_000_060_000)) && read.lifetimes == [0])
  }
}
