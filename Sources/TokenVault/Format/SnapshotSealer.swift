package import VaultCrypto

/// Makes a vault from records that come in pieces.
///
/// What is put out goes behind what the output has already. The snapshot's length stands before the snapshot and is
/// known after it, so `finish` gives it, for its user to put in its place.
package final class SnapshotSealer {
  /// Where the snapshot's length belongs, in bytes of the file.
  package let lengthOffset: Int
  /// What commits behind this snapshot are bound to.
  package let chain: LogChain
  private let sealer: MessageSealer

  /// Begins with the header, room for the length, and the snapshot's first bytes.
  package init(
    _ header: VaultHeader, _ dataKey: DataKey, to output: inout [UInt8]
  ) throws(CryptoError) {
    let bytes = try header.encode()
    output += bytes
    lengthOffset = bytes.count
    output += VaultContainer.lengthBytes(0)
    sealer = try MessageSealer(
      SealingKey(dataKey.secret, context: VaultContainer.context(bytes)), to: &output)
    chain = LogChain(store: header.store, snapshotSalt: sealer.salt)
  }

  /// Takes in the next piece of the records' text.
  package func append(
    _ text: Span<UInt8>, to output: inout [UInt8]
  ) throws(CryptoError) { try sealer.append(text, to: &output) }

  /// Ends the snapshot; gives its size in bytes, and its length as it stands in the file.
  package func finish(
    to output: inout [UInt8]
  ) throws(CryptoError) -> (size: Int, length: [UInt8]) {
    let size = try sealer.finish(to: &output)
    return (size, VaultContainer.lengthBytes(size))
  }
}
