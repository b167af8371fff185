internal import VaultCrypto

/// Writes a new version of a vault in pieces, so that neither its text nor the sealed snapshot is in memory as a whole.
struct SnapshotWriter {
  /// How much is written at once: a megabyte.
  private static let pieceSize = 1 << 20

  private let vault: VaultFile
  private let file: OpenFile
  private let sealer: SealingWriter
  private let store: StoreID
  /// Where the snapshot's length belongs, in bytes of the file: before the snapshot.
  private let lengthOffset: Int
  /// Sealed bytes that are not written yet.
  private var piece: [UInt8]
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
    (self.vault, self.file, store) = (vault, file, header.store)
    let start = try TokenVaultError.wrap(crypto: header.encode())
    lengthOffset = start.count
    // A length that `finish` overwrites.
    var piece = start + VaultContainer.lengthBytes(0)
    sealer = try TokenVaultError.wrap(
      crypto: SealingWriter(VaultContainer.snapshotKey(dataKey, start), to: &piece))
    self.piece = piece
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
    guard size <= VaultFile.sizeLimit else {
      throw .tooLarge(path: vault.location.path, limit: VaultFile.sizeLimit)
    }
    try TokenVaultError.wrap(file: file.write(piece.span))
    written = size
    piece.removeAll(keepingCapacity: true)
  }

  private mutating func finish() throws(TokenVaultError) -> LogPosition {
    let none: [UInt8] = []
    let size = try TokenVaultError.wrap(crypto: sealer.finish(none.span, to: &piece))
    let length = VaultContainer.lengthBytes(size)
    if written == 0 {
      piece.replaceSubrange(lengthOffset..<lengthOffset + length.count, with: length)
      try flush()
    } else {
      try flush()
      try TokenVaultError.wrap(file: file.write(length.span, at: Int64(lengthOffset)))
    }
    try TokenVaultError.wrap(file: file.synchronize())
    let chain = LogChain(store: store, snapshotSalt: sealer.salt)
    return LogPosition(chain, snapshotSize: size, end: written)
  }
}
