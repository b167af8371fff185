import TokenVault

/// A record without a token: the error names what it has instead.
enum UnusableRecord {
  /// Runs `work`, which saves these records, and may let go those before the one that it refuses.
  static func explaining<Result>(
    _ tokens: inout [OAuthToken], _ work: (inout [OAuthToken]) throws -> Result
  ) throws -> Result {
    do { return try work(&tokens) } catch TokenVaultError.noCredential(let record) {
      let error = TokenVaultError.noCredential(record: record)
      let names = tokens.indices.contains(record - 1) ? tokens[record - 1].unknownNames : []
      if names.isEmpty { throw error }
      throw Failure(error.code, "\(error); it has \(names.quotedList)", hint: error.hint)
    }
  }
}

extension OAuthToken {
  /// The names of the unknown fields that may be printed.
  fileprivate var unknownNames: [String] { attributes.map(\.name).filter(\.isUnknownName) }
}

extension String {
  /// Whether it is the name of an unknown field that may be printed, and none that the refresh grant reads.
  var isUnknownName: Bool {
    isPlainName && self != OAuthToken.tokenEndpointName
      && self != OAuthToken.tokenEndpointMethodName
  }
}

extension [String] {
  /// Up to eight of these names in quotes.
  var quotedList: String {
    let list = prefix(8).map { "'\($0)'" }.joined(separator: ", ")
    return list + (count > 8 ? " and \(count - 8) more" : "")
  }
}
