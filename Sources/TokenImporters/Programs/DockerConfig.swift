internal import TokenRecords

/// `config.json` of docker and podman: `auths` by registry, each with `user:password` in base64, or an identity token.
enum DockerConfig: Importer {
  static func recognizes(_ file: ForeignFile) -> Bool {
    guard let json = file.json, case .object(let registries)? = json["auths"] else { return false }
    let isRecord = ["access_token", "refresh_token", "token"].contains { json.has($0) }
    return !isRecord
      && registries.allSatisfy { if case .object = $0.value { true } else { false } }
  }

  static func records(in file: ForeignFile) throws(ForeignFault) -> ForeignRecords {
    guard case .object(let registries)? = try file.object()["auths"] else {
      throw .notOfProgram("the file has no 'auths'")
    }
    var found = ForeignRecords()
    for (registry, entry) in registries {
      guard let text = entry.text("auth") else {
        let reason =
          entry.has("auth") || entry.members.isEmpty
          ? "its credentials are in a helper" : "it has no 'auth'"
        found.skip(registry, reason)
        continue
      }
      guard let login = Base64.decoded(text).flatMap({ String(validating: $0, as: UTF8.self) }),
        let colon = login.firstIndex(of: ":")
      else {
        found.skip(registry, "its 'auth' is no base64 of a user and a password")
        continue
      }
      let password = String(login[login.index(after: colon)...])
      let token = token(
        of: registry, user: String(login[..<colon]), password, entry.text("identitytoken"))
      if password.isEmpty, !token.has(.refreshToken) {
        found.skip(registry, "its password is empty")
      } else {
        found.tokens.append(token)
      }
    }
    return found
  }

  private static func token(
    of registry: String, user: String, _ password: String, _ identityToken: String?
  ) -> OAuthToken {
    let name = "docker:\(registry)"
    let token = OAuthToken().with(.id, name).with(.apiDomain, registry).with(.clientID, name)
    guard let identityToken else { return token.with(.userName, user).with(.accessToken, password) }
    return token.with(.userName, user.isEmpty ? registry : user).with(.refreshToken, identityToken)
  }
}
