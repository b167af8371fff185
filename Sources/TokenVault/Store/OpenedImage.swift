internal import VaultCrypto

/// The bytes of a vault whose header has been read.
struct OpenedImage {
  let version: VaultFile.Version
  private let bytes: [UInt8]
  private let parts: VaultImage.Parts
  private let path: String

  var header: VaultHeader { parts.header }

  init(_ file: VaultFile) throws(TokenVaultError) {
    let path = file.location.path
    let bytes: [UInt8]
    do { (bytes, version) = try file.read() } catch { throw TokenVaultError(error) }
    do { parts = try VaultImage.parse(bytes.span) } catch {
      throw TokenVaultError(error, path: path)
    }
    (self.bytes, self.path) = (bytes, path)
  }

  /// What the snapshot seals.
  func text(with dataKey: DataKey) throws(TokenVaultError) -> SecretBytes {
    do { return try VaultImage.open(bytes.span, parts, dataKey: dataKey) } catch {
      throw TokenVaultError(error, path: path)
    }
  }

  /// The records.
  func table(with dataKey: DataKey) throws(TokenVaultError) -> TokenTable {
    let text = try text(with: dataKey)
    do throws(SnapshotFault) {
      return try text.withSpan { (span) throws(SnapshotFault) in
        try SnapshotContents.decode(span, as: header.format)
      }
    } catch {
      throw .damaged(path: path, place: error.place)
    }
  }
}
