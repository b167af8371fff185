package import VaultCrypto

/// The commits behind a vault's snapshot, as far as they have been read or written: what the next one is bound to.
///
/// A commit is a frame and one sealed message. The message is bound to the store, to the salt of the message before
/// it, and to the frame, so that no commit fits at another place or in another vault (`FileFormat`).
package struct CommitChain: Sendable {
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
    bytes.reserveCapacity(CommitFrame.size + frame.messageSize)
    try SealedMessage.append(
      sealing: text, key: dataKey.secret, context: context(frame), to: &bytes)
    advance(past: bytes.span)
    return bytes
  }

  /// Opens the next commit, of which `bytes` are all; nil where it is not what was sealed.
  package mutating func open(
    _ bytes: Span<UInt8>, _ dataKey: DataKey
  ) throws(CryptoError) -> SecretBytes? {
    guard let frame = CommitFrame(bytes), frame.number == count + 1,
      bytes.count == CommitFrame.size + frame.messageSize
    else { return nil }
    do throws(CryptoError) {
      let text = try SealedMessage.open(
        bytes.extracting(CommitFrame.size..<bytes.count), key: dataKey.secret,
        context: context(frame))
      advance(past: bytes)
      return text
    } catch .notAuthentic {
      return nil
    }
  }

  /// Goes on behind what must be the commit of this number, which cannot be opened: for who looks for others behind it.
  package mutating func skip(_ commit: Span<UInt8>, number: UInt64) {
    count = number
    let end = min(CommitFrame.size + SealedMessage.saltSize, commit.count)
    lastSalt = commit.extracting(min(CommitFrame.size, end)..<end).array
  }

  private mutating func advance(past commit: Span<UInt8>) {
    count += 1
    let start = CommitFrame.size
    lastSalt = commit.extracting(start..<start + SealedMessage.saltSize).array
  }

  /// Without texts in between: a vault may have tens of thousands of commits, and each is opened.
  private func context(_ frame: CommitFrame) -> [UInt8] {
    var context = contextStart
    context.reserveCapacity(context.count + 2 * lastSalt.count + 1 + CommitFrame.size)
    Hexadecimal.append(lastSalt, to: &context)
    context.append(UInt8(ascii: "\n"))
    context += frame.bytes
    return context
  }

  // MARK: What was never acknowledged

  /// Whether `tail`, which is all that the file has behind the last commit and does not begin with one, was left by
  /// a write that never came to its end: it ends early, or has a run of 16 or more zero bytes, which the file system
  /// had allocated and nobody has written.
  ///
  /// Where the frame says that the commit is all there, and more behind it, or a later commit is there, it was
  /// acknowledged, and is damaged.
  package func isTorn(_ tail: Span<UInt8>, _ dataKey: DataKey) throws(CryptoError) -> Bool {
    var check = TornWriteCheck(self, tailSize: tail.count, dataKey)
    try check.add(tail)
    return try check.isTorn()
  }

  /// What comes of looking for the frame of a later commit.
  package enum FrameSearch {
    /// Its frame, and where that begins.
    case found(CommitFrame, offset: Int)
    case none
    /// So much looks like a frame and is none that somebody has put it there.
    case tooManyAttempts
  }

  /// Looks for the first frame of a later commit at or after `start`.
  package func nextFrame(
    in tail: Span<UInt8>, from start: Int, _ dataKey: DataKey
  ) throws(CryptoError) -> FrameSearch {
    var scan = FrameScan(self, tailSize: tail.count, dataKey)
    return try scan.search(tail, from: start)
  }

  /// Whether a frame is that of the next commit, as a holder of the data key wrote it: then its length is no claim.
  package func isNext(_ frame: CommitFrame, _ dataKey: DataKey) throws(CryptoError) -> Bool {
    if frame.number != count + 1 { return false }
    return try isOurs(frame, dataKey)
  }

  /// Whether the tag of a frame is right for its number and length.
  func isOurs(_ frame: CommitFrame, _ dataKey: DataKey) throws(CryptoError) -> Bool {
    try self.frame(number: frame.number, size: frame.messageSize, dataKey) == frame
  }

  private func frame(
    number: UInt64, size: Int, _ dataKey: DataKey
  ) throws(CryptoError) -> CommitFrame {
    try CommitFrame(
      number: number, messageSize: size, key: dataKey.secret,
      info: "tokenvault/1 commit frame\n\(store.text)\n\(Hexadecimal.encode(snapshotSalt))\n")
  }
}
