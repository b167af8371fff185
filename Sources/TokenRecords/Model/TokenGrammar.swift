/// What an access or refresh token may consist of: one or more characters from 0x20 to 0x7E (`VSCHAR` of RFC 6749,
/// appendix A.12 and A.17).
///
/// Any other character could end a line, begin another header, or drive a terminal where the token is used.
package enum TokenGrammar {
  /// The fields that the grammar holds for.
  package static let fields: [TokenField] = [.accessToken, .refreshToken]

  /// Whether a text is an access or refresh token.
  package static func allows(_ text: String) -> Bool {
    !text.isEmpty && text.utf8.allSatisfy { (0x20...0x7E).contains($0) }
  }

  /// The first of the fields whose text is there and breaks the grammar.
  package static func fault(in record: OAuthToken) -> TokenField? {
    fields.first { field in record[field].map { !$0.isEmpty && !allows($0) } ?? false }
  }
}
