@testable import TokenVault
@testable import VaultCrypto

/// Who had a vault open once, kept its header and data key, and can write the file.
struct Attacker {
  let header: VaultHeader
  let dataKey: DataKey
  /// A key of his own, for slots that he plants.
  let key: SlotKey

  /// The vault as the configuration opens it now.
  init(havingOpened configuration: VaultConfiguration) throws {
    (header, dataKey) = try Vault(configuration).withCurrentState { ($0.header, $0.found.dataKey) }
    key = try .random(.recovery)
  }

  /// His records under a data key of his own, wrapped for every slot whose authenticator he knows.
  func forged(generation: UInt64, without slot: String? = nil) throws -> [UInt8] {
    var header = header
    let own = try DataKey.random()
    try header.renew(from: dataKey, to: own, slot: nil, key: nil, now: .now)
    if let slot { try header.removeSlot(named: slot, own) }
    header.generation = generation
    return try Self.sealed(header, own)
  }

  /// His records under the data key and the header that he has kept.
  func repeated(generation: UInt64) throws -> [UInt8] {
    var header = header
    header.generation = generation
    return try Self.sealed(header, dataKey)
  }

  /// The vault as it is, with his key in the place of a slot's, or with a slot more; its data key must still be the one
  /// that he knows.
  func planted(in slot: String, of vault: Vault) throws -> [UInt8] {
    var (header, table) = try vault.read { ($0.header, $0.table) }
    let added = header.slot(named: slot)?.added ?? .now
    try header.removeSlot(named: slot, dataKey)
    try header.addSlot(slot, for: key, dataKey, now: added)
    header.generation += 1
    return try Self.sealed(header, dataKey, table)
  }

  /// Whether he can read a vault: by the data key he had, or by his own key.
  func canRead(_ directory: TemporaryDirectory) throws -> Bool {
    let image = try VaultReader(VaultFile(path: directory.file("tokens.vault"), disk: LinuxDisk()))
    if (try? image.table(with: dataKey)) != nil { return true }
    guard let opened = try? VaultContainer.dataKey(of: image.header, with: key) else {
      return false
    }
    return (try? image.table(with: opened.dataKey)) != nil
  }

  private static func sealed(
    _ header: VaultHeader, _ dataKey: DataKey, _ table: TokenTable? = nil
  ) throws -> [UInt8] {
    let scratch = try TemporaryDirectory()
    let file = try VaultFile(path: scratch.file("forged"), disk: LinuxDisk())
    let lock = try file.lock(timeout: .seconds(60))
    var records = table ?? TokenTable()
    if table == nil {
      _ = try records.saveAll(
        [token(#"{"user_name":"evil","access_token":"evil"}"#)], now: VaultTime(clock: .now))
    }
    let new = try file.beginNew(under: lock)
    _ = try SnapshotWriter.write(records, header, dataKey, to: file, new)
    _ = try file.create(new)
    return try scratch.bytes("forged")
  }
}
