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
  private let draft: ExtentDraft
  /// Sealed entries that are not written yet.
  private var pending: [UInt8] = []

  /// The empty log of a new version that was written as a whole.
  init(
    _ position: LogPosition, _ header: VaultHeader, _ dataKey: DataKey, in file: OpenFile
  ) throws(TokenVaultError) {
    (self.position, self.file, format) = (position, file, header.format)
    draft = try TokenVaultError.wrap(crypto: ExtentDraft(position, header, dataKey))
  }

  /// Adds an entry with this text, to be written by `flush` at the latest.
  mutating func append(_ text: Span<UInt8>) throws(TokenVaultError) {
    if !position.hasRoomInExtent(for: text.count) { try beginExtent() }
    let entry = try TokenVaultError.wrap(
      at: file.path, contents: LogEntry.decode(text, as: format))
    let tagBefore = position.chain.lastTag
    pending += try TokenVaultError.wrap(crypto: position.chain.seal(text))
    position.chain.markFlushed(position.chain.count)
    position.pass(text.count)
    draft.add(entry, text.count, behind: tagBefore, endOf: position)
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
    var text = draft.text(of: position) ?? []
    defer { text.cleanse() }
    let extent = try TokenVaultError.wrap(crypto: position.nextExtent(text.span))
    guard let extent, !text.isEmpty else { throw isFull }
    let start = position.area.end(ofExtent: position.extent)
    try TokenVaultError.wrap(file: file.write(extent.bytes.span, at: start))
    position = extent.position
    draft.begin(behind: position)
  }

  /// The error of a summary that is larger than an extent; no writer makes such a log.
  private var isFull: TokenVaultError {
    .tooLarge(path: file.path, limit: position.area.extentSize)
  }
}
