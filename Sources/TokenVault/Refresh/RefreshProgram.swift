internal import VaultCrypto

/// A program that refreshes tokens: it reads the record as one JSON object from standard input, and prints the answer
/// of the token endpoint (RFC 6749, sections 5.1 and 5.2).
package struct RefreshProgram: Sendable {
  private let arguments: [String]
  private let timeLimit: Duration
  private let isInterrupted: @Sendable () -> Bool

  /// A program and its arguments. After `timeLimit`, or once `isInterrupted` returns true, its process group is killed.
  package init(
    _ arguments: [String], within timeLimit: Duration,
    unless isInterrupted: @escaping @Sendable () -> Bool = { false }
  ) {
    (self.arguments, self.timeLimit, self.isInterrupted) = (arguments, timeLimit, isInterrupted)
  }

  /// Runs the program for a record. What it has printed counts however it ends: an answer must not be lost.
  ///
  /// - Throws: the ``TokenEndpointError`` that it prints; ``RefreshFailure`` if it prints no answer or cannot be run.
  package func refresh(_ record: OAuthToken) throws -> RefreshAnswer {
    var (output, end) = try run(on: record)
    defer { output.cleanse() }
    do { return try RefreshAnswer(output.span) } catch let failure as RefreshFailure {
      let problem = end == .exit(0) ? failure.description : end.description
      throw RefreshFailure("the program gave no answer: \(problem)")
    }
  }

  private func run(on record: OAuthToken) throws(RefreshFailure) -> ([UInt8], ChildProcess.End) {
    var child = ChildProcess(arguments: arguments, input: RecordFormat.json.encode([record]))
    defer { child.input?.cleanse() }
    do throws(SystemCallError) {
      return try child.run(limit: RefreshAnswer.sizeLimit, within: timeLimit, unless: isInterrupted)
    } catch {
      throw RefreshFailure(
        "the program could not be run: \(error)", mayHaveUsedToken: false)
    }
  }
}
