/// What there is to know about a vault.
public struct VaultStatus: Sendable {
  /// The file, symbolic links resolved.
  public let path: String
  /// How the records are written.
  public let format: RecordFormat
  /// How many there are.
  public let tokens: Int
  /// How often the vault has been written.
  public let generation: UInt64
  /// The file's size in bytes.
  public let size: Int64
  /// The file that the key is in.
  public let keyPath: String
  /// The key's name, which does not give it away.
  public let keyID: String
  /// The store's name for life.
  public let storeID: String
}

extension Vault {
  /// What there is to know about the vault now.
  public func status() throws(TokenVaultError) -> VaultStatus { try read { status(of: $0) } }

  func status(of state: VaultState) -> VaultStatus {
    VaultStatus(
      path: file.location.path, format: state.header.format, tokens: state.table.tokens.count,
      generation: state.header.generation, size: state.version.status.size, keyPath: key.path,
      keyID: state.header.slots.map(\.keyID.text).joined(separator: " "),
      storeID: state.header.store.text)
  }
}
