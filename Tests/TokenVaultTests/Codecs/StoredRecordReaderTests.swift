import Glibc
import Testing

@testable import TokenRecords
@testable import TokenVault
@testable import VaultCrypto

/// What is decoded from pieces of a text is what decoding all of it at once gives.
@Suite struct StoredRecordReaderTests: RecordPiecesSuite {
  @Test(arguments: RecordFormat.allCases)
  func aTextInPiecesOfAnySizeIsTheTextAtOnce(_ format: RecordFormat) throws {
    var random = RandomRecords(seed: 41)
    var tokens: [OAuthToken] = []
    var text: [UInt8] = []
    while text.count < 5 * Self.pieceSize / 4 {
      tokens += random.tokens(500)
      text = format.encode(tokens)
    }
    let expected = atOnce(text, format)
    #expect(expected == .tokens(tokens))
    for size in [1, 7, 16_384, 65_536, Self.pieceSize - 1, Self.pieceSize + 1, text.count] {
      if inPieces(text, format, of: size) != expected { Issue.record("pieces of \(size)") }
    }
    for round in 1...2 {
      let cuts = (0..<20).map { _ in Int.random(in: 0...text.count, using: &random.generator) }
      if inPieces(text, format, cutAt: cuts.sorted()) != expected { Issue.record("\(round)") }
    }
  }

  @Test(arguments: RecordFormat.allCases)
  func theKeysAndOffsetsThatAreReadAloneAreThoseOfTheRecords(_ format: RecordFormat) throws {
    var random = RandomRecords(seed: 44)
    let tokens = random.tokens(3000)
    let encoder = RecordEncoder(format, attributesOf: tokens)
    var rowStarts: [Int] = []
    let rows = encoder.rows(tokens[...], startingAt: &rowStarts)
    let (header, text) = (encoder.header.count, encoder.header + rows)
    var reader = StoredRecordReader(format)
    var parts = StoredRowParts(format)
    var (read, found) = ([(keys: [String], start: Int)](), [(keys: [String], start: Int)]())
    func scan(_ part: Span<UInt8>) throws {
      var scanner = try StoredRowScanner(format, part)
      while let row = try scanner.next(part) {
        found.append((keys(of: row, in: part), parts.offset + row.place.lowerBound))
        let end = format.rowEnd(in: part.extracting(row.place.lowerBound...))
        #expect(row.place.count == end)
      }
    }
    for start in stride(from: 0, to: text.count, by: 10_000) {
      let piece = text.span.extracting(start..<min(start + 10_000, text.count))
      try reader.add(piece) { read.append((keys(of: $0), $1)) }
      parts.append(piece)
      guard let end = parts.partEnd() else { continue }
      try scan(parts.text.span.extracting(..<end))
      parts.pass(to: end)
    }
    let kept = try reader.finish { read.append((keys(of: $0), $1)) }
    try scan(parts.text.span)
    #expect(Array(kept) == tokens && parts.offset > 0)
    #expect(read.map(\.start) == rowStarts.map { $0 + header })
    #expect(read.map(\.keys) == tokens.map(keys))
    #expect(found.map(\.start) == read.map(\.start) && found.map(\.keys) == read.map(\.keys))
  }

  @Test(arguments: RecordFormat.allCases)
  func theRevisionsOfRowsAreThoseOfTheRecords(_ format: RecordFormat) throws {
    var random = RandomRecords(seed: 45)
    let tokens = random.tokens(300)
    let text = format.encode(tokens)
    var scanner = try StoredRowScanner(format, text.span)
    var revisions: [Int] = []
    while let row = try scanner.next(text.span) { revisions.append(row.revision) }
    #expect(revisions == tokens.map(\.revision))
  }

  private func keys(of row: StoredRow, in text: Span<UInt8>) -> [String] {
    var keys: [String] = []
    row.forEachSearchKey(in: text) { kind, text, client in
      keys.append("\(kind) \(text.array) \(client.array)")
    }
    return keys
  }

  private func keys(of token: OAuthToken) -> [String] {
    var keys: [String] = []
    token.forEachSearchKey { kind, text, client in
      keys.append("\(kind) \(text.array) \(client.array)")
    }
    return keys
  }

  @Test(arguments: RecordFormat.allCases)
  func aTextCutAnywhereIsTheTextAtOnce(_ format: RecordFormat) throws {
    var random = RandomRecords(seed: 42)
    let tokens = random.tokens(8)
    let (text, start) = try padded(tokens, format)
    let expected = atOnce(text, format)
    #expect(expected == .tokens([try padding()] + tokens))
    for cut in stride(from: start - 2, through: text.count, by: isFullTest ? 1 : 11) {
      if inPieces(text, format, cutAt: [cut]) != expected { Issue.record("cut at \(cut - start)") }
    }
    // Another piece that is empty, or one byte, is no other text.
    for cut in [start, start + 1, start + 100] {
      #expect(inPieces(text, format, cutAt: [cut, cut, cut + 1]) == expected)
    }
  }

  @Test(arguments: RecordFormat.allCases)
  func aFewRecordsAndNoneAreThoseAtOnce(_ format: RecordFormat) throws {
    var random = RandomRecords(seed: 43)
    for count in 0..<4 {
      let tokens = random.tokens(count)
      let text = format.encode(tokens)
      #expect(atOnce(text, format) == .tokens(tokens))
      for size in [1, 2, 7, 100] {
        #expect(inPieces(text, format, of: size) == .tokens(tokens))
      }
    }
    #expect(inPieces([], format, cutAt: []) == atOnce([], format), "not even a header row")
  }

  @Test(arguments: RecordFormat.allCases)
  func recordsThatAreLargerThanAPieceAreThoseAtOnce(_ format: RecordFormat) throws {
    let lines = String(repeating: "line, \"quoted\"\n", count: 10)
    let tokens = try (1...4).map { number in
      var record = try smallToken("user \(number)")
      record.idToken = Secret(
        String(repeating: "é", count: 150_000 + number) + lines + "\(number)\r\n")
      return record
    }
    let text = format.encode(tokens)
    #expect(atOnce(text, format) == .tokens(tokens))
    for size in [16_384, 65_536, Self.pieceSize, Self.pieceSize + 1] {
      if inPieces(text, format, of: size) != .tokens(tokens) { Issue.record("pieces of \(size)") }
    }
  }

  /// In CSV, a name can have line ends and quotes in it.
  @Test(arguments: RecordFormat.allCases)
  func attributesWithLineEndsInTheirNamesAreThoseAtOnce(_ format: RecordFormat) throws {
    var odd = try smallToken("odd")
    for name in ["a\nb", "\n", "\r\n", "c,\"\n\"", "\"\n", "x\r\ny,"] {
      odd.attributes[name] = .text(Secret("value\n\(name)"))
    }
    let tokens = [odd, try padding(), odd, try smallToken("last")]
    let text = format.encode(tokens)
    #expect(atOnce(text, format) == .tokens(tokens))
    for size in [1009, 65_536, Self.pieceSize + 7] {
      #expect(inPieces(text, format, of: size) == .tokens(tokens), "pieces of \(size)")
    }
    for cut in stride(from: text.count - 300, to: text.count, by: isFullTest ? 1 : 7) {
      if inPieces(text, format, cutAt: [cut]) != .tokens(tokens) {
        Issue.record("cut \(text.count - cut) bytes before the end")
      }
    }
  }

  /// Any text is a value, and one is read again at each opening.
  @Test func lineEndsInAValueOfCSVCostNoMoreThanLetters() throws {
    func time(_ value: String) throws -> Duration {
      var record = try smallToken("x")
      record.accessToken = Secret(String(repeating: value, count: 2000))
      let text = RecordFormat.csv.encode([try padding(), record])
      // Of the processor, and of this thread alone: other work on the machine does not count.
      let start = try Self.processorTime()
      _ = inPieces(text, .csv, cutAt: [text.count - 100])
      return try Self.processorTime() - start
    }
    let (letters, lines) = (try time("x"), try time("\n"))
    #expect(lines < letters * 10 + .milliseconds(300), "\(letters) for letters")
  }

  private static func processorTime() throws -> Duration {
    var time = timespec()
    try #require(unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time) == 0)
    return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
  }
}
