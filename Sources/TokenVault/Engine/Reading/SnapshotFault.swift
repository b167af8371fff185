/// Why an authentic snapshot or commit is not understood: it was written by a program with a fault.
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
