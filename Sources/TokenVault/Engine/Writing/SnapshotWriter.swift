internal import VaultCrypto

/// Writes a new version of a vault in pieces, so that neither its text nor the sealed snapshot is in memory as a whole.
struct SnapshotWriter {
  /// How much is written at once: a megabyte.
  private static let pieceSize = 1 << 20

  private let vault: VaultFile
  private let file: OpenFile
  private let sealer: SnapshotSealer
  /// Sealed bytes that are not written yet.
  private var piece: [UInt8] = []
  /// Bytes written.
  private var written: Int64 = 0

  /// Writes and synchronizes a table in a file that was begun, which the caller discards on failure.
  ///
  /// - Returns: The empty log behind the snapshot.
  static func write(
    _ table: TokenTable, _ header: VaultHeader, _ dataKey: DataKey, to vault: VaultFile,
    _ file: OpenFile
  ) throws(TokenVaultError) -> LogPosition {
    var writer = try SnapshotWriter(header, dataKey, vault, file)
    try writer.append(SnapshotContents.preamble(of: table))
    let encoder = RecordEncoder(header.format, attributesOf: table.tokens)
    try writer.append(encoder.header)
    for block in table.tokens.blocks { try writer.append(encoder.rows(block[...])) }
    return try writer.finish()
  }

  /// Seals the snapshot of another version again, under another header and DEK and without decoding it, to a file that was
  /// begun, which the caller discards on failure.
  ///
  /// - Returns: The number of records.
  static func reseal(
    _ old: VaultReader, from oldKey: DataKey, _ header: VaultHeader, _ dataKey: DataKey,
    to vault: VaultFile, _ file: OpenFile
  ) throws(TokenVaultError) -> Int {
    var chunks = try old.chunks(with: oldKey)
    var writer = try SnapshotWriter(header, dataKey, vault, file)
    var lines = LineCount(format: header.format)
    while try chunks.openNext() {
      lines.add(chunks.text.span)
      try writer.append(chunks.text.span)
    }
    _ = try writer.finish()
    return SnapshotContents.recordCount(lines)
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
    // `text` itself: to cleanse a variable that was copied from it would overwrite only the copy.
    defer { text.cleanse() }
    try append(text.span)
  }

  private mutating func append(_ text: Span<UInt8>) throws(TokenVaultError) {
    try TokenVaultError.wrap(crypto: sealer.append(text, to: &piece))
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

  private mutating func finish() throws(TokenVaultError) -> LogPosition {
    let end = try TokenVaultError.wrap(crypto: sealer.finish(to: &piece))
    let (offset, length) = (sealer.lengthOffset, end.length)
    let isInPiece = written == 0
    if isInPiece { piece.replaceSubrange(offset..<offset + length.count, with: length) }
    try flush()
    do throws(FileError) {
      if !isInPiece { try vault.overwrite(length.span, at: Int64(offset), in: file) }
      try vault.synchronize(file)
    } catch {
      throw TokenVaultError(error)
    }
    return LogPosition(sealer.chain, snapshotSize: end.size, end: written)
  }
}
