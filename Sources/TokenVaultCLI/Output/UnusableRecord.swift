import TokenVault

/// A record without a token: the error names what it has instead.
enum UnusableRecord {
  /// Runs `work`, which saves these records.
  static func explaining<Result>(
    _ tokens: [OAuthToken], _ work: () throws -> Result
  ) throws -> Result {
    do { return try work() } catch TokenVaultError.noCredential(let record) {
      let error = TokenVaultError.noCredential(record: record)
      let names = tokens.indices.contains(record - 1) ? tokens[record - 1].unknownNames : []
      if names.isEmpty { throw error }
      throw Failure(error.code, "\(error); it has \(names.quotedList)", hint: error.hint)
    }
  }
}

extension OAuthToken {
  /// The names of the unknown fields that may be printed; not those that the refresh grant reads.
  var unknownNames: [String] {
    let known = [Self.tokenEndpointName, Self.tokenEndpointMethodName]
    return attributes.map(\.name).filter { $0.isPlainName && !known.contains($0) }
  }
}

extension [String] {
  /// Up to eight of these names in quotes.
  var quotedList: String {
    let list = prefix(8).map { "'\($0)'" }.joined(separator: ", ")
    return list + (count > 8 ? " and \(count - 8) more" : "")
  }
}
