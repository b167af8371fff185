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

  static func wrap<Value>(
    records work: @autoclosure () throws(RecordError) -> Value
  ) throws(SnapshotFault) -> Value {
    try Result(catching: work).mapError(SnapshotFault.records).get()
  }
}

extension TokenVaultError {
  /// For the vault at `path`.
  static func wrap<Value>(
    at path: String, contents work: @autoclosure () throws(SnapshotFault) -> Value
  ) throws(TokenVaultError) -> Value {
    try Result(catching: work).mapError { fault -> TokenVaultError in
      // Not damage: a build with a higher limit has written it, and a repair would drop what is above this one's.
      if case .records(let error) = fault, error.reason == .tooManyRecords {
        return .tooManyRecords
      }
      return .damaged(path: path, place: fault.place)
    }.get()
  }
}
