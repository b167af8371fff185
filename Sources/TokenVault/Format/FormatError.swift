package import VaultCrypto

/// Why bytes are no vault, or not one that this key opens; always with the place.
package enum FormatError: Error, Equatable {
  /// The file has no bytes.
  case empty
  /// The first line is not that of a vault.
  case notAVault
  /// A vault of a version that this program does not read; `isIntact` says whether its header's digest
  /// is right, so that it is a newer vault and not a damaged one.
  case unknownVersion(String, isIntact: Bool)
  /// A line of the header, from 1, is not what stands there in a vault.
  case header(line: Int)
  /// The header's digest is not that of its lines.
  case headerDigest
  /// The file ends before the header does, or the header goes on past 65,536 bytes.
  case headerWithoutEnd
  /// The file is shorter or longer than its header and snapshot say.
  case length(expected: UInt64, actual: UInt64)
  /// The wrapped data key of this slot was changed.
  case slot(name: String)
  /// The snapshot was changed; `offset` is where in the file the first wrong part begins, in bytes.
  case snapshot(offset: Int)
  /// No slot is for this key.
  case wrongKey(given: KeyID, slots: [KeyID])
  /// OpenSSL or the memory gave out; the bytes may be right.
  case crypto(CryptoError)
}
