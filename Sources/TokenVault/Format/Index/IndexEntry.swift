/// An entry of an index: the hash of a key, and where the record with the key begins in the snapshot's plaintext.
struct IndexEntry: Equatable {
  let hash: UInt32
  /// In bytes of the snapshot's plaintext.
  let offset: UInt64

  init(hash: UInt32, offset: UInt64) { (self.hash, self.offset) = (hash, offset) }

  /// The entry that these bytes are: hash and offset, big-endian.
  init(_ bytes: Span<UInt8>) {
    var (hash, offset): (UInt32, UInt64) = (0, 0)
    for index in bytes.indices {
      if index < IndexLayout.hashSize {
        hash = hash << 8 | UInt32(bytes[index])
      } else {
        offset = offset << 8 | UInt64(bytes[index])
      }
    }
    self.init(hash: hash, offset: offset)
  }
}
