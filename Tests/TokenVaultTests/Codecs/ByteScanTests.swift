import Testing

@testable import TokenRecords
@testable import TokenVault

/// Eight bytes at a time give what a look at each byte does.
@Suite struct ByteScanTests {
  private static let bytes: [UInt8] = [
    0x00, 0x1F, 0x20, 0x21, 0x22, 0x23, 0x2C, 0x5C, 0x5D, 0x0A, 0x0D, 0x61, 0x7F, 0x80, 0xA2, 0xDC,
    0xFF,
  ]

  private func text(_ random: inout SeededGenerator) -> [UInt8] {
    // Mostly letters, so that there are long runs.
    (0..<Int.random(in: 0..<60, using: &random)).map { _ in
      Int.random(in: 0..<8, using: &random) > 0
        ? 0x61 : Self.bytes.randomElement(using: &random) ?? 0
    }
  }

  @Test func aRunEndsBeforeTheFirstByteThatMatters() {
    var random = SeededGenerator(state: 41)
    for _ in 0..<5000 {
      let text = text(&random)
      let start = Int.random(in: 0...text.count, using: &random)
      let runs: [(ByteScan.Run, (UInt8) -> Bool)] = [
        (ByteScan.jsonRun(text.span, from: start), ByteScan.isJSONSpecial),
        (ByteScan.csvRun(text.span, from: start), ByteScan.isCSVSpecial),
        (ByteScan.quoteRun(text.span, from: start), { $0 == 0x22 }),
      ]
      for (run, isSpecial) in runs {
        let end = text[start...].firstIndex(where: isSpecial) ?? text.count
        #expect(run.end == end)
        #expect(run.isASCII == text[start..<end].allSatisfy { $0 < 0x80 })
      }
    }
  }

  @Test func everyByteOfAKindIsCounted() {
    var random = SeededGenerator(state: 42)
    for _ in 0..<5000 {
      let text = text(&random)
      #expect(ByteScan.count("\"", text.span) == text.count { $0 == 0x22 })
    }
    for size in [2039, 2040, 2041, 2048, 100_001] {
      let quotes = [UInt8](repeating: 0x22, count: size)
      #expect(ByteScan.count("\"", quotes.span) == size)
      #expect(ByteScan.count("\n", quotes.span) == 0)
    }
  }
}
