@testable import TokenVault

/// A call of the async interface that waits for the lock of a vault with the record 1 of ann, and what it changes.
enum AsyncCall: CaseIterable, Sendable {
  case save, saveAnswer, importing, delete, deleteAll, setPolicy, purge, addSlot, compact, convert
  case rotate, rotateClosed, repair, restore, discardDamaged

  func make(_ vault: Vault, _ configuration: VaultConfiguration, _ number: Int) async throws {
    switch self {
    case .save: try await vault.save(smallToken("user \(number)"))
    case .saveAnswer:
      try await vault.save(
        answer: RefreshAnswer(accessToken: Secret("a\(number)")), for: smallToken("user \(number)"))
    case .importing: try await vault.importTokens([smallToken("user \(number)")])
    case .delete: try await vault.deleteToken(id: "\(number)")
    case .deleteAll: try await vault.deleteAllTokens()
    case .setPolicy:
      var policy = RetentionPolicy()
      policy.idle = .seconds(86_400 * number)
      try await vault.setPolicy(policy)
    case .purge: try await vault.purge()
    case .addSlot:
      try await vault.addSlot(named: "n\(number)", key: .file("\(configuration.path).\(number)"))
    case .compact: try await vault.compact()
    case .convert: try await vault.convert(to: number.isMultiple(of: 2) ? .json : .csv)
    case .rotate: try await vault.rotate()
    case .rotateClosed: try await Vault.rotate(configuration)
    case .repair: try await Vault.repair(configuration)
    case .restore: try await Vault.restore(configuration)
    case .discardDamaged: try await Vault.discardDamaged(configuration)
    }
  }
}
