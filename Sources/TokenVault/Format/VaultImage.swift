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
    _ records: Span<UInt8>, header: VaultHeader, dataKey: SecretBytes
  ) throws(CryptoError) -> [UInt8] {
    let headerBytes = try header.encode()
    let message = try SealedMessage.seal(records, key: dataKey, context: context(headerBytes))
    let length = UInt64(message.count)
    var image: [UInt8] = []
    image.reserveCapacity(headerBytes.count + lengthSize + message.count)
    image += headerBytes
    for place in 0..<lengthSize {
      image.append(UInt8(truncatingIfNeeded: length >> UInt64(56 - 8 * place)))
    }
    image += message
    return image
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

  /// Opens the data key with `key`.
  package static func dataKey(
    of header: VaultHeader, with key: SecretBytes
  ) throws(FormatError) -> SecretBytes {
    let id: KeyID
    do { id = try KeyID(of: key) } catch { throw .crypto(error) }
    guard let slot = header.slots.first(where: { $0.keyID == id }) else {
      throw .wrongKey(given: id, slots: header.slots.map(\.keyID))
    }
    do {
      return try slot.unwrap(under: key, store: header.store, dataKeyID: header.dataKeyID)
    } catch .notAuthentic {
      throw .slot(name: slot.name)
    } catch {
      throw .crypto(error)
    }
  }

  /// Opens the records, in the header's format.
  package static func open(
    _ file: Span<UInt8>, _ parts: Parts, dataKey: SecretBytes
  ) throws(FormatError) -> SecretBytes {
    let header = file.extracting(0..<parts.headerSize).array
    do {
      return try SealedMessage.open(
        file.extracting(parts.snapshotStart..<file.count), key: dataKey, context: context(header))
    } catch .notAuthentic(let reason) {
      throw .snapshot(offset: parts.snapshotStart + SealedMessage.offset(of: reason))
    } catch {
      throw .crypto(error)
    }
  }

  private static func context(_ header: [UInt8]) -> [UInt8] {
    Array("tokenvault/1 snapshot\n".utf8) + header
  }
}
