internal import VaultCrypto

/// Where the log of a large vault is in its file: extents of zeros behind the snapshot, which entries are written over.
///
/// An extent begins with a head. Behind the head, the second extent and each later one has a summary of the extent before.
struct LogArea: Sendable, Equatable {
  /// Bytes of an extent's head.
  static let headSize = 64
  /// A head begins with these bytes.
  static let magic = Array("tvextent".utf8)
  /// The first extent begins at a multiple of so many bytes, so that none of its sectors has bytes of the snapshot.
  static let alignment: Int64 = 4096

  /// The offset of the first extent, in bytes of the file.
  let start: Int64
  /// Bytes of an extent, as the header says.
  let extentSize: Int64

  init(start: Int64, _ header: VaultHeader) {
    (self.start, extentSize) = (start, Int64(clamping: header.logExtent))
  }

  /// The area behind an index that ends at this offset.
  init(behind end: Int64, _ header: VaultHeader) {
    self.init(start: Self.start(behind: end), header)
  }

  /// Where the area begins behind an index that ends at this offset.
  static func start(behind end: Int64) -> Int64 {
    (end + alignment - 1) / alignment * alignment
  }

  /// Where an extent begins; they are numbered from 0.
  func start(ofExtent index: Int64) -> Int64 { start + index * extentSize }
  func end(ofExtent index: Int64) -> Int64 { start(ofExtent: index + 1) }

  /// The head of an extent: its number, and the salt of the snapshot, by which a repair derives the log's key if that salt
  /// is lost.
  static func head(ofExtent index: Int64, snapshotSalt: [UInt8]) -> [UInt8] {
    var head = magic
    head.reserveCapacity(headSize)
    head.append(word: UInt64(index))
    head += snapshotSalt
    return head + [UInt8](repeating: 0, count: headSize - head.count)
  }

  /// The salt in a head; nil if the bytes are none.
  static func snapshotSalt(inHead head: Span<UInt8>) -> [UInt8]? {
    guard head.count >= headSize, head.has(magic.span, at: 0) else { return nil }
    return head.extracting(16..<16 + MessageLayout.saltSize).array
  }

  /// An empty extent.
  func extent(_ index: Int64, snapshotSalt: [UInt8]) -> [UInt8] {
    let head = Self.head(ofExtent: index, snapshotSalt: snapshotSalt)
    return head + [UInt8](repeating: 0, count: max(0, Int(extentSize) - head.count))
  }
}
