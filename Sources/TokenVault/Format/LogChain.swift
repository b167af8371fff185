package import VaultCrypto

/// The commits behind a vault's snapshot, as far as they have been read or written: what the next one is bound to.
///
/// A commit is a frame and one sealed message. The message is bound to the store, to the salt of the message before
/// it, and to the frame, so that no commit fits at another place or in another vault (`FileFormat`).
package struct LogChain: Sendable {
  /// How many there are.
  package private(set) var count: UInt64 = 0

  private let store: StoreID
  private let contextStart: [UInt8]
  let snapshotSalt: [UInt8]
  /// The salt of the last commit, or of the snapshot where there is none.
  package private(set) var lastSalt: [UInt8]

  /// No commits behind the snapshot that has this salt.
  package init(store: StoreID, snapshotSalt: [UInt8]) {
    (self.store, self.snapshotSalt, lastSalt) = (store, snapshotSalt, snapshotSalt)
    contextStart = Array("tokenvault/1 commit\n\(store.text)\n".utf8)
  }

  /// Seals the text of the next commit; gives the bytes that stand in the file.
  package mutating func seal(
    _ text: Span<UInt8>, _ dataKey: DataKey
  ) throws(CryptoError) -> [UInt8] {
    let frame = try frame(number: count + 1, size: SealedMessage.size(sealing: text.count), dataKey)
    var bytes = frame.bytes
    bytes.reserveCapacity(LogFrame.size + frame.messageSize)
    try SealedMessage.append(
      sealing: text, key: dataKey.secret, context: context(frame, behind: lastSalt), to: &bytes)
    advance(past: bytes.span)
    return bytes
  }

  /// Opens the next commit, of which `bytes` are all; nil where it is not what was sealed.
  package mutating func open(
    _ bytes: Span<UInt8>, _ dataKey: DataKey
  ) throws(CryptoError) -> SecretBytes? {
    guard let frame = LogFrame(bytes), frame.number == count + 1,
      bytes.count == LogFrame.size + frame.messageSize
    else { return nil }
    do throws(CryptoError) {
      let text = try SealedMessage.open(
        bytes.extracting(LogFrame.size..<bytes.count), key: dataKey.secret,
        context: context(frame, behind: lastSalt))
      advance(past: bytes)
      return text
    } catch .notAuthentic {
      return nil
    }
  }

  /// Goes on behind the commit of this number, which has this salt and cannot be opened: for who looks for others behind
  /// it.
  package mutating func skip(behind salt: [UInt8], number: UInt64) {
    (count, lastSalt) = (number, salt)
  }

  /// The frame of a commit that a holder of the data key has sealed behind the message with this salt: its commitment,
  /// which `start` goes up to, tells that, and needs no salt of the snapshot. Nil if it is none.
  package func sealedFrame(
    _ start: Span<UInt8>, behind salt: [UInt8], _ dataKey: DataKey
  ) throws(CryptoError) -> LogFrame? {
    guard let frame = LogFrame(start), start.count >= LogFrame.size + ChunkSalvage.prefixSize
    else { return nil }
    let prefix = start.extracting(
      LogFrame.size..<LogFrame.size + ChunkSalvage.prefixSize)
    let key = SealingKey(dataKey.secret, context: context(frame, behind: salt))
    return try ChunkSalvage.isCommitted(prefix, key) ? frame : nil
  }

  private mutating func advance(past commit: Span<UInt8>) {
    count += 1
    let start = LogFrame.size
    lastSalt = commit.extracting(start..<start + SealedMessage.saltSize).array
  }

  /// Without texts in between: a vault may have tens of thousands of commits, and each is opened.
  private func context(_ frame: LogFrame, behind salt: [UInt8]) -> [UInt8] {
    var context = contextStart
    context.reserveCapacity(context.count + 2 * salt.count + 1 + LogFrame.size)
    Hexadecimal.append(salt, to: &context)
    context.append(UInt8(ascii: "\n"))
    context += frame.bytes
    return context
  }

  /// Whether a frame is that of the next commit, as a holder of the data key wrote it: then its length is no claim.
  package func isNext(_ frame: LogFrame, _ dataKey: DataKey) throws(CryptoError) -> Bool {
    if frame.number != count + 1 { return false }
    return try isOurs(frame, dataKey)
  }

  /// Whether the tag of a frame is right for its number and length.
  func isOurs(_ frame: LogFrame, _ dataKey: DataKey) throws(CryptoError) -> Bool {
    try self.frame(number: frame.number, size: frame.messageSize, dataKey) == frame
  }

  private func frame(
    number: UInt64, size: Int, _ dataKey: DataKey
  ) throws(CryptoError) -> LogFrame {
    try LogFrame(
      number: number, messageSize: size, key: dataKey.secret,
      info: "tokenvault/1 commit frame\n\(store.text)\n\(Hexadecimal.encode(snapshotSalt))\n")
  }
}
