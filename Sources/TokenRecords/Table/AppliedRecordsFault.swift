/// Why records cannot have been stored after those of a table. They are counted from 1.
package enum AppliedRecordsFault: Error, Equatable {
  case noID(record: Int)
  case noRevision(record: Int)
  /// An earlier one has the same id.
  case repeatedID(record: Int)
  /// The table has a higher revision of it.
  case olderRevision(record: Int)
  /// The next id is one that the table has given already.
  case nextID

  /// What is wrong, as the end of a sentence about a file.
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
