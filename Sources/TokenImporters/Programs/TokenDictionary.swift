internal import TokenRecords

/// A token dictionary, as OAuth libraries keep it: spotipy, requests-oauthlib, Authlib, the MCP clients. It names no
/// client, and mostly no user.
enum TokenDictionary: Importer {
  /// Not by its shape: any JSON record with an access token has it.
  static func recognizes(_ file: ForeignFile) -> Bool {
    spotifyUser(file.name) != nil && file.json?.has("access_token") ?? false
  }

  static func records(in file: ForeignFile) throws(ImportFault) -> ForeignRecords {
    var found = ForeignRecords()
    do { found.tokens = try ExchangeFormat.records(.json).decode(file.bytes.span, now: .now) } catch
    {
      throw .records(error)
    }
    let user = spotifyUser(file.name)
    found.tokens = found.tokens.map { token in
      let isSpotify = user != nil
      return OAuthToken()
        .with(.userName, user)
        .with(.clientID, isSpotify ? "spotify" : "oauth")
        .with(
          OAuthToken.tokenEndpointName, isSpotify ? "https://accounts.spotify.com/api/token" : nil
        )
        .overlaid(with: token)
    }
    return found
  }

  /// The user in the name of spotipy's cache, `.cache-USER`; nil for another file.
  private static func spotifyUser(_ name: String) -> String? {
    guard let start = name.firstRange(of: "cache-") else { return nil }
    let user = name[start.upperBound...]
    return user.isEmpty ? nil : String(user)
  }
}
