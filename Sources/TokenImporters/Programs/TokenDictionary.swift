internal import TokenRecords

/// A token dictionary, as OAuth libraries keep it: spotipy, requests-oauthlib, Authlib, the MCP clients. It names no
/// client, and mostly no user.
enum TokenDictionary: Importer {
  /// Not by its shape: any JSON record with an access token has it.
  static func recognizes(_ file: ForeignFile) -> Bool {
    spotifyUser(file.name) != nil && file.json?.has("access_token") ?? false
  }

  static func records(in file: ForeignFile) throws(ForeignFault) -> ForeignRecords {
    var found = ForeignRecords()
    do throws(RecordError) {
      found.records = try OutsideText.read(
        file.bytes.span, as: .records(.json), .imported(at: .now))
    } catch {
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
    let start = [".cache-", "spotipy-cache-"].first { name.hasPrefix($0) && name != $0 }
    return start.map { String(name.dropFirst($0.count)) }
  }
}
