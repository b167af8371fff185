@testable import TokenVault

/// The stores that keep the contract; the `TokenStore…` suites run on all of them.
enum StoreKind: CaseIterable, Sendable {
  case memory, jsonVault, csvVault

  /// An empty store, and what it needs to live.
  func make() throws -> (store: any TokenStore, keeper: TemporaryDirectory) {
    let directory = try TemporaryDirectory()
    switch self {
    case .memory: return (InMemoryTokenStore(), directory)
    case .jsonVault: return (try Vault.create(directory.configuration(), format: .json), directory)
    case .csvVault: return (try Vault.create(directory.configuration(), format: .csv), directory)
    }
  }
}
