internal import VaultCrypto

/// The log entries behind a vault's snapshot, as far as they were read or written: what the next one is bound to.
///
/// Each entry is sealed by XAES-256-GCM under one key for this snapshot, and carries the tag of the one before: it opens by
/// itself, and counts only behind that one (see FileFormat).
struct LogChain: Sendable {
  /// The number of entries.
  private(set) var count: UInt64 = 0
  /// The entries up to this number are known to be on the disk.
  private(set) var flushed: UInt64 = 0
  /// The tag of the last entry or summary; zeros if there is none.
  private(set) var lastTag = [UInt8](repeating: 0, count: LogFrame.tagSize)
  /// The salt of the snapshot.
  let snapshotSalt: [UInt8]

  private let key: LogKey

  /// No entries behind the snapshot with this salt. Use it only once the snapshot's commitment was checked: the entries do
  /// not commit to their key.
  init(_ store: StoreID, snapshotSalt: [UInt8], _ dataKey: DataKey) {
    self.snapshotSalt = snapshotSalt
    key = LogKey(store, snapshotSalt: snapshotSalt, dataKey)
  }

  /// What distinguishes the vault with the last entry from all other versions of its store; see ``SeenGeneration``.
  var version: [UInt8] {
    if count == 0 { return snapshotSalt }
    return lastTag + [UInt8](repeating: 0, count: max(0, snapshotSalt.count - lastTag.count))
  }

  /// Seals the text of the next entry, or of a summary.
  ///
  /// - Returns: The bytes in the file, with zeros up to where the next frame begins.
  mutating func seal(
    _ text: Span<UInt8>, as kind: LogFrame.Kind = .entry
  ) throws(CryptoError) -> [UInt8] {
    let frame = LogFrame(
      kind, textSize: text.count, number: kind == .entry ? count + 1 : count, flushed: flushed,
      tagBefore: lastTag, nonce: try RandomBytes.make(count: XAES256GCM.nonceSize))
    let bound = frame.associatedData
    var bytes: [UInt8] = []
    let room = Int(LogFrame.room(sealing: text.count))
    bytes.reserveCapacity(room)
    bytes += bound
    bytes += frame.nonce
    try key.cipher().seal(text, nonce: frame.nonce.span, associatedData: bound, to: &bytes)
    advance(past: frame, bytes.span)
    bytes += [UInt8](repeating: 0, count: room - bytes.count)
    return bytes
  }

  /// Whether a frame is that of the next entry, or of a summary that follows the last one.
  func isNext(_ frame: LogFrame) -> Bool {
    frame.number == (frame.kind == .entry ? count + 1 : count) && frame.tagBefore == lastTag
  }

  /// Opens the next entry, or a summary, which `bytes` are; nil if it is not authentic.
  mutating func open(
    _ frame: LogFrame, _ bytes: Span<UInt8>
  ) throws(CryptoError) -> SecretBytes? {
    guard isNext(frame), let text = try openAnywhere(frame, bytes) else { return nil }
    advance(past: frame, bytes)
    return text
  }

  /// Opens an entry whatever is before it; nil if it is not authentic.
  func openAnywhere(
    _ frame: LogFrame, _ bytes: Span<UInt8>
  ) throws(CryptoError) -> SecretBytes? {
    guard bytes.count == frame.entrySize else { return nil }
    do throws(CryptoError) {
      return try key.cipher().open(
        bytes.extracting(LogFrame.size...), nonce: frame.nonce.span,
        associatedData: frame.associatedData)
    } catch .notAuthentic {
      return nil
    }
  }

  /// Goes on behind an entry that was opened, and perhaps others that were not.
  mutating func advance(past frame: LogFrame, _ bytes: Span<UInt8>) {
    count = frame.number
    lastTag = bytes.extracting(frame.entrySize - LogFrame.tagSize..<frame.entrySize).array
    markFlushed(frame.flushed)
  }

  /// Marks the entries up to this number as on the disk.
  mutating func markFlushed(_ number: UInt64) { flushed = max(flushed, min(number, count)) }
}
