/// The result of a read that may find a record which a limit has ended.
enum FindResult: Sendable {
  case record(FoundRecord)
  case ended(EndedRecord)
  case none
}
