/// The records of a text from outside, and what its reader has to say of them.
package struct ReadRecords: Sendable {
  package var tokens: [OAuthToken] = []
  package var remarks = ReadingRemarks()
  /// The positions of records with a lifetime of the access token, as answers of token endpoints have.
  package var lifetimes: Set<Int> = []

  /// No records.
  package init() {}
}
