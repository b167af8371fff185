/// The grammar of access and refresh tokens: one or more `VSCHAR`, 0x20 to 0x7E (RFC 6749, appendix A.12 and A.17).
///
/// Any other character could end a line, begin another header, or control a terminal.
package enum TokenGrammar {
  /// The fields that must follow the grammar.
  package static let fields: [TokenField] = [.accessToken, .refreshToken]

  /// Whether a text is an access or refresh token.
  package static func allows(_ text: String) -> Bool {
    !text.isEmpty && text.utf8.allSatisfy { (0x20...0x7E).contains($0) }
  }

  /// The first field whose text is present, not empty, and violates the grammar.
  package static func fault(in record: OAuthToken) -> TokenField? {
    fields.first { field in record[field].map { !$0.isEmpty && !allows($0) } ?? false }
  }
}
