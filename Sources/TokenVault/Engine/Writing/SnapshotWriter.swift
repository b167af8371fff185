internal import VaultCrypto

/// Writes a new version of a vault in pieces, so that neither its text nor the sealed snapshot is in memory as a whole.
struct SnapshotWriter {
  /// How much is written at once: a megabyte.
  private static let pieceSize = 1 << 20

  private let vault: VaultFile
  private let file: OpenFile
  private let sealer: SealingWriter
  private let header: VaultHeader
  private let dataKey: DataKey
  /// Where the lengths belong, in bytes of the file: before the snapshot.
  private let lengthsOffset: Int
  /// Sealed bytes that are not written yet.
  private var piece: [UInt8]
  /// Bytes written.
  private var written: Int64 = 0
  /// Bytes of the snapshot's text so far.
  private var textSize = 0
  /// The keys of the records, once the vault is certainly large; until then, the records and their offsets.
  private var index: IndexBuilder?
  private var waiting: [(OAuthToken, Int)] = []

  /// Writes and synchronizes a table in a file that was begun, which the caller discards on failure.
  ///
  /// - Parameter onPiece: Called after each piece that was written; an error ends the write.
  /// - Returns: The empty log behind the snapshot and its index.
  static func write(
    _ table: TokenTable, _ header: VaultHeader, _ dataKey: DataKey, to vault: VaultFile,
    _ file: OpenFile, onPiece: () throws(TokenVaultError) -> Void = {}
  ) throws(TokenVaultError) -> LogPosition {
    var writer = try SnapshotWriter(header, dataKey, vault, file)
    try writer.append(SnapshotContents.preamble(of: table))
    let encoder = RecordEncoder(header.format, attributesOf: table.tokens)
    try writer.append(encoder.header)
    let total = Int64(table.tokens.count)
    let start = writer.written
    var (written, count) = (start, Int64(0))
    for block in table.tokens.blocks {
      if writer.written > written {
        try onPiece()
        written = writer.written
        vault.onProgress?(VaultProgress(.writing, done: count, of: total))
      }
      try writer.append(block[...], encoder)
      count += Int64(block.count)
    }
    if written > start { vault.onProgress?(VaultProgress(.writing, done: total, of: total)) }
    return try writer.finish(onPiece: onPiece)
  }

  /// Writes and synchronizes the records of another version and of its log in a file that was begun, which the caller
  /// discards on failure.
  ///
  /// - Returns: The empty log behind the snapshot and its index, and the number of records.
  static func write(
    _ merge: SnapshotMerge, _ header: VaultHeader, _ dataKey: DataKey,
    to vault: VaultFile, _ file: OpenFile
  ) throws(TokenVaultError) -> (log: LogPosition, tokens: Int) {
    var writer = try SnapshotWriter(header, dataKey, vault, file)
    var merge = merge
    let count = try merge.write(to: &writer)
    return (try writer.finish(), count)
  }

  private init(
    _ header: VaultHeader, _ dataKey: DataKey, _ vault: VaultFile, _ file: OpenFile
  ) throws(TokenVaultError) {
    (self.vault, self.file, self.dataKey, self.header) = (vault, file, dataKey, header)
    let start = try TokenVaultError.wrap(crypto: header.encode())
    lengthsOffset = start.count
    // Lengths that `finish` overwrites.
    var piece = start + VaultContainer.Lengths(snapshot: 0, index: 0).bytes
    sealer = try TokenVaultError.wrap(
      crypto: SealingWriter(VaultContainer.snapshotKey(dataKey, start), to: &piece))
    self.piece = piece
  }

  /// Encodes and seals records, and adds them to the index.
  mutating func append(
    _ tokens: ArraySlice<OAuthToken>, _ encoder: RecordEncoder
  ) throws(TokenVaultError) {
    var rowStarts: [Int] = []
    let start = textSize
    // No variable for the rows: what is copied to one would not be cleansed.
    try append(encoder.rows(tokens, startingAt: &rowStarts))
    for (token, place) in zip(tokens, rowStarts) { try index(token, at: start + place) }
  }

  /// Seals a text, and cleanses it.
  mutating func append(_ text: consuming [UInt8]) throws(TokenVaultError) {
    // `text` itself: to cleanse a variable that was copied from it would overwrite only the copy.
    defer { text.cleanse() }
    try append(text.span)
  }

  mutating func append(_ text: Span<UInt8>) throws(TokenVaultError) {
    try TokenVaultError.wrap(crypto: sealer.append(text, to: &piece))
    textSize += text.count
    try flushIfLarge()
  }

  /// Writes a piece that is large enough; the disk goes on with it while the next ones are sealed.
  private mutating func flushIfLarge() throws(TokenVaultError) {
    guard piece.count >= Self.pieceSize else { return }
    try flush()
    file.startWriting()
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

  private mutating func finish(
    onPiece: () throws(TokenVaultError) -> Void = {}
  ) throws(TokenVaultError) -> LogPosition {
    let none: [UInt8] = []
    let size = try TokenVaultError.wrap(crypto: sealer.finish(none.span, to: &piece))
    let lengths = VaultContainer.Lengths(
      snapshot: size, index: isLarge ? try writeIndex(onPiece) : 0)
    let log = LogPosition(
      LogChain(header.store, snapshotSalt: sealer.salt, dataKey), lengths,
      end: written + Int64(piece.count), header)
    if log.isLarge { try appendExtent(of: log) }
    if written == 0 {
      let end = lengthsOffset + VaultContainer.Lengths.size
      piece.replaceSubrange(lengthsOffset..<end, with: lengths.bytes)
      try flush()
    } else {
      try flush()
      try TokenVaultError.wrap(file: file.write(lengths.bytes.span, at: Int64(lengthsOffset)))
    }
    try TokenVaultError.wrap(file: file.synchronize())
    return log
  }

  /// Makes the first extent of the log.
  private mutating func appendExtent(of log: LogPosition) throws(TokenVaultError) {
    let end = written + Int64(piece.count)
    piece += [UInt8](repeating: 0, count: Int(log.area.start - end))
    piece += log.area.extent(0, snapshotSalt: log.chain.snapshotSalt)
  }

  // MARK: The index

  /// Whether the text so far makes the vault a large one.
  private var isLarge: Bool {
    let start = lengthsOffset + VaultContainer.Lengths.size
    return VaultContainer.isLarge(snapshotEnd: start + MessageLayout.size(sealing: textSize))
  }

  /// Adds a record that begins at an offset of the text to the index, if the vault gets one.
  private mutating func index(_ token: OAuthToken, at offset: Int) throws(TokenVaultError) {
    if index == nil, isLarge { try beginIndex() }
    if index?.add(token, at: offset) == nil { waiting.append((token, offset)) }
  }

  /// Adds a record whose row, which `text` has, is about to be appended behind so many other bytes.
  mutating func index(
    _ row: StoredRow, in text: Span<UInt8>, after bytes: Int
  ) throws(TokenVaultError) {
    if index == nil { try beginIndex() }
    index?.add(row, in: text, at: textSize + bytes)
  }

  private mutating func beginIndex() throws(TokenVaultError) {
    var builder = IndexBuilder(
      try TokenVaultError.wrap(
        crypto: IndexHash(dataKey, header.store, snapshotSalt: sealer.salt)))
    for (token, offset) in waiting { builder.add(token, at: offset) }
    (index, waiting) = (builder, [])
  }

  /// Seals the index behind the snapshot; returns the bytes of its message.
  private mutating func writeIndex(
    _ onPiece: () throws(TokenVaultError) -> Void
  ) throws(TokenVaultError) -> Int {
    if index == nil { try beginIndex() }
    guard let text = index?.finish(textSize: textSize) else { return 0 }
    let key = VaultContainer.indexKey(dataKey, header.store, snapshotSalt: sealer.salt)
    let sealer = try TokenVaultError.wrap(crypto: SealingWriter(key, to: &piece))
    for chunk in 0..<text.chunks {
      try TokenVaultError.wrap(crypto: sealer.append(text.text(ofChunk: chunk).span, to: &piece))
      let before = written
      try flushIfLarge()
      if written > before { try onPiece() }
    }
    let none: [UInt8] = []
    return try TokenVaultError.wrap(crypto: sealer.finish(none.span, to: &piece))
  }
}
