import Testing

/// A suite of command lines that fail.
protocol FailingCommandSuite {
  var command: CommandRunner { get }
}

extension FailingCommandSuite {
  /// As ``CommandRunner/expectFailure(_:_:_:input:_:)``; no message repeats the token `keep-me`.
  func expect(
    _ status: Int32, _ sentence: String, _ line: String, input: String = "",
    _ location: SourceLocation = #_sourceLocation
  ) throws {
    let errors = try command.expectFailure(status, sentence, line, input: input, location)
    #expect(!errors.contains("keep-me"), sourceLocation: location)
  }
}
