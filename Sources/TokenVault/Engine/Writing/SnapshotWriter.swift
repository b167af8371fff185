internal import VaultCrypto

/// Writes records as a new version of a vault, in pieces, so that neither their text nor the sealed one is in memory
/// as a whole.
struct SnapshotWriter {
  /// A new version that is durable but for its name.
  struct Written {
    let file: OpenFile
    /// Where commits behind it go.
    let tail: LogPosition
  }

  /// How much is written at once: a megabyte.
  private static let pieceSize = 1 << 20

  private let vault: VaultFile
  private let file: OpenFile
  private let sealer: SnapshotSealer
  /// What is sealed and not yet written.
  private var piece: [UInt8] = []
  /// Bytes written.
  private var written: Int64 = 0

  /// Writes and synchronizes a table in a file that was begun, which the caller discards on failure.
  static func write(
    _ table: TokenTable, _ header: VaultHeader, _ dataKey: DataKey, to vault: VaultFile,
    _ file: OpenFile
  ) throws(TokenVaultError) -> Written {
    var writer = try SnapshotWriter(header, dataKey, vault, file)
    try writer.append(SnapshotContents.preamble(of: table))
    let encoder = RecordEncoder(header.format, attributesOf: table.tokens)
    try writer.append(encoder.header)
    for block in table.tokens.blocks { try writer.append(encoder.rows(block[...])) }
    return try writer.finish()
  }

  private init(
    _ header: VaultHeader, _ dataKey: DataKey, _ vault: VaultFile, _ file: OpenFile
  ) throws(TokenVaultError) {
    (self.vault, self.file) = (vault, file)
    do { sealer = try SnapshotSealer(header, dataKey, to: &piece) } catch {
      throw TokenVaultError(error)
    }
  }

  /// Seals a text, and cleanses it.
  private mutating func append(_ text: consuming [UInt8]) throws(TokenVaultError) {
    // No other name for it: a copy would be cleansed, and not what was given.
    defer { text.cleanse() }
    do { try sealer.append(text.span, to: &piece) } catch { throw TokenVaultError(error) }
    if piece.count >= Self.pieceSize { try flush() }
  }

  private mutating func flush() throws(TokenVaultError) {
    let size = written + Int64(piece.count)
    do throws(FileError) {
      guard size <= VaultFile.sizeLimit else {
        throw .tooLarge(path: vault.location.path, limit: VaultFile.sizeLimit)
      }
      try vault.append(piece.span, to: file)
    } catch {
      throw TokenVaultError(error)
    }
    written = size
    piece.removeAll(keepingCapacity: true)
  }

  private mutating func finish() throws(TokenVaultError) -> Written {
    let end: (size: Int, length: [UInt8])
    do { end = try sealer.finish(to: &piece) } catch { throw TokenVaultError(error) }
    let offset = sealer.lengthOffset
    if written == 0 {
      piece.replaceSubrange(offset..<offset + end.length.count, with: end.length)
    }
    let isPatched = written == 0
    try flush()
    do throws(FileError) {
      let length = end.length
      if !isPatched { try vault.overwrite(length.span, at: Int64(offset), in: file) }
      try vault.synchronize(file)
    } catch {
      throw TokenVaultError(error)
    }
    return Written(
      file: file, tail: LogPosition(sealer.chain, snapshotSize: end.size, end: written))
  }
}
