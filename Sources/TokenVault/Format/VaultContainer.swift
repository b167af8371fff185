package import VaultCrypto

/// A vault as bytes: the header, then the length of the snapshot and the snapshot, sealed under the data key and bound
/// to the header; behind that, commits (see `LogChain`).
package enum VaultContainer {
  /// What a file says before any key has opened it.
  package struct Parts: Sendable {
    /// The header.
    package let header: VaultHeader
    /// The header's bytes, to which the snapshot is bound.
    let headerBytes: [UInt8]
    /// Bytes of the snapshot's sealed message.
    package let snapshotSize: Int
    /// Whether the header and the length are as they must be; false only where that is no error.
    package var isWhole = true
    /// Where the snapshot's sealed message begins, in bytes; its length stands in the 8 bytes before.
    package var snapshotStart: Int { headerBytes.count + lengthSize }
    /// Where the commits begin, in bytes.
    package var snapshotEnd: Int { snapshotStart + snapshotSize }
  }

  /// A vault whose snapshot ends within so many bytes has no commits: at each save, it is replaced. 64 KiB.
  package static let replaceLimit = 65_536

  /// How much of a file's beginning `parse` needs to see, in bytes.
  package static var startSize: Int { VaultHeader.sizeLimit + lengthSize }
  /// Bytes of the length before a snapshot.
  static let lengthSize = 8

  /// Reads the parts of a vault of `size` bytes from its beginning, and refuses one that is shorter than it
  /// says, or longer where it can have no commits.
  package static func parse(
    _ start: Span<UInt8>, size: Int64
  ) throws(FormatError) -> Parts {
    let (header, headerSize) = try VaultHeader.decode(start)
    let actual = UInt64(max(0, size))
    guard start.count >= headerSize + lengthSize else {
      throw .length(expected: UInt64(headerSize + lengthSize), actual: actual)
    }
    let length = word(start.extracting(headerSize..<headerSize + lengthSize))
    let (expected, overflow) = length.addingReportingOverflow(UInt64(headerSize + lengthSize))
    let hasCommits = expected > UInt64(replaceLimit)
    guard !overflow, expected == actual || hasCommits && expected < actual,
      let snapshotSize = Int(exactly: length)
    else {
      throw .length(expected: expected, actual: actual)
    }
    return Parts(
      header: header, headerBytes: start.extracting(0..<headerSize).array,
      snapshotSize: snapshotSize)
  }

  /// The same of a vault that may be damaged: one byte of the header may be another, and the length may be wrong.
  package static func parse(
    damaged start: Span<UInt8>, size: Int64
  ) throws(FormatError) -> Parts {
    do { return try parse(start, size: size) } catch {
      let (header, bytes) = try VaultHeader.decode(damaged: start)
      let rest = max(0, size - Int64(bytes.count + lengthSize))
      return Parts(
        header: header, headerBytes: bytes, snapshotSize: Int(clamping: rest), isWhole: false)
    }
  }

  /// What the length before a snapshot says; nil if no message can be so long.
  static func claimedSize(_ length: Span<UInt8>) -> Int? {
    Int(exactly: word(length)).flatMap { size in
      (SealedMessage.size(sealing: 0)...(1 << 30)).contains(size) ? size : nil
    }
  }

  private static func word(_ bytes: Span<UInt8>) -> UInt64 {
    var word: UInt64 = 0
    for place in bytes.indices { word = word << 8 | UInt64(bytes[place]) }
    return word
  }

  /// Opens the data key with a slot's key.
  package static func dataKey(
    of header: VaultHeader, with key: SlotKey
  ) throws(FormatError) -> (slot: KeySlot, dataKey: DataKey) {
    guard let slot = header.slot(openedBy: key.id) else {
      throw .wrongKey(given: key.id, slots: header.slots.map(\.keyID))
    }
    do {
      let dataKey = try slot.unwrap(
        with: key, store: header.store, dataKeyID: header.dataKeyID)
      return (slot, dataKey)
    } catch .notAuthentic {
      throw .slot(name: slot.name)
    } catch {
      throw .crypto(error)
    }
  }

  /// Opens the records, in the header's format, from the snapshot's sealed message, which `read` fills arrays with, and
  /// `readEnd` one with its last bytes; nil where either gave false because there is not so much.
  ///
  /// The length of a snapshot stands in the file as anyone can write it: no memory is taken for a long one before it is
  /// shown to be right.
  package static func open(
    _ parts: Parts, _ dataKey: DataKey, read: (inout [UInt8]) -> Bool,
    readEnd: (inout [UInt8]) -> Bool
  ) throws(FormatError) -> SecretBytes? {
    do {
      return try SealedMessage.open(
        size: parts.snapshotSize,
        under: SealingKey(dataKey.secret, context: context(parts.headerBytes)), read: read,
        readEnd: readEnd)
    } catch .notAuthentic(let reason) {
      throw .snapshot(offset: parts.snapshotStart + SealedMessage.offset(of: reason))
    } catch {
      throw .crypto(error)
    }
  }

  /// Seals the records of a vault again, under another header and data key, and puts the new vault out in
  /// pieces.
  ///
  /// `read` fills the array with the next bytes of the snapshot, and says false where there are not so many;
  /// `records` sees the text in pieces; `output` says false to stop. This gives false back where one of them
  /// did.
  package static func reseal(
    _ parts: Parts, from old: DataKey, to header: VaultHeader, _ new: DataKey,
    read: (inout [UInt8]) -> Bool, records: (Span<UInt8>) -> Void,
    output: (Span<UInt8>) -> Bool
  ) throws(FormatError) -> Bool {
    do {
      let headerBytes = try header.encode()
      guard output((headerBytes + lengthBytes(parts.snapshotSize)).span) else { return false }
      return try SealedMessage.reseal(
        size: parts.snapshotSize, from: SealingKey(old.secret, context: context(parts.headerBytes)),
        to: SealingKey(new.secret, context: context(headerBytes)), read: read,
        plaintext: records, output: output)
    } catch .notAuthentic(let reason) {
      throw .snapshot(offset: parts.snapshotStart + SealedMessage.offset(of: reason))
    } catch {
      throw .crypto(error)
    }
  }

  /// Opens all records, and lends their text in pieces; false from `records` stops it. `read` as with `reseal`.
  package static func open(
    _ parts: Parts, _ dataKey: DataKey, read: (inout [UInt8]) -> Bool,
    records: (Span<UInt8>) -> Bool
  ) throws(FormatError) -> Bool {
    do {
      return try SealedMessage.open(
        size: parts.snapshotSize,
        under: SealingKey(dataKey.secret, context: context(parts.headerBytes)), read: read,
        plaintext: records)
    } catch .notAuthentic(let reason) {
      throw .snapshot(offset: parts.snapshotStart + SealedMessage.offset(of: reason))
    } catch {
      throw .crypto(error)
    }
  }

  /// What a vault's file begins with, up to the snapshot's salt, which no other snapshot has.
  package static func start(
    _ header: VaultHeader, _ chain: LogChain, snapshotSize: Int
  ) throws(CryptoError) -> [UInt8] {
    try header.encode() + lengthBytes(snapshotSize) + chain.snapshotSalt
  }

  /// A length as it stands before the snapshot.
  static func lengthBytes(_ length: Int) -> [UInt8] {
    (0..<lengthSize).map { UInt8(truncatingIfNeeded: length >> (56 - 8 * $0)) }
  }

  /// What a snapshot is bound to: its header.
  static func context(_ header: [UInt8]) -> [UInt8] {
    Array("tokenvault/1 snapshot\n".utf8) + header
  }
}
