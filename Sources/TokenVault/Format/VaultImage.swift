package import VaultCrypto

/// A whole vault as bytes: the header, then the length of the snapshot and the snapshot, sealed under the
/// data key and bound to the header.
package enum VaultImage {
  /// What a file says before any key has opened it.
  package struct Parts {
    /// The header.
    package let header: VaultHeader
    /// Where the snapshot's sealed message begins, in bytes; its length stands in the 8 bytes before.
    let snapshotStart: Int
    let headerSize: Int
  }

  private static let lengthSize = 8

  /// Makes a vault from its records in their format.
  package static func seal(
    _ records: Span<UInt8>, header: VaultHeader, dataKey: DataKey
  ) throws(CryptoError) -> [UInt8] {
    let headerBytes = try header.encode()
    let size = SealedMessage.size(sealing: records.count)
    var image: [UInt8] = []
    image.reserveCapacity(headerBytes.count + lengthSize + size)
    image += headerBytes
    image += lengthBytes(size)
    try SealedMessage.append(
      sealing: records, key: dataKey.secret, context: context(headerBytes), to: &image)
    return image
  }

  /// Reads the header at the start of a vault, of which `start` need be no more than 65,536 bytes.
  package static func header(_ start: Span<UInt8>) throws(FormatError) -> VaultHeader {
    try VaultHeader.decode(start).header
  }

  /// Reads the parts of a vault, and refuses one that is shorter or longer than it says.
  package static func parse(_ file: Span<UInt8>) throws(FormatError) -> Parts {
    let (header, size) = try VaultHeader.decode(file)
    guard file.count >= size + lengthSize else {
      throw .length(expected: UInt64(size + lengthSize), actual: UInt64(file.count))
    }
    var length: UInt64 = 0
    for place in 0..<lengthSize { length = length << 8 | UInt64(file[size + place]) }
    let start = size + lengthSize
    guard length == UInt64(file.count - start) else {
      let expected = length.addingReportingOverflow(UInt64(start)).partialValue
      throw .length(expected: expected, actual: UInt64(file.count))
    }
    return Parts(header: header, snapshotStart: start, headerSize: size)
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

  /// Opens the records, in the header's format.
  package static func open(
    _ file: Span<UInt8>, _ parts: Parts, dataKey: DataKey
  ) throws(FormatError) -> SecretBytes {
    let header = file.extracting(0..<parts.headerSize).array
    do {
      return try SealedMessage.open(
        file.extracting(parts.snapshotStart..<file.count), key: dataKey.secret, context: context(header))
    } catch .notAuthentic(let reason) {
      throw .snapshot(offset: parts.snapshotStart + SealedMessage.offset(of: reason))
    } catch {
      throw .crypto(error)
    }
  }

  /// Seals the records of a vault again, under another header and data key, and puts the new vault out in
  /// pieces.
  ///
  /// `records` sees the text in pieces; `output` says false to stop, which this then gives back.
  package static func reseal(
    _ file: Span<UInt8>, _ parts: Parts, from old: DataKey, to header: VaultHeader, _ new: DataKey,
    records: (Span<UInt8>) -> Void, output: (Span<UInt8>) -> Bool
  ) throws(FormatError) -> Bool {
    do {
      let headerBytes = try header.encode()
      let start = headerBytes + lengthBytes(file.count - parts.snapshotStart)
      guard output(start.span) else { return false }
      return try SealedMessage.reseal(
        file.extracting(parts.snapshotStart..<file.count), from: key(old, file, parts),
        to: SealingKey(new.secret, context: context(headerBytes)), plaintext: records,
        output: output)
    } catch .notAuthentic(let reason) {
      throw .snapshot(offset: parts.snapshotStart + SealedMessage.offset(of: reason))
    } catch {
      throw .crypto(error)
    }
  }

  /// Whether another vault has this header, and the same records sealed under a key of its own.
  ///
  /// `read` fills the array with the other vault's next bytes, and says false where there are not so many.
  /// `open` is given the header that was read, and finds the data key.
  package static func hasSameRecords(
    _ file: Span<UInt8>, _ parts: Parts, _ dataKey: DataKey, as header: VaultHeader,
    read: (inout [UInt8]) -> Bool, open: (VaultHeader) throws(FormatError) -> DataKey
  ) throws(FormatError) -> Bool {
    do throws(CryptoError) {
      let headerBytes = try header.encode()
      var start = [UInt8](repeating: 0, count: headerBytes.count + lengthSize)
      guard read(&start),
        start == headerBytes + lengthBytes(file.count - parts.snapshotStart)
      else { return false }
      let other: DataKey
      do throws(FormatError) { other = try open(VaultHeader.decode(start.span).header) } catch {
        return false
      }
      return try SealedMessage.hasSamePlaintext(
        file.extracting(parts.snapshotStart..<file.count), key(dataKey, file, parts),
        asUnder: SealingKey(other.secret, context: context(headerBytes)), read: read)
    } catch .notAuthentic {
      return false
    } catch {
      throw .crypto(error)
    }
  }

  private static func key(
    _ dataKey: DataKey, _ file: Span<UInt8>, _ parts: Parts
  ) -> SealingKey {
    SealingKey(dataKey.secret, context: context(file.extracting(0..<parts.headerSize).array))
  }

  /// A length as it stands before the snapshot.
  private static func lengthBytes(_ length: Int) -> [UInt8] {
    (0..<lengthSize).map { UInt8(truncatingIfNeeded: length >> (56 - 8 * $0)) }
  }

  private static func context(_ header: [UInt8]) -> [UInt8] {
    Array("tokenvault/1 snapshot\n".utf8) + header
  }
}
