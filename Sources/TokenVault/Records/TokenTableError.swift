/// Why a table refuses a change; it is as it was then.
enum TokenTableError: Error, Equatable {
  /// No record has this id.
  case unknownID(String)
  /// A new record needs an access, refresh or grant token.
  case noCredential
  /// A revision or an id has been counted up to `TokenTable.counterLimit`.
  case countersExhausted
  /// The record with this id belongs to another user than the one given.
  case userConflict(id: String)
  /// The record has another revision than the one demanded; 0 stands for no record.
  case revisionConflict(id: String?, expected: Int, actual: Int)
}
