/// A change as `watch` prints it.
struct ChangeReport: Report {
  let line: String
  let json: any JSONValue

  var lines: AnySequence<String> { AnySequence([line]) }
}
