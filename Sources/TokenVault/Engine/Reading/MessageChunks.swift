internal import VaultCrypto

/// Opens the chunks of a vault's snapshot or index from a version of its file: one after another, or any by its number.
final class MessageChunks {
  /// Which message of the vault.
  enum Message { case snapshot, index }

  /// Where the chunks are in the message.
  let layout: MessageLayout
  /// What opens the chunks.
  let key: OpeningKey
  /// The message's salt.
  var salt: [UInt8] { key.salt }

  private let message: Message
  /// Where the message begins, in bytes of the file.
  private let start: Int
  private let reader: OpeningReader
  private var window: FileWindow
  /// The chunk whose text is open.
  private var opened: Int?
  /// The index of the chunk that `openNext` opens.
  private(set) var nextChunk = 0

  /// Checks the length of a message, and its key commitment.
  ///
  /// - Parameters:
  ///   - window: A window on the file.
  ///   - known: What opens the message, if its commitment was checked before.
  private init(
    _ message: Message, at start: Int, size: Int, _ window: consuming FileWindow,
    known: OpeningKey?, _ key: @autoclosure () -> MessageKey
  ) throws(TokenVaultError) {
    (self.message, self.start) = (message, start)
    let path = window.path
    layout = try TokenVaultError.wrap(message, at: start, path, MessageLayout(size: size))
    if let known {
      self.key = known
    } else {
      // With the first chunk, which is opened next.
      let range = try window.knownRange(
        layout.range(ofChunk: 0).upperBound, at: Int64(start), ahead: false)
      let (messageKey, prefix) = (key(), window.bytes.span.extracting(range))
      self.key = try TokenVaultError.wrap(
        message, at: start, path, OpeningKey(messageKey, prefix: prefix))
    }
    let opening = self.key
    reader = try TokenVaultError.wrap(crypto: OpeningReader(opening))
    self.window = window
  }

  /// The chunks of the snapshot.
  convenience init(
    snapshotOf parts: VaultContainer.Parts, _ window: consuming FileWindow, _ dataKey: DataKey,
    known: OpeningKey? = nil
  ) throws(TokenVaultError) {
    try self.init(
      .snapshot, at: parts.snapshotStart, size: parts.lengths.snapshot, window, known: known,
      parts.snapshotKey(dataKey))
  }

  /// The chunks of the index behind a snapshot, whose commitment was checked.
  convenience init(
    indexOf parts: VaultContainer.Parts, _ snapshot: MessageChunks, _ dataKey: DataKey,
    known: OpeningKey? = nil
  ) throws(TokenVaultError) {
    try self.init(
      .index, at: parts.snapshotEnd, size: parts.lengths.index, snapshot.window, known: known,
      VaultContainer.indexKey(dataKey, parts.header.store, snapshotSalt: snapshot.salt))
  }

  /// The path of the file.
  var path: String { window.path }
  /// The text of the chunk that was opened last. Let go of it before the next one is opened in its memory.
  var text: [UInt8] { reader.text }

  /// Opens the next chunk, the first one at first; false if there is none.
  func openNext() throws(TokenVaultError) -> Bool {
    if nextChunk > layout.lastChunk { return false }
    try openChunk(at: nextChunk, ahead: true)
    nextChunk += 1
    return true
  }

  /// Opens the chunk with this index, unless it is open; without `ahead`, reads no other.
  ///
  /// - Throws: `TokenVaultError.damaged` if it is not what was sealed there.
  func openChunk(at index: Int, ahead: Bool = false) throws(TokenVaultError) {
    if opened == index { return }
    opened = nil
    let range = layout.range(ofChunk: index)
    let sealed = try window.knownRange(
      range.count, at: Int64(start + range.lowerBound), ahead: ahead)
    let bytes = window.bytes
    try TokenVaultError.wrap(
      message, at: start, path, reader.open(index, bytes.span.extracting(sealed)))
    opened = index
  }
}

extension TokenVaultError {
  /// For a message that begins at an offset of the vault at `path`.
  fileprivate static func wrap<Value>(
    _ message: MessageChunks.Message, at start: Int, _ path: String,
    _ work: @autoclosure () throws(CryptoError) -> Value
  ) throws(TokenVaultError) -> Value {
    try Result(catching: work).mapError { error in
      let error = FormatError(error) { reason in
        let offset = start + MessageLayout.offset(of: reason)
        return message == .snapshot ? .snapshot(offset: offset) : .index(offset: offset)
      }
      return TokenVaultError(error, path: path)
    }.get()
  }
}
