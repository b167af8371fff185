import Foundation
import Testing

@testable import TokenVault
@testable import VaultCrypto

/// Slots of the kind that is reserved for a Secret Service: kept, and of no use to this version.
@Suite struct SecretServiceSlotTests {
  let directory: TemporaryDirectory
  let key: SlotKey

  init() throws {
    directory = try TemporaryDirectory()
    key = try .random(.secretService)
    let vault = try Vault.create(directory.configuration())
    try vault.save(token(#"{"user_name":"u","access_token":"1"}"#))
    try vault.write { (transaction) throws(TokenVaultError) in
      try TokenVaultError.wrap(
        at: "",
        format: transaction.header.addSlot("wallet", for: key, transaction.dataKey, now: .now))
      try transaction.commit(previous: .keep)
    }
    // Of a later version, which has told this host.
    var accepting = directory.configuration()
    accepting.acceptsSlots = true
    _ = try Vault(accepting)
  }

  private var header: VaultHeader {
    get throws { try directory.header }
  }

  @Test func suchASlotIsWrappedLikeAKeyAndIsListed() throws {
    #expect(try header.slots[1].isSealed && header.slots[1].derivation == nil)
    let slots = try Vault(directory.configuration()).slots()
    #expect(slots.map(\.kind.rawValue) == ["key", "secret-service"])
  }

  @Test func suchASlotIsKeptAndWrappedAgain() throws {
    let vault = try Vault(directory.configuration())
    try vault.save(token(#"{"user_name":"u","access_token":"2"}"#))
    #expect(try header.slot(openedBy: key.id)?.name == "wallet")
    let report = try vault.rotate()
    #expect(report.rewrapped == ["wallet"])
    let (slot, dataKey) = try VaultContainer.dataKey(of: header, with: key)
    #expect(slot.kind == .secretService && !slot.isSealed)
    #expect(dataKey.id == (try header.dataKeyID))
    try Vault.restore(directory.configuration(), from: directory.file("tokens.vault"))
    #expect(try header.slot(openedBy: key.id)?.kind == .secretService)
  }

  @Test func suchASlotOpensNothingHere() throws {
    // Not by its bytes from elsewhere either: a rotation would have no place for a new key.
    let digits = key.secret.withSpan { Hexadecimal.encode($0.array) }
    var configuration = directory.configuration()
    for source: KeySource in [.key(Secret(digits)), .standard] {
      configuration.key = source
      configuration.prompt = { kinds in
        Issue.record("a person was asked for \(kinds)")
        return .none(reason: "")
      }
      let error = #expect(throws: TokenVaultError.self) { try Vault(configuration) }
      guard case .keyUnavailable(_, let attempts, let slots) = error else {
        Issue.record("\(String(describing: error))")
        continue
      }
      #expect(slots == ["default", "wallet"])
      let isNamed = attempts.contains { $0.source == "Secret Service" }
      #expect(isNamed == (source == .standard))
    }
  }
}
