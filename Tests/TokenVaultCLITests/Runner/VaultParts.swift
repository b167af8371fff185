import Foundation
import Testing

/// Where the parts of a vault's file are, in bytes.
struct VaultParts {
  /// The end of the header; the lengths follow.
  let headerEnd: Int
  let snapshot: Range<Int>
  let indexEnd: Int
  /// Each save in the log, without the zeros behind it.
  let saves: [Range<Int>]
  /// Where the next save would begin.
  let logEnd: Int

  init(_ bytes: [UInt8]) throws {
    func number(_ range: Range<Int>) -> Int { bytes[range].reduce(0) { $0 << 8 | Int($1) } }
    let line = try #require(Data(bytes).range(of: Data("\nend ".utf8)))
    headerEnd = line.upperBound + 65
    let start = headerEnd + 16
    snapshot = start..<start + number(headerEnd..<headerEnd + 8)
    indexEnd = snapshot.upperBound + number(headerEnd + 8..<start)
    var (saves, end) = ([Range<Int>](), (indexEnd + 4095) / 4096 * 4096 + 64)
    while end + 64 <= bytes.count, bytes[end..<end + 4].elementsEqual("TVLE".utf8) {
      saves.append(end..<end + 64 + number(end + 4..<end + 8) + 16)
      end = ((saves.last?.upperBound ?? end) + 63) / 64 * 64
    }
    (self.saves, logEnd) = (saves, end)
  }
}
