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

    /// Whether both are of one version of the vault; one error is as another.
    func isSame(as other: any ConfigSnapshot) -> Bool {
      guard let other = other as? Self else { return false }
      return (try? records.get().generation) == (try? other.records.get().generation)
    }

    func value(forKey key: AbsoluteConfigKey, type: ConfigType) throws -> LookupResult {
      try VaultKey.lookUp(key, as: type) { try records.get().findToken(matching: $0.query) }
    }
  }
#endif
