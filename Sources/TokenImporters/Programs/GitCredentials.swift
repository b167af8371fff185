internal import TokenRecords

/// `~/.git-credentials` of git's `credential-store`: one URL a line, with user and password.
enum GitCredentials: Importer {
  static func recognizes(_ file: ForeignFile) -> Bool {
    guard let lines = try? lines(of: file), !lines.isEmpty else { return false }
    return lines.allSatisfy { Credential($0.text) != nil }
  }

  static func records(in file: ForeignFile) throws(ForeignFault) -> ForeignRecords {
    var found = ForeignRecords()
    for (number, text) in try lines(of: file) {
      guard let credential = Credential(text) else {
        found.skip("line \(number)", "it is no URL with a user and a password")
        continue
      }
      found.tokens.append(credential.token)
    }
    return found
  }

  private static func lines(
    of file: ForeignFile
  ) throws(ForeignFault) -> [(number: Int, text: Substring)] {
    try file.text().split(separator: "\n", omittingEmptySubsequences: false).enumerated()
      .map { (number: $0 + 1, text: $1) }
      .filter { !$0.text.allSatisfy(\.isWhitespace) && !$0.text.hasPrefix("#") }
  }

  private struct Credential {
    let user: String
    let password: String
    /// `scheme://host[:port]`.
    let server: String
    let path: Substring

    init?(_ line: Substring) {
      let line = line.drop(while: \.isWhitespace)
      guard let scheme = line.firstRange(of: "://"), scheme.lowerBound > line.startIndex else {
        return nil
      }
      let rest = line[scheme.upperBound...]
      let authority = rest.prefix { $0 != "/" && !$0.isWhitespace }
      guard let at = authority.lastIndex(of: "@"),
        let colon = authority[..<at].firstIndex(of: ":"),
        let user = PercentText.decoded(authority[..<colon]),
        let password = PercentText.decoded(authority[authority.index(after: colon)..<at]),
        !password.isEmpty, authority.index(after: at) < authority.endIndex
      else { return nil }
      (self.user, self.password) = (user, password)
      server = String(line[..<scheme.upperBound] + authority[authority.index(after: at)...])
      path = rest[authority.endIndex...].prefix { !$0.isWhitespace }
    }

    var token: OAuthToken {
      let trimmed = path.reversed().drop { $0 == "/" }.reversed()
      return OAuthToken().with(.userName, user).with(.clientID, server)
        .with(.apiDomain, server + String(trimmed)).with(.accessToken, password)
    }
  }
}
