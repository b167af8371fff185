/// What a save demands and allows besides its records.
package struct SaveRules: Sendable {
  /// The revision that the matched record must have; 0 demands that there is none.
  package var ifRevision: Int?
  /// Whether the ids of the records do not match: they are another store's.
  package var ignoresIDs = false
  /// Whether the user has said that the secrets of stored records may go to other servers.
  package var allowsMoves = false
  /// The positions of the records that look like the answer of a token endpoint. The id of such a record must be that of
  /// a stored one.
  package var answers: Set<Int> = []
  /// Whom an answer is for, so that nothing in the answer itself decides that.
  package var answered: AnsweredRecord?

  /// The rules of a plain save, and what differs from them.
  package init(ifRevision: Int? = nil, ignoresIDs: Bool = false, allowsMoves: Bool = false) {
    (self.ifRevision, self.ignoresIDs, self.allowsMoves) = (ifRevision, ignoresIDs, allowsMoves)
  }

  /// Which stored record a given one is for.
  func query(for token: OAuthToken) -> TokenQuery {
    if let answered { return answered.query }
    return ignoresIDs ? .ignoringID(token) : TokenQuery(matching: token)
  }
}
