internal import VaultCrypto

/// Opens the chunks of a snapshot from a version of its file: one after another, or any by its index.
struct SnapshotChunks {
  /// Where the chunks are in the snapshot's message.
  let layout: MessageLayout
  private let parts: VaultContainer.Parts
  private let path: String
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
    _ parts: VaultContainer.Parts, _ window: consuming FileWindow, path: String,
    _ dataKey: DataKey
  ) throws(TokenVaultError) {
    (self.parts, self.path) = (parts, path)
    do { layout = try MessageLayout(size: parts.snapshotSize) } catch {
      throw TokenVaultError(error, in: parts, path: path)
    }
    let start = Int64(parts.snapshotStart)
    guard let prefix = try window.range(MessageLayout.prefixSize, at: start) else {
      throw TokenVaultError(FileError.cut(path))
    }
    do {
      reader = try OpeningReader(
        parts.snapshotKey(dataKey), prefix: window.bytes.span.extracting(prefix))
    } catch {
      throw TokenVaultError(error, in: parts, path: path)
    }
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

  /// Opens the chunk with this index, and reads no other.
  ///
  /// - Throws: `TokenVaultError.damaged` if it is not what was sealed there.
  mutating func openChunk(at index: Int) throws(TokenVaultError) {
    try openChunk(at: index, ahead: false)
  }

  private mutating func openChunk(at index: Int, ahead: Bool) throws(TokenVaultError) {
    let sealed = try load(index, ahead: ahead)
    do { try reader.open(index, window.bytes.span.extracting(sealed)) } catch {
      throw TokenVaultError(error, in: parts, path: path)
    }
  }

  /// Opens all chunks into one text.
  mutating func wholeText() throws(TokenVaultError) -> SecretBytes {
    if layout.size > Self.claimLimit { try checkSize() }
    var text: SecretBuffer
    text = try TokenVaultError.wrap(crypto: SecretBuffer(count: layout.plaintextSize))
    for index in 0...layout.lastChunk {
      let sealed = try load(index, ahead: true)
      do { try reader.open(index, window.bytes.span.extracting(sealed), into: &text) } catch {
        throw TokenVaultError(error, in: parts, path: path)
      }
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
    guard let place = try window.range(range.count, at: offset, ahead: ahead) else {
      throw TokenVaultError(FileError.cut(path))
    }
    return place
  }
}

extension TokenVaultError {
  /// Why the snapshot of the vault at `path` does not open.
  fileprivate init(_ error: CryptoError, in parts: VaultContainer.Parts, path: String) {
    self.init(FormatError(error, in: parts), path: path)
  }
}
