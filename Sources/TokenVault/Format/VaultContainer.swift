internal import VaultCrypto

/// A vault as bytes: the header, the length of the snapshot, the snapshot sealed under the DEK and bound to the header,
/// and behind that the log (see ``LogChain``).
enum VaultContainer {
  /// What a file says before any key has opened it.
  struct Parts: Sendable {
    let header: VaultHeader
    /// The header's bytes, to which the snapshot is bound.
    let headerBytes: [UInt8]
    /// Bytes of the snapshot's sealed message.
    let snapshotSize: Int
    /// Whether header and length are sound; false only for a vault that may be damaged.
    var isWhole = true
    /// Where the snapshot's sealed message begins, in bytes; its length stands in the 8 bytes before.
    var snapshotStart: Int { headerBytes.count + lengthSize }
    /// Where the log begins, in bytes.
    var snapshotEnd: Int { snapshotStart + snapshotSize }

    func snapshotKey(_ dataKey: DataKey) -> MessageKey {
      VaultContainer.snapshotKey(dataKey, headerBytes)
    }
  }

  /// Whether a vault whose snapshot ends here, in bytes of the file, is large: saves append to its log. Behind one that
  /// ends within 64 KiB is no log; each save replaces the file.
  static func isLarge(snapshotEnd end: some BinaryInteger) -> Bool { end > 65_536 }

  /// How many bytes of a file's beginning `parse` needs to see.
  static var startSize: Int { VaultHeader.sizeLimit + lengthSize }
  /// Bytes of the length before a snapshot.
  static let lengthSize = 8

  /// Reads the parts of a vault from its beginning.
  ///
  /// - Parameters:
  ///   - start: The first ``startSize`` bytes, or all.
  ///   - size: The bytes of the file.
  /// - Throws: `FormatError.length` if the file is shorter than its parts, or longer and too small for a log; the other
  ///   cases if the header is not sound.
  static func parse(
    _ start: Span<UInt8>, size: Int64
  ) throws(FormatError) -> Parts {
    let (header, headerSize) = try VaultHeader.decode(start)
    let actual = UInt64(max(0, size))
    guard start.count >= headerSize + lengthSize else {
      throw .length(expected: UInt64(headerSize + lengthSize), actual: actual)
    }
    let length = start.word(at: headerSize)
    let (expected, overflow) = length.addingReportingOverflow(UInt64(headerSize + lengthSize))
    guard !overflow, expected == actual || isLarge(snapshotEnd: expected) && expected < actual,
      let snapshotSize = Int(exactly: length)
    else {
      throw .length(expected: expected, actual: actual)
    }
    return Parts(
      header: header, headerBytes: start.extracting(..<headerSize).array,
      snapshotSize: snapshotSize)
  }

  /// Reads the parts of a vault that may be damaged: one byte of the header, and the length, may be wrong.
  static func parse(
    damaged start: Span<UInt8>, size: Int64
  ) throws(FormatError) -> Parts {
    do { return try parse(start, size: size) } catch {
      let (header, bytes) = try VaultHeader.decode(damaged: start)
      let rest = max(0, size - Int64(bytes.count + lengthSize))
      return Parts(
        header: header, headerBytes: bytes, snapshotSize: Int(clamping: rest), isWhole: false)
    }
  }

  /// Unwraps the DEK with the KEK of one of the header's slots.
  ///
  /// - Throws: `FormatError.wrongKey` if no slot is for this key, `FormatError.slot` if its wrapped key was changed,
  ///   `FormatError.slotList` if the list of slots was.
  static func dataKey(
    of header: VaultHeader, with key: SlotKey
  ) throws(FormatError) -> (slot: KeySlot, dataKey: DataKey) {
    guard let slot = header.slot(openedBy: key.id), slot.kind == key.kind else {
      throw .wrongKey(given: key.id, slots: header.slots.map(\.keyID))
    }
    let dataKey: DataKey
    do {
      dataKey = try slot.unwrap(with: key, store: header.store, dataKeyID: header.dataKeyID)
    } catch {
      throw FormatError(error) { _ in .slot(name: slot.name) }
    }
    try header.verifySlots(by: slot, with: key)
    return (slot, dataKey)
  }

  /// The bytes that a vault's file begins with, up to the snapshot's salt, which no other snapshot has.
  static func start(
    _ header: VaultHeader, _ chain: LogChain, snapshotSize: Int
  ) throws(CryptoError) -> [UInt8] {
    try header.encode() + lengthBytes(snapshotSize) + chain.snapshotSalt
  }

  /// A length as it stands before the snapshot.
  static func lengthBytes(_ length: Int) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.append(word: UInt64(length))
    return bytes
  }

  /// The key that a snapshot behind this header is sealed under.
  static func snapshotKey(_ dataKey: DataKey, _ header: [UInt8]) -> MessageKey {
    MessageKey(dataKey.secret, context: Array("tokenvault/1 snapshot\n".utf8) + header)
  }
}
