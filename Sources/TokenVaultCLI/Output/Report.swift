/// The result of a command, for a person and for a program. ``Session/print(_:)`` writes it.
protocol Report {
  /// The result in sentences, one a line.
  var sentences: [String] { get }
  /// The lines for standard output, if they are more than the sentences; without anything that drives the terminal by
  /// what a record holds. Lazy if there may be many.
  var lines: AnySequence<String> { get }
  var notes: [String] { get }
  var json: any JSONValue { get }
}

extension Report {
  var sentences: [String] { [] }
  var lines: AnySequence<String> {
    AnySequence(sentences.lazy.map { DisplayText.oneLine($0) + "\n" })
  }
  var notes: [String] { [] }
}

extension Session {
  /// Prints a result: its JSON with `--json`; else its lines, and notes unless `--quiet`. `ifLost` adapts a failure.
  func print(
    _ report: some Report, ifLost: (Failure) -> Failure = { $0 }
  ) throws(Failure) {
    do throws(Failure) {
      if json {
        return try StandardOutput.write(report.json.jsonPieces, end: "\n", DisplayText.json)
      }
      try StandardOutput.write(report.lines) { $0 }
    } catch { throw ifLost(error) }
    report.notes.forEach(note)
  }
}
