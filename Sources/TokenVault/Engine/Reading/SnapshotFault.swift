/// Why an authentic snapshot or log entry cannot be parsed: a faulty program has written it.
enum SnapshotFault: Error {
  case preamble
  case records(RecordError)
  case inconsistent(String)

  var place: String {
    switch self {
    case .preamble: "its records do not begin with the next id and the limits"
    case .records(let error): "its records: \(error)"
    case .inconsistent(let what): what
    }
  }
}
