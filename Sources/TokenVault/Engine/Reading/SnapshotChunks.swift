internal import VaultCrypto

/// Opens the chunks of a snapshot from a version of its file: one after another, or any by its index.
struct SnapshotChunks {
  /// Where the chunks are in the snapshot's message.
  let layout: MessageLayout
  private let parts: VaultContainer.Parts
  private let reader: OpeningReader
  private var window: FileWindow
  /// The index of the chunk that `openNext` opens.
  private var nextChunk = 0

  /// A snapshot of more bytes gets memory for its text only once its last chunk has opened: 16 MiB.
  private static let claimLimit = 1 << 24

  /// Checks the snapshot's length and its key commitment.
  ///
  /// - Parameter window: A window on the file.
  init(
    _ parts: VaultContainer.Parts, _ window: consuming FileWindow, _ dataKey: DataKey
  ) throws(TokenVaultError) {
    self.parts = parts
    let path = window.path
    layout = try TokenVaultError.wrap(parts, at: path, MessageLayout(size: parts.snapshotSize))
    let start = Int64(parts.snapshotStart)
    let prefix = try window.knownRange(MessageLayout.prefixSize, at: start)
    reader = try TokenVaultError.wrap(
      parts, at: path,
      OpeningReader(parts.snapshotKey(dataKey), prefix: window.bytes.span.extracting(prefix)))
    self.window = window
  }

  /// The text of the chunk that was opened last. Let go of it before the next one is opened in its memory.
  var text: [UInt8] { reader.text }

  /// Opens the next chunk, the first one at first; false if there is none.
  mutating func openNext() throws(TokenVaultError) -> Bool {
    if nextChunk > layout.lastChunk { return false }
    try openChunk(at: nextChunk, ahead: true)
    nextChunk += 1
    return true
  }

  /// Opens the chunk with this index; without `ahead`, reads no other.
  ///
  /// - Throws: `TokenVaultError.damaged` if it is not what was sealed there.
  mutating func openChunk(at index: Int, ahead: Bool = false) throws(TokenVaultError) {
    let sealed = try load(index, ahead: ahead)
    try TokenVaultError.wrap(
      parts, at: window.path, reader.open(index, window.bytes.span.extracting(sealed)))
  }

  /// Opens all chunks into one text.
  mutating func wholeText() throws(TokenVaultError) -> SecretBytes {
    if layout.size > Self.claimLimit { try checkSize() }
    var text: SecretBuffer
    text = try TokenVaultError.wrap(crypto: SecretBuffer(count: layout.plaintextSize))
    for index in 0...layout.lastChunk {
      let sealed = try load(index, ahead: true)
      try TokenVaultError.wrap(
        parts, at: window.path,
        reader.open(index, window.bytes.span.extracting(sealed), into: &text))
    }
    return text.finish()
  }

  /// Proves from the last chunk that the snapshot has the size that the file claims: no other chunk is as short, and each
  /// opens at its own place only. So a length that was changed takes no memory.
  ///
  /// If the last chunk is not authentic, opens all in the memory of one, to throw the first that is wrong.
  private mutating func checkSize() throws(TokenVaultError) {
    do { try openChunk(at: layout.lastChunk) } catch .damaged(let path, let place) {
      while try openNext() {}
      throw .damaged(path: path, place: place)
    }
  }

  /// Where in the window the sealed chunk is.
  private mutating func load(_ index: Int, ahead: Bool) throws(TokenVaultError) -> Range<Int> {
    let range = layout.range(ofChunk: index)
    let offset = Int64(parts.snapshotStart + range.lowerBound)
    return try window.knownRange(range.count, at: offset, ahead: ahead)
  }
}

extension TokenVaultError {
  /// For the snapshot's message in the vault at `path`.
  fileprivate static func wrap<Value>(
    _ parts: VaultContainer.Parts, at path: String,
    _ work: @autoclosure () throws(CryptoError) -> Value
  ) throws(TokenVaultError) -> Value {
    try Result(catching: work).mapError { error in
      let error = FormatError(error) { reason in
        .snapshot(offset: parts.snapshotStart + MessageLayout.offset(of: reason))
      }
      return TokenVaultError(error, path: path)
    }.get()
  }
}
