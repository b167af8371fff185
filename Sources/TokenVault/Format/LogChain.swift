internal import VaultCrypto

/// The log entries behind a vault's snapshot, as far as they were read or written: what the next one is bound to.
///
/// An entry is a frame and one sealed message. The message is bound to the store, to the salt of the message before it,
/// and to the frame, so that no entry fits at another place or in another vault (see FileFormat).
struct LogChain: Sendable {
  private(set) var count: UInt64 = 0

  private let store: StoreID
  private let contextStart: [UInt8]
  let snapshotSalt: [UInt8]
  /// The salt of the last entry, or of the snapshot if there is none.
  private(set) var lastSalt: [UInt8]

  /// No entries behind the snapshot with this salt.
  init(store: StoreID, snapshotSalt: [UInt8]) {
    (self.store, self.snapshotSalt, lastSalt) = (store, snapshotSalt, snapshotSalt)
    contextStart = Array("tokenvault/1 commit\n\(store.text)\n".utf8)
  }

  /// Seals the text of the next entry.
  ///
  /// - Returns: The entry's bytes in the file.
  mutating func seal(
    _ text: Span<UInt8>, _ dataKey: DataKey
  ) throws(CryptoError) -> [UInt8] {
    let size = MessageLayout.size(sealing: text.count)
    let frame = try frame(number: count + 1, size: size, dataKey)
    var bytes = frame.bytes
    bytes.reserveCapacity(frame.entrySize)
    try SealingWriter.seal(text, key(frame, behind: lastSalt, dataKey), to: &bytes)
    advance(past: bytes.span)
    return bytes
  }

  /// Opens the next entry, which `bytes` are; nil if it is not authentic.
  mutating func open(
    _ bytes: Span<UInt8>, _ dataKey: DataKey
  ) throws(CryptoError) -> SecretBytes? {
    guard let frame = LogFrame(bytes), frame.number == count + 1, bytes.count == frame.entrySize
    else { return nil }
    do throws(CryptoError) {
      let text = try OpeningReader.open(
        bytes.extracting(LogFrame.size...), key(frame, behind: lastSalt, dataKey))
      advance(past: bytes)
      return text
    } catch .notAuthentic {
      return nil
    }
  }

  /// Passes over the entry with this number and salt, which cannot be opened, to go on with those behind it.
  mutating func skip(behind salt: [UInt8], number: UInt64) {
    (count, lastSalt) = (number, salt)
  }

  /// The frame at the start of an entry, if a holder of the DEK sealed the entry behind the message with this salt. The
  /// entry's key commitment proves that, so the snapshot's salt is not needed.
  ///
  /// - Returns: Nil if it does not match, or `start` ends before the commitment does.
  func sealedFrame(
    _ start: Span<UInt8>, behind salt: [UInt8], _ dataKey: DataKey
  ) throws(CryptoError) -> LogFrame? {
    let end = LogFrame.size + MessageLayout.prefixSize
    guard let frame = LogFrame(start), start.count >= end else { return nil }
    let isSealed = try key(frame, behind: salt, dataKey)
      .matchesCommitment(start.extracting(LogFrame.size..<end))
    return isSealed ? frame : nil
  }

  /// Whether this is the frame of the next entry, written by a holder of the DEK: then its length can be trusted.
  func isNext(_ frame: LogFrame, _ dataKey: DataKey) throws(CryptoError) -> Bool {
    if frame.number != count + 1 { return false }
    return try hasRightTag(frame, dataKey)
  }

  /// Whether the tag of a frame is right for its number and length.
  func hasRightTag(_ frame: LogFrame, _ dataKey: DataKey) throws(CryptoError) -> Bool {
    try self.frame(number: frame.number, size: frame.messageSize, dataKey) == frame
  }

  private mutating func advance(past entry: Span<UInt8>) {
    count += 1
    lastSalt = entry.extracting(LogFrame.size...).extracting(..<MessageLayout.saltSize).array
  }

  /// The key of an entry, bound to its place. Built from bytes, not strings: a vault may have tens of thousands of
  /// entries, and each is opened.
  private func key(_ frame: LogFrame, behind salt: [UInt8], _ dataKey: DataKey) -> MessageKey {
    var context = contextStart
    context.reserveCapacity(context.count + 2 * salt.count + 1 + LogFrame.size)
    Hexadecimal.append(salt, to: &context)
    context.append(UInt8(ascii: "\n"))
    context += frame.bytes
    return MessageKey(dataKey.secret, context: context)
  }

  private func frame(
    number: UInt64, size: Int, _ dataKey: DataKey
  ) throws(CryptoError) -> LogFrame {
    try LogFrame(
      number: number, messageSize: size, key: dataKey.secret,
      info: "tokenvault/1 commit frame\n\(store.text)\n\(Hexadecimal.encode(snapshotSalt))\n")
  }
}
