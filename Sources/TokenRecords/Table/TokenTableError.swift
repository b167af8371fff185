/// Why a table refuses a change; it is as it was then.
package enum TokenTableError: Error, Equatable {
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
  /// The key fits records of several clients, and the query names none of them.
  case severalClients(SeveralClients)
  /// The save would change where the secrets of a stored record go, without having them.
  case endpointMoved(EndpointMove)
  /// The record looks like the answer of a token endpoint, and no stored record has its id.
  case foreignID
  /// An answer is for the record with this id, but names another client than that record has.
  case clientConflict(id: String)
  /// No record is the one that an answer is for.
  case noMatch
}
