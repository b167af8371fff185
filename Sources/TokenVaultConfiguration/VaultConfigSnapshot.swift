#if Configuration
  internal import Configuration
  internal import TokenVault

  /// The values of a vault at one moment, or why it could not be read then.
  struct VaultConfigSnapshot: ConfigSnapshot {
    let providerName: String
    private let records: Result<RecordSnapshot, any Error>

    init(_ providerName: String, _ records: Result<RecordSnapshot, any Error>) {
      (self.providerName, self.records) = (providerName, records)
    }

    func value(forKey key: AbsoluteConfigKey, type: ConfigType) throws -> LookupResult {
      try VaultKey.lookUp(key, as: type) { try records.get().findToken(matching: $0.query) }
    }
  }
#endif
