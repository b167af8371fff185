internal import VaultCrypto

/// Why bytes are no vault, or not one that this key opens, with the place.
enum FormatError: Error, Equatable {
  /// The file has no bytes.
  case empty
  /// The first line is not that of a vault.
  case notAVault
  /// A vault of a version that this program does not read. If the header's digest is right (`isIntact`), it is a newer
  /// vault, not a damaged one.
  case unknownVersion(String, isIntact: Bool)
  /// The header is sound, and names features that a reader must know and this program does not: a newer vault.
  case unknownFeatures([String])
  /// A line of the header, from 1, breaks the grammar.
  case header(line: Int)
  /// The header's digest is not that of its lines.
  case headerDigest
  /// The file ends before the header does, or the header goes on past 65,536 bytes.
  case headerWithoutEnd
  /// The file is shorter or longer than its header and snapshot say.
  case length(expected: UInt64, actual: UInt64)
  /// The wrapped DEK of this slot was changed.
  case slot(name: String)
  /// The list of slots is not the one that this slot's MAC is of.
  case slotList(name: String)
  /// The snapshot was changed; the first wrong part begins at `offset`, in bytes of the file.
  case snapshot(offset: Int)
  /// The index was changed; the first wrong part begins at `offset`, in bytes of the file.
  case index(offset: Int)
  /// No slot is for this key.
  case wrongKey(given: KeyID, slots: [KeyID])
  /// OpenSSL failed, or memory ran out; the bytes may be right.
  case crypto(CryptoError)
}

extension FormatError {
  /// Whether a newer version has written the vault, which is not damaged.
  var isOfNewerVault: Bool {
    switch self {
    case .unknownVersion(_, isIntact: true), .unknownFeatures: true
    default: false
    }
  }

  /// Why bytes were not opened: `damage` if they are not authentic.
  init(_ error: CryptoError, damage: (NotAuthentic) -> FormatError) {
    self = if case .notAuthentic(let reason) = error { damage(reason) } else { .crypto(error) }
  }
}
