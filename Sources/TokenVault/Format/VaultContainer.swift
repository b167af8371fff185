internal import VaultCrypto

/// A vault as bytes: the header, the lengths of the snapshot and of the index, the snapshot sealed under the DEK and bound
/// to the header, the index of a large vault, bound to the snapshot (see ``IndexLayout``), and behind that the log (see
/// ``LogChain``).
enum VaultContainer {
  /// What a file says before any key has opened it.
  struct Parts: Sendable {
    let header: VaultHeader
    /// The header's bytes, to which the snapshot is bound.
    let headerBytes: [UInt8]
    /// Bytes of the sealed messages, as anyone can have written them.
    let lengths: Lengths
    /// Whether header and lengths are sound; false only for a vault that may be damaged.
    var isWhole = true
    /// Where the snapshot's sealed message begins, in bytes; the lengths stand in the 16 bytes before.
    var snapshotStart: Int { headerBytes.count + Lengths.size }
    /// Where the snapshot ends, in bytes.
    var snapshotEnd: Int { snapshotStart + lengths.snapshot }
    /// Where the index ends, in bytes.
    var indexEnd: Int { snapshotEnd + lengths.index }
    /// Whether the vault has an index and may have a log.
    var isLarge: Bool { VaultContainer.isLarge(snapshotEnd: snapshotEnd) }

    func snapshotKey(_ dataKey: DataKey) -> MessageKey {
      VaultContainer.snapshotKey(dataKey, headerBytes)
    }
  }

  /// Whether a vault whose snapshot ends here, in bytes of the file, is large: saves append to its log. Behind one that
  /// ends within 64 KiB is no log; each save replaces the file.
  static func isLarge(snapshotEnd end: some BinaryInteger) -> Bool { end > 65_536 }

  /// Bytes of the sealed messages behind the header, which stand before them.
  struct Lengths: Sendable, Equatable {
    /// Bytes of both lengths in the file.
    static let size = 16

    let snapshot: Int
    /// 0 in a small vault.
    let index: Int

    /// The lengths as they stand before the snapshot, 8 bytes each.
    var bytes: [UInt8] {
      var bytes: [UInt8] = []
      bytes.append(word: UInt64(snapshot))
      bytes.append(word: UInt64(index))
      return bytes
    }
  }

  /// How many bytes of a file's beginning `parse` needs to see.
  static var startSize: Int { VaultHeader.sizeLimit + Lengths.size }

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
    let snapshotStart = headerSize + Lengths.size
    guard start.count >= snapshotStart else {
      throw .length(expected: UInt64(snapshotStart), actual: UInt64(max(0, size)))
    }
    let (snapshot, index) = (start.word(at: headerSize), start.word(at: headerSize + 8))
    let expected = [snapshot, index].reduce(UInt64(snapshotStart)) { end, length in
      let (sum, isTooLarge) = end.addingReportingOverflow(length)
      return isTooLarge ? .max : sum
    }
    guard expected <= UInt64(max(0, size)) else {
      throw .length(expected: expected, actual: UInt64(max(0, size)))
    }
    let parts = Parts(
      header: header, headerBytes: start.extracting(..<headerSize).array,
      lengths: Lengths(snapshot: Int(snapshot), index: Int(index)))
    guard parts.isLarge || index == 0 && expected == UInt64(max(0, size)) else {
      throw .length(expected: UInt64(parts.snapshotEnd), actual: UInt64(max(0, size)))
    }
    return parts
  }

  /// Reads the parts of a vault that may be damaged: one byte of the header, and the lengths, may be wrong.
  static func parse(
    damaged start: Span<UInt8>, size: Int64
  ) throws(FormatError) -> Parts {
    do { return try parse(start, size: size) } catch {
      let (header, bytes) = try VaultHeader.decode(damaged: start)
      let rest = max(0, size - Int64(bytes.count + Lengths.size))
      return Parts(
        header: header, headerBytes: bytes,
        lengths: Lengths(snapshot: Int(clamping: rest), index: 0),
        isWhole: false)
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
    // Three keys are derived from it.
    do { try key.secret.keepState() } catch { throw .crypto(error) }
    defer { key.secret.dropState() }
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
    _ header: VaultHeader, _ chain: LogChain, _ lengths: Lengths
  ) throws(CryptoError) -> [UInt8] {
    try header.encode() + lengths.bytes + chain.snapshotSalt
  }

  /// The key that a snapshot behind this header is sealed under.
  static func snapshotKey(_ dataKey: DataKey, _ header: [UInt8]) -> MessageKey {
    MessageKey(dataKey.secret, context: Array("tokenvault/1 snapshot\n".utf8) + header)
  }

  /// The key that the index behind a snapshot is sealed under. To be used only after the snapshot's commitment was checked,
  /// which authenticates the header.
  static func indexKey(_ dataKey: DataKey, _ store: StoreID, snapshotSalt: [UInt8]) -> MessageKey {
    let context = "tokenvault/1 index\n\(store.text)\n\(Hexadecimal.encode(snapshotSalt))\n"
    return MessageKey(dataKey.secret, context: Array(context.utf8))
  }
}
