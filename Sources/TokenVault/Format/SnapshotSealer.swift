package import VaultCrypto

/// Makes the bytes of a vault without a log, from records that come in pieces.
///
/// Bytes are appended to an output of the caller's. The snapshot's length stands before the snapshot.
package final class SnapshotSealer {
  /// Where the snapshot's length belongs, in bytes of the file.
  package let lengthOffset: Int
  /// What log entries behind this snapshot are bound to.
  package let chain: LogChain
  private let sealer: SealingWriter

  /// Appends the header, the snapshot's length, and the snapshot's first bytes.
  ///
  /// - Parameter size: The bytes of the snapshot's message; if they are not known yet, the caller overwrites the length
  ///   when `finish` returns it.
  package init(
    _ header: VaultHeader, _ dataKey: DataKey, size: Int = 0, to output: inout [UInt8]
  ) throws(CryptoError) {
    let bytes = try header.encode()
    lengthOffset = bytes.count
    output += bytes
    output.append(word: UInt64(size))
    sealer = try SealingWriter(VaultContainer.snapshotKey(dataKey, bytes), to: &output)
    chain = LogChain(store: header.store, snapshotSalt: sealer.salt)
  }

  /// Seals the next piece of the records' text.
  package func append(
    _ text: Span<UInt8>, to output: inout [UInt8]
  ) throws(CryptoError) { try sealer.append(text, to: &output) }

  /// Ends the snapshot.
  ///
  /// - Returns: Its size in bytes, and its length as it stands in the file.
  package func finish(
    to output: inout [UInt8]
  ) throws(CryptoError) -> (size: Int, length: [UInt8]) {
    let rest: [UInt8] = []
    let size = try sealer.finish(rest.span, to: &output)
    return (size, VaultContainer.lengthBytes(size))
  }
}
