internal import TokenRecords

/// The programs whose token stores can be imported, by the names behind `import --from`.
package enum ForeignStore: String, CaseIterable, Sendable {
  case oauth, git, gh, docker, google, gcloud, msal, rclone, netrc, codex, claude
  case awsSSO = "aws-sso"
  case mutt
  case zohoSQLite = "zoho-sqlite"

  private var importer: any Importer.Type {
    switch self {
    case .oauth: TokenDictionary.self
    case .git: GitCredentials.self
    case .gh: GitHubHosts.self
    case .docker: DockerConfig.self
    case .google: GoogleCredentials.self
    case .gcloud: GcloudDatabase.self
    case .msal: MSALCache.self
    case .rclone: RcloneConfig.self
    case .netrc: Netrc.self
    case .codex: CodexAuth.self
    case .claude: ClaudeCredentials.self
    case .awsSSO: AWSSSOCache.self
    case .mutt: MuttToken.self
    case .zohoSQLite: ZohoDatabase.self
    }
  }

  /// Longer files are of no program: 1 MiB.
  package static let detectionLimit = 1_048_576

  /// The program that a file is certainly from; nil if its shape does not tell.
  package static func detect(path: String?, _ bytes: [UInt8]) -> ForeignStore? {
    guard bytes.count <= detectionLimit else { return nil }
    let file = ForeignFile(path: path, bytes: bytes)
    return allCases.first { $0.importer.recognizes(file) }
  }

  /// The records that a file of this program means, each with a client.
  ///
  /// - Throws: ``ForeignFault`` if the file is not the program's, or cannot be read.
  package func records(in file: ForeignFile) throws(ForeignFault) -> ForeignRecords {
    var found = try importer.records(in: file)
    if found.tokens.isEmpty, found.notes.isEmpty { found.notes.append("the file has no token") }
    let unknown = found.tokens.count { $0.expiresAt == .unknown }
    if unknown > 0 {
      found.notes.append("the end of \(unknown) access tokens is not understood, so they are due")
    }
    if let program, found.tokens.contains(where: { $0.has(.refreshToken) }) {
      found.notes.append(
        """
        \(program) goes on using its refresh token; if the server replaces it at a refresh, one of the two is logged out
        """)
    }
    return found
  }

  /// The program that goes on using a refresh token that its server may replace at each refresh; nil if the servers of
  /// the program keep one refresh token.
  private var program: String? {
    switch self {
    case .oauth, .mutt: "the program that wrote the file"
    case .codex: "codex"
    case .claude: "claude"
    case .awsSSO: "the AWS CLI"
    case .git, .gh, .docker, .google, .gcloud, .msal, .rclone, .netrc, .zohoSQLite: nil
    }
  }
}
