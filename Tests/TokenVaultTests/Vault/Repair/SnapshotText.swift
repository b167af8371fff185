import Foundation

@testable import TokenVault

/// The records of a vault's snapshot, and where each of them is in the snapshot's text.
struct SnapshotText {
  /// Bytes of a chunk's text, and of a chunk as it is sealed.
  static let chunk = 16_384
  static let sealedChunk = 16_400

  let tokens: [OAuthToken]
  private let ranges: [Range<Int>]
  private let format: RecordFormat
  let size: Int

  init(_ vault: Vault) throws {
    let (table, format) = try vault.read { ($0.table, $0.header.format) }
    let encoder = RecordEncoder(format, attributesOf: table.tokens)
    var end = SnapshotContents.preamble(of: table).count + encoder.header.count
    var ranges: [Range<Int>] = []
    for token in table.tokens {
      ranges.append(end..<end + encoder.rows([token]).count)
      end = ranges.last?.upperBound ?? end
    }
    (tokens, self.ranges, self.format, size) = (Array(table.tokens), ranges, format, end)
  }

  var chunks: Int { size / Self.chunk + 1 }

  /// The chunks that have a part of the record at a place.
  func chunks(ofRecord place: Int) -> Set<Int> {
    let range = ranges[place]
    return Set(range.lowerBound / Self.chunk...(range.upperBound - 1) / Self.chunk)
  }

  /// The ids of the records of which no part is in these chunks.
  func ids(without lost: Set<Int>) -> [String] {
    zip(tokens, ranges).compactMap { token, range in
      let parts = range.lowerBound / Self.chunk...(range.upperBound - 1) / Self.chunk
      // The end of a row may look like a row.
      let isBehindGap =
        format == .csv && range.lowerBound.isMultiple(of: Self.chunk)
        && lost.contains(range.lowerBound / Self.chunk - 1)
      return parts.contains(where: lost.contains) || isBehindGap ? nil : token.id
    }
  }

  /// The file with a bit of each of these chunks changed.
  static func damaging(_ chunks: Set<Int>, _ layout: FileLayout) -> [UInt8] {
    var bytes = layout.bytes
    for chunk in chunks { bytes[layout.snapshotStart + 56 + chunk * sealedChunk + 15] ^= 0x10 }
    return bytes
  }
}
