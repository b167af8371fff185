internal import VaultCrypto

/// The log of a new version of a vault, to which the entries of the old version are copied, sealed anew, before it replaces
/// the old one.
///
/// No process sees an entry before the whole file was synchronized, so that each one's flushed mark covers all before it.
struct CopiedLog {
  /// Behind the last entry.
  private(set) var position: LogPosition

  private let file: OpenFile
  private let format: RecordFormat
  private let hash: IndexHash
  private var summary = ExtentSummary()
  /// Sealed entries that are not written yet.
  private var pending: [UInt8] = []

  /// The empty log of a new version that was written as a whole.
  init(
    _ position: LogPosition, _ header: VaultHeader, _ dataKey: DataKey, in file: OpenFile
  ) throws(TokenVaultError) {
    (self.position, self.file, format) = (position, file, header.format)
    hash = try TokenVaultError.wrap(
      crypto: IndexHash(dataKey, header.store, snapshotSalt: position.chain.snapshotSalt))
  }

  /// Adds an entry with this text, to be written by `flush` at the latest.
  mutating func append(_ text: Span<UInt8>) throws(TokenVaultError) {
    if !position.hasRoomInExtent(for: text.count) { try beginExtent() }
    let offset = position.end - position.area.start(ofExtent: position.extent)
    let entry = try TokenVaultError.wrap(
      at: file.path, contents: LogEntry.decode(text, as: format))
    pending += try TokenVaultError.wrap(crypto: position.chain.seal(text))
    position.chain.markFlushed(position.chain.count)
    position.pass(text.count)
    summary.add(
      at: offset, tag: position.chain.lastTag, nextID: entry.nextID, entry.tokens, hash)
  }

  /// Writes all entries, but does not synchronize them.
  mutating func flush() throws(TokenVaultError) {
    if pending.isEmpty { return }
    let start = position.end - Int64(pending.count)
    try TokenVaultError.wrap(file: file.write(pending.span, at: start))
    pending.removeAll(keepingCapacity: true)
  }

  private mutating func beginExtent() throws(TokenVaultError) {
    try flush()
    var text = summary.encode()
    defer { text.cleanse() }
    position.beginNextExtent()
    var extent = position.area.extent(
      position.extent, snapshotSalt: position.chain.snapshotSalt)
    guard position.hasRoomInExtent(for: text.count) else { throw isFull }
    let sealed = try TokenVaultError.wrap(crypto: position.chain.seal(text.span, as: .summary))
    extent.replaceSubrange(LogArea.headSize..<LogArea.headSize + sealed.count, with: sealed)
    try TokenVaultError.wrap(
      file: file.write(extent.span, at: position.area.start(ofExtent: position.extent)))
    position.pass(text.count)
    summary = ExtentSummary(behind: position.chain.lastTag)
  }

  /// The error of a summary that is larger than an extent; no writer makes such a log.
  private var isFull: TokenVaultError {
    .tooLarge(path: file.path, limit: position.area.extentSize)
  }
}
