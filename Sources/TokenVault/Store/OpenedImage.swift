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
  private func text(with dataKey: DataKey) throws(TokenVaultError) -> SecretBytes {
    do { return try VaultImage.open(bytes.span, parts, dataKey: dataKey) } catch {
      throw TokenVaultError(error, path: path)
    }
  }

  /// Seals the records again for another header and data key, puts the new vault out in pieces, and counts
  /// them; nil where `output` said to stop.
  func reseal(
    from old: DataKey, to header: VaultHeader, _ new: DataKey, output: (Span<UInt8>) -> Bool
  ) throws(TokenVaultError) -> Int? {
    var lines = LineCount(format: header.format)
    do {
      let isWhole = try VaultImage.reseal(
        bytes.span, parts, from: old, to: header, new, records: { lines.add($0) }, output: output)
      return isWhole ? SnapshotContents.recordCount(lines) : nil
    } catch {
      throw TokenVaultError(error, path: path)
    }
  }

  /// Whether what `read` gives is a vault with this header and these records that `key` opens; without one,
  /// with this data key.
  func isSealedAgain(
    _ dataKey: DataKey, as header: VaultHeader, _ new: DataKey, key: SlotKey?,
    read: (inout [UInt8]) -> Bool
  ) throws(TokenVaultError) -> Bool {
    do {
      return try VaultImage.hasSameRecords(
        bytes.span, parts, dataKey, as: header, read: read
      ) { (header) throws(FormatError) in
        try key.map { (key) throws(FormatError) in
          try VaultImage.dataKey(of: header, with: key).dataKey
        } ?? new
      }
    } catch {
      throw TokenVaultError(error, path: path)
    }
  }

  /// How many records there are, without reading them.
  func recordCount(with dataKey: DataKey) throws(TokenVaultError) -> Int {
    var lines = LineCount(format: header.format)
    try text(with: dataKey).withSpan { lines.add($0) }
    return SnapshotContents.recordCount(lines)
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
