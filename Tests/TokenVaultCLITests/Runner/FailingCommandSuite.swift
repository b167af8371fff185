import Testing

/// A suite of command lines that fail.
protocol FailingCommandSuite {
  var command: CommandRunner { get }
}

extension FailingCommandSuite {
  /// A command whose standard vault has one record, with the access token `keep-me`.
  static func commandWithARecord() throws -> CommandRunner {
    let command = try CommandRunner()
    try command.run("save", "--quiet", input: #"{"user_name":"a","access_token":"keep-me"}"#)
    return command
  }

  /// As ``CommandRunner/expectFailure(_:_:_:input:_:)``; no message repeats the token `keep-me`.
  func expect(
    _ status: Int32, _ sentence: String, _ line: String, input: String = "",
    _ location: SourceLocation = #_sourceLocation
  ) throws {
    let errors = try command.expectFailure(status, sentence, line, input: input, location)
    #expect(!errors.contains("keep-me"), sourceLocation: location)
  }
}
