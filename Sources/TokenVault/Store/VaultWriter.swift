internal import VaultCrypto

/// A change that is being made to a vault, under its lock.
struct VaultWriter {
  private let file: VaultFile
  private let base: VaultState
  var header: VaultHeader
  var table: TokenTable
  /// The state that was written, once it was.
  private(set) var committed: VaultState?

  init(file: VaultFile, base: VaultState) {
    (self.file, self.base, header, table) = (file, base, base.header, base.table)
  }

  /// Seals the records and puts them in the vault's place.
  mutating func commit(previous: VaultFile.Previous) throws(TokenVaultError) {
    guard header.generation < VaultHeader.generationLimit else { throw .countersExhausted }
    header.generation += 1
    let image = try Self.seal(table, header, base.dataKey)
    let version: VaultFile.Version
    do { version = try file.replace(with: image.span, previous: previous) } catch {
      throw TokenVaultError(error)
    }
    committed = VaultState(version: version, header: header, dataKey: base.dataKey, table: table)
  }

  static func seal(
    _ table: TokenTable, _ header: VaultHeader, _ dataKey: SecretBytes
  ) throws(TokenVaultError) -> [UInt8] {
    var text = SnapshotContents.encode(table, as: header.format)
    defer { text.cleanse() }
    do { return try VaultImage.seal(text.span, header: header, dataKey: dataKey) } catch {
      throw TokenVaultError(error)
    }
  }
}
