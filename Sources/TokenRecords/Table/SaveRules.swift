/// The conditions and permissions of a save.
package struct SaveRules: Sendable {
  /// The revision that the matching record must have; 0 demands that no record matches.
  package var ifRevision: Int?
  /// Whether the user allows the save to send the secrets of stored records to other servers.
  package var allowsMoves = false
  /// The positions of the records that look like an answer of a token endpoint; the id of each must be a stored one.
  package var answers: Set<Int> = []
  /// The record that an answer is for, so that the answer itself does not decide that.
  package var answered: OAuthToken?

  /// The rules of a plain save, except for these.
  package init(ifRevision: Int? = nil, allowsMoves: Bool = false) {
    (self.ifRevision, self.allowsMoves) = (ifRevision, allowsMoves)
  }

  /// What finds the record that a saved one changes.
  package func query(for token: OAuthToken) -> TokenQuery {
    TokenQuery(matching: answered ?? token)
  }
}
