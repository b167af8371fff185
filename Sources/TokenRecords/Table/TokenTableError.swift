/// Why a table refuses a change; the table is unchanged then.
package enum TokenTableError: Error, Equatable {
  /// No record has this id.
  case unknownID(String)
  /// A new record needs an access, refresh or grant token.
  case noCredential
  /// A revision or the counter of ids has reached ``TokenTable/counterLimit``.
  case countersExhausted
  /// The record with this id belongs to another user.
  case userConflict(id: String)
  /// The record does not have the expected revision; 0 stands for no record.
  case revisionConflict(id: String?, expected: Int, actual: Int)
  /// The key matches records of several clients, and the query names none.
  case severalClients(SeveralClients)
  /// The save would send the secrets of a stored record to another server, without containing them.
  case endpointMoved(EndpointMove)
  /// The record looks like an answer of a token endpoint, and no stored record has its id.
  case foreignID
  /// The answer is for the record with this id, but names another client.
  case clientConflict(id: String)
  /// The imported record means the stored record with this id, as another one does, which is counted from 1.
  case sameRecord(id: String, other: Int)
  /// No record matches the one that an answer is for.
  case noMatch
}
