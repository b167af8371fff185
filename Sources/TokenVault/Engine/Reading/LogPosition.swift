internal import VaultCrypto

/// The log of a vault in its file, as far as it was read.
struct LogPosition: Sendable {
  /// The chain of entries, to which the next one is bound.
  var chain: LogChain
  /// Where the log is; the vault may be too small for one.
  let area: LogArea
  /// The extent of the last entry.
  private(set) var extent: Int64 = 0
  /// Where the next frame begins in that extent, in bytes of the file.
  private(set) var end: Int64
  /// Where the tag of the last entry is; nil if there is none.
  private(set) var tagOffset: Int64?
  /// Whether only zeros are behind the last entry. Otherwise a write was not finished there, and the next commit replaces
  /// the file: bytes once written are never written over.
  var isClean = true
  /// The highest number in a frame behind the last entry, whether it is authentic or not; 0 if there is none.
  var begun: UInt64 = 0
  /// Up to where this process has seen zeros behind the last entry, or has written them.
  private var zerosEnd: Int64 = 0
  /// Bytes of snapshot and index.
  let lengths: VaultContainer.Lengths
  private let indexEnd: Int64

  /// The bound on entries: each takes some microseconds to open.
  private static let countBound: UInt64 = 16_384
  /// From so many bytes of snapshot on, another thread compacts, since the writers would wait too long for one of them.
  private static let backgroundSize = 1 << 20

  /// A snapshot and its index, which ends at this offset of the file, without log entries.
  init(_ chain: LogChain, _ lengths: VaultContainer.Lengths, end: Int64, _ header: VaultHeader) {
    (self.chain, self.lengths, indexEnd) = (chain, lengths, end)
    area = LogArea(behind: end, header)
    self.end = area.start + Int64(LogArea.headSize)
  }

  /// Whether this process has seen, or made, only zeros behind an entry of the last extent, and the file ends with that
  /// extent. Then the next frame tells whether there is more: as long as the process lives, only writers change what is
  /// there, from the first byte of the next frame on, and one that is killed leaves the first bytes of its write.
  func hasSeenZeros(upTo size: Int64) -> Bool {
    zerosEnd == area.end(ofExtent: extent) && zerosEnd == size
  }

  /// Marks all behind the last entry, up to the end of its extent, as zeros.
  mutating func markZerosSeen() { if isClean { zerosEnd = area.end(ofExtent: extent) } }

  /// Looks at the zeros again, for a reader that loses what it does not find.
  mutating func forgetZeros() { zerosEnd = 0 }

  /// Whether the vault is so large that saves append to its log.
  var isLarge: Bool { VaultContainer.isLarge(snapshotEnd: indexEnd - Int64(lengths.index)) }

  /// Whether there is nothing to compact.
  var isEmpty: Bool { chain.count == 0 && isClean }

  /// The highest number that an entry can have which was begun behind this snapshot.
  var highestNumber: UInt64 { isClean ? chain.count : max(chain.count + 1, begun) }

  /// Where the next frame begins in its extent, in bytes.
  var offsetInExtent: Int64 { end - area.start(ofExtent: extent) }

  /// Whether a text of so many bytes fits in the extent.
  func hasRoomInExtent(for count: Int) -> Bool {
    end + LogFrame.room(sealing: count) <= area.end(ofExtent: extent)
  }

  /// Goes on behind an entry or a summary that begins at `end`.
  mutating func pass(_ textSize: Int) {
    tagOffset = end + Int64(LogFrame.size + textSize)
    end += LogFrame.room(sealing: textSize)
  }

  /// Goes on behind the head of the next extent.
  mutating func beginNextExtent() { begin(extent: extent + 1) }

  /// Goes on behind the head of an extent.
  mutating func begin(extent: Int64) {
    self.extent = extent
    end = area.start(ofExtent: extent) + Int64(LogArea.headSize)
  }

  /// Whether a thread of an open store compacts while the writers go on.
  private var isCompactedBeside: Bool { lengths.snapshot >= Self.backgroundSize }

  /// How many eighths the log has of its bound, which is the size of the snapshot, and 16,384 entries.
  var eighths: Int64 {
    max(
      8 * (end - area.start) / Int64(max(1, lengths.snapshot)),
      Int64(8 * chain.count / Self.countBound))
  }

  /// Whether it is time for a thread of an open store to compact. A process that ends soon would do so in vain.
  var isDueBeside: Bool { isCompactedBeside && eighths >= 6 }

  /// Whether a vault with this header may append another entry that seals so many bytes. If not, the next commit replaces
  /// the file: a small one always; a large one if its log would pass its bound, or twice that if a thread compacts it; if
  /// the entry is larger than an extent; or if the file or the generation would pass its limit.
  func hasRoom(for count: Int, in header: VaultHeader) -> Bool {
    let size = LogFrame.room(sealing: count)
    let bounds = isCompactedBeside ? 2 : 1
    return isLarge && end - area.start + size <= Int64(bounds * lengths.snapshot)
      // Behind the head and a summary, which is no longer, an extent has as many bytes left.
      && size <= area.extentSize / 2 - Int64(LogArea.headSize)
      && area.end(ofExtent: extent + 1) <= VaultFile.sizeLimit
      && chain.count < UInt64(bounds) * Self.countBound
      && header.generation + chain.count < VaultHeader.generationLimit
  }
}
