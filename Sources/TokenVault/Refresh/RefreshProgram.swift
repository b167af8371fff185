internal import VaultCrypto

/// A program that refreshes tokens: it gets the record as one JSON object on its standard input, and prints the
/// answer of the token endpoint (RFC 6749, section 5.1 or 5.2).
package struct RefreshProgram: Sendable {
  private let arguments: [String]
  private let timeLimit: Duration
  private let isBrokenOff: @Sendable () -> Bool

  /// The program and its arguments. One that takes longer, or goes on when `isBrokenOff` says that it should not, is
  /// killed, and with it all that it has started in its process group.
  package init(
    _ arguments: [String], within timeLimit: Duration,
    unless isBrokenOff: @escaping @Sendable () -> Bool = { false }
  ) {
    (self.arguments, self.timeLimit, self.isBrokenOff) = (arguments, timeLimit, isBrokenOff)
  }

  /// Runs the program for a record. What it prints counts, however it ends: an answer must not be lost.
  ///
  /// Throws the `TokenEndpointError` that it prints, and `RefreshFailure` where it prints neither.
  package func refresh(_ record: OAuthToken) throws -> RefreshAnswer {
    var (output, end) = try run(on: record)
    defer { output.cleanse() }
    do { return try RefreshAnswer(json: output.span) } catch let failure as RefreshFailure {
      let problem = end == .exit(0) ? failure.description : end.description
      throw RefreshFailure("the program gave no answer: \(problem)")
    }
  }

  private func run(on record: OAuthToken) throws(RefreshFailure) -> ([UInt8], ChildProcess.End) {
    var child = ChildProcess(arguments: arguments, input: RecordFormat.json.encode([record]))
    defer { child.input?.cleanse() }
    do throws(DiskError) {
      return try child.run(limit: RefreshAnswer.sizeLimit, within: timeLimit, unless: isBrokenOff)
    } catch {
      throw RefreshFailure(
        "the program could not be run: \(error.call): \(error.reason)", mayHaveUsedToken: false)
    }
  }
}
