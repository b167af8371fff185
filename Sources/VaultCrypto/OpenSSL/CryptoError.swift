/// What can go wrong while sealing, opening or deriving.
///
/// No case carries key or plaintext bytes.
package enum CryptoError: Error, Equatable {
  /// OpenSSL refused a call; `reason` is its own words.
  case openSSL(call: String, reason: String)
  /// The system had no memory left for a buffer of this many bytes.
  case outOfMemory(bytes: Int)
  /// The kernel had no random bytes to give.
  case noRandomness(call: String, errno: Int32)
  /// A key has 32 bytes, and these are so many.
  case keySize(bytes: Int)
  /// The message is not one that this key and context sealed.
  case notAuthentic(NotAuthentic)
}

/// The first check of Cobblestone-256 that a message did not pass.
package enum NotAuthentic: Error, Equatable {
  /// No message has this length: it was cut, or is something else.
  case length
  /// Another key, another context, or a changed salt or commitment.
  case commitment
  /// The chunk with this index (from 0) was changed.
  case chunk(Int)
}
