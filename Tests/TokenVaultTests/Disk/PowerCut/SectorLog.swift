/// The bytes of one file: as programs read them, and as a power cut may leave them.
///
/// A disk writes sectors whole, in any order, and the kernel may have written a sector back between any two writes. So
/// until the file is synchronized, each sector on the disk has the bytes of any of its versions since, or none of them.
struct SectorLog: Sendable {
  static let sectorSize = 512

  /// What programs read.
  private(set) var current: [UInt8]
  private var durable: [UInt8]
  /// The versions of each sector since the last synchronization, the oldest first.
  private var pending: [Int: [[UInt8]]] = [:]
  /// The same for sectors whose flush failed. The kernel has marked them clean, so that no later flush writes them.
  private var dropped: [Int: [[UInt8]]] = [:]
  /// The sizes since the last synchronization, the oldest first.
  private var sizes: [Int] = []

  /// A file that is on the disk.
  init(durable bytes: [UInt8] = []) { (current, durable) = (bytes, bytes) }

  /// Writes over the bytes from `offset` on, and behind the end.
  mutating func write(_ bytes: [UInt8], at offset: Int) {
    if bytes.isEmpty { return }
    let (end, first) = (offset + bytes.count, min(offset, current.count))
    resize(to: max(current.count, end))
    current.replaceSubrange(offset..<end, with: bytes)
    note(first..<end)
  }

  /// Cuts the file off, or appends zeros.
  mutating func truncate(to size: Int) {
    resize(to: size)
    note(size..<size + 1)
  }

  private mutating func resize(to size: Int) {
    current.removeLast(max(0, current.count - size))
    current += [UInt8](repeating: 0, count: size - current.count)
  }

  /// Notes what the sectors of a range are now, which are dirty again.
  private mutating func note(_ range: Range<Int>) {
    for sector in range.lowerBound / Self.sectorSize...(range.upperBound - 1) / Self.sectorSize {
      pending[sector, default: dropped.removeValue(forKey: sector) ?? []].append(
        Self.sector(sector, of: current))
    }
    sizes.append(current.count)
  }

  /// Makes content and size survive, but for the sectors that an earlier flush has dropped.
  mutating func synchronize() {
    var bytes = current
    for sector in dropped.keys {
      Self.put(Self.sector(sector, of: durable), in: &bytes, at: sector)
    }
    (durable, pending, sizes) = (bytes, [:], [])
  }

  /// A synchronization that fails: what was dirty may be on the disk or not, and stays so.
  mutating func failToSynchronize() {
    dropped.merge(pending) { $0 + $1 }
    pending = [:]
  }

  /// What is found after a power cut.
  func bytes(
    after survival: PowerCut.Survival, _ generator: inout some RandomNumberGenerator
  ) -> [UInt8] {
    let size = survival.choice(of: [durable.count] + sizes, &generator)
    var bytes = Array(durable.prefix(size))
    bytes += [UInt8](repeating: 0, count: size - bytes.count)
    let unsure = pending.merging(dropped) { $0 + $1 }
    for (sector, versions) in unsure.sorted(by: { $0.key < $1.key }) {
      let old = Self.sector(sector, of: durable)
      Self.put(survival.choice(of: [old] + versions, &generator), in: &bytes, at: sector)
    }
    return bytes
  }

  /// One sector of a file, with zeros behind its end.
  private static func sector(_ sector: Int, of bytes: [UInt8]) -> [UInt8] {
    let piece = bytes.dropFirst(sector * sectorSize).prefix(sectorSize)
    return piece + [UInt8](repeating: 0, count: sectorSize - piece.count)
  }

  /// Puts a sector in its place, as far as the file goes.
  private static func put(_ content: [UInt8], in bytes: inout [UInt8], at sector: Int) {
    let start = sector * sectorSize
    guard start < bytes.count else { return }
    let end = min(start + sectorSize, bytes.count)
    bytes.replaceSubrange(start..<end, with: content[..<(end - start)])
  }
}
