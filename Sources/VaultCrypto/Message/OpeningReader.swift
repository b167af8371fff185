/// Opens the chunks of one message (see ``MessageLayout``), in any order.
///
/// Every chunk is authentic by itself: its tag tells that it was sealed at its place, under this key and in this
/// context. Nothing of a chunk is released before its tag is checked.
package final class OpeningReader {
  /// The plaintext of the chunk that was opened last; zeros after a chunk that is not authentic.
  ///
  /// Let go of it before the next chunk is opened: it is opened in the same memory, which is cleansed at the end.
  package private(set) var text: [UInt8] = []
  private let cipher: AESGCM

  /// Begins with the key of a message whose commitment was checked.
  package init(_ key: OpeningKey) throws(CryptoError) { cipher = try key.cipher() }

  /// Begins with the message's prefix: its salt and commitment.
  ///
  /// - Throws: `CryptoError.notAuthentic(.commitment)` if the message was not sealed under this key in this context.
  package convenience init(_ key: MessageKey, prefix: Span<UInt8>) throws(CryptoError) {
    try self.init(OpeningKey(key, prefix: prefix))
  }

  /// Begins without a look at the commitment: for a damaged message.
  ///
  /// The commitment guards against a message that opens under two keys, which only a holder of both can make. A reader
  /// that has found the one key of a vault by other means does not depend on it.
  package init(_ key: MessageKey, salt: [UInt8]) throws(CryptoError) {
    cipher = try DerivedKeys(key, salt: salt).cipher(.open)
  }

  deinit { text.cleanse() }

  /// Opens a whole message that is in memory.
  ///
  /// - Throws: `CryptoError.notAuthentic` with the first check that failed.
  package static func open(
    _ message: Span<UInt8>, _ key: MessageKey
  ) throws(CryptoError) -> SecretBytes {
    let layout = try MessageLayout(size: message.count)
    let reader = try OpeningReader(key, prefix: message)
    var text = try SecretBuffer(count: layout.plaintextSize)
    for index in 0...layout.lastChunk {
      try reader.open(index, message.extracting(layout.range(ofChunk: index)), into: &text)
    }
    return text.finish()
  }

  /// Opens a sealed chunk into `text`.
  ///
  /// - Throws: `CryptoError.notAuthentic(.chunk)` if it is not the chunk with this index.
  package func open(_ index: Int, _ sealed: Span<UInt8>) throws(CryptoError) {
    resizeText(to: try Self.textSize(index, sealed))
    do throws(CryptoError) {
      unsafe try text.withMutableMemory { (room) throws(CryptoError) in
        unsafe try cipher.open(chunk: index, sealed, to: room)
      }
    } catch {
      text.cleanse()
      throw error
    }
  }

  /// The same for a chunk that may be damaged; false if it is not authentic.
  package func opens(_ index: Int, _ sealed: Span<UInt8>) throws(CryptoError) -> Bool {
    do { try open(index, sealed) } catch .notAuthentic { return false }
    return true
  }

  /// Opens a sealed chunk into its place in the memory of the whole plaintext.
  ///
  /// - Throws: `CryptoError.notAuthentic(.chunk)` if it is not the chunk with this index.
  package func open(
    _ index: Int, _ sealed: Span<UInt8>, into text: inout SecretBuffer
  ) throws(CryptoError) {
    let start = index * MessageLayout.chunkSize
    let size = try Self.textSize(index, sealed)
    guard start + size <= text.count else { throw .notAuthentic(.length) }
    unsafe try text.fill(start..<start + size) { (room) throws(CryptoError) in
      unsafe try cipher.open(chunk: index, sealed, to: room)
    }
  }

  private static func textSize(_ index: Int, _ sealed: Span<UInt8>) throws(CryptoError) -> Int {
    guard (MessageLayout.tagSize...MessageLayout.sealedChunkSize).contains(sealed.count) else {
      throw .notAuthentic(.chunk(index))
    }
    return sealed.count - MessageLayout.tagSize
  }

  private func resizeText(to count: Int) {
    if text.count == count { return }
    text.cleanse()
    text = [UInt8](repeating: 0, count: count)
  }
}
