/// Why the records of a log entry cannot follow a table. Records are counted from 1.
package enum AppliedRecordsFault: Error, Equatable {
  case noID(record: Int)
  case noRevision(record: Int)
  /// An earlier record of the entry has the same id.
  case repeatedID(record: Int)
  /// The table has a higher revision of the record.
  case olderRevision(record: Int)
  /// The table has already assigned the next id.
  case nextID

  /// The fault, as the end of a sentence about a file.
  package var place: String {
    switch self {
    case .noID(let record): "its changed record \(record) has no id"
    case .noRevision(let record): "its changed record \(record) has no revision"
    case .repeatedID(let record): "its changed record \(record) has the id of another"
    case .olderRevision(let record): "its changed record \(record) is older than the one before"
    case .nextID: "its next id is lower than the one before"
    }
  }
}
