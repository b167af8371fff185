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
    try Result(catching: work)
      .mapError { TokenVaultError.damaged(path: path, place: $0.place) }.get()
  }
}
