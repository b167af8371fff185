internal import TokenRecords

/// `hosts.yml` of gh, the GitHub CLI: by host, and since gh 2.40 by user in it.
enum GitHubHosts: Importer {
  static func recognizes(_ file: ForeignFile) -> Bool {
    guard file.json == nil, let text = try? file.text(), let hosts = try? YAMLMap.read(text) else {
      return false
    }
    return !hosts.members.isEmpty
      && hosts.members.allSatisfy { $0.value["oauth_token"] != nil || $0.value["users"] != nil }
  }

  static func records(in file: ForeignFile) throws(ForeignFault) -> ForeignRecords {
    let hosts = try YAMLMap.read(file.text()).members
    guard hosts.allSatisfy({ isHost($0.value) }) else {
      throw .notOfProgram("the file has a host without 'user', 'users' and 'oauth_token'")
    }
    var found = ForeignRecords()
    for (host, entry) in hosts {
      for (user, token) in users(of: entry) {
        guard let token else {
          found.skip(
            "\(user) of \(host)",
            "its token is in a keyring; 'gh auth token --hostname \(host) --user \(user)' prints it"
          )
          continue
        }
        let server = "https://\(host)"
        found.tokens.append(
          OAuthToken().with(.userName, user).with(.clientID, server).with(.apiDomain, server)
            .with(.accessToken, token))
      }
    }
    return found
  }

  private static func isHost(_ entry: YAMLMap.Value) -> Bool {
    ["user", "users", "oauth_token"].contains { entry[$0] != nil }
  }

  /// The users of a host with their tokens; the host's own token is that of its active user.
  private static func users(of host: YAMLMap.Value) -> [(user: String, token: String?)] {
    // A host without a user has a token nevertheless.
    let (active, activeToken) = (host["user"]?.text ?? "", host["oauth_token"]?.text)
    var users = host["users"]?.members ?? []
    if users.isEmpty || activeToken != nil && !users.contains(where: { $0.name == active }) {
      users.append((name: active, value: .text("")))
    }
    return users.map { user in
      (user.name, user.value["oauth_token"]?.text ?? (user.name == active ? activeToken : nil))
    }
  }
}
