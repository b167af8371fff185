import Testing

@testable import TokenRecords
@testable import TokenVault
@testable import VaultCrypto

/// The errors of a text that is decoded in pieces are those of decoding all of it at once.
@Suite struct StoredRecordErrorTests: RecordPiecesSuite {
  @Test(arguments: RecordFormat.allCases)
  func aTextThatEndsInsideARowIsAnError(_ format: RecordFormat) throws {
    var random = RandomRecords(seed: 44)
    let tokens = random.tokens(5)
    let (text, start) = try padded(tokens, format)
    let encoder = RecordEncoder(format, attributesOf: [try padding()] + tokens)
    let rowEnds = Set(
      try (0...tokens.count).map { encoder.text([try padding()] + tokens[..<$0]).count })
    for end in stride(from: start, to: text.count, by: isFullTest ? 1 : 13) {
      let cut = Array(text[..<end])
      let expected = atOnce(cut, format)
      // In CSV, the line end of the last row may be missing, and nobody can tell what else of its last value.
      let isWhole = rowEnds.contains(end) || format == .csv && hasAllColumns(cut)
      if case .tokens = expected, !isWhole {
        Issue.record("\(end - start) bytes of the rows are taken for whole ones")
      }
      for place in [start, (start + end) / 2] {
        let result = inPieces(cut, format, cutAt: [place])
        if result != expected { Issue.record("\(end - start) bytes, cut at \(place - start)") }
      }
    }
  }

  /// Whether nothing but the end of the last row is missing.
  private func hasAllColumns(_ text: [UInt8]) -> Bool {
    if case .tokens = atOnce(text + Array("\r\n".utf8), .csv) { true } else { false }
  }

  @Test(arguments: RecordFormat.allCases)
  func whatIsWrongIsToldAsAtOnceWithItsLine(_ format: RecordFormat) throws {
    var random = RandomRecords(seed: 45)
    let (text, start) = try padded(random.tokens(12), format)
    // A line feed in a record of JSON has a test of its own.
    let lineFeed = format == .csv ? "\n" : ""
    let bytes = Array("\"\"\"{}[],:\\\r 1a\u{0}\(lineFeed)".utf8) + [0xFF, 0xC3]
    var (errors, lines) = (0, Set<Int>())
    let rounds = isFullTest ? 800 : 60
    for round in 0..<rounds {
      var broken = text
      for _ in 0..<Int.random(in: 1...2, using: &random.generator) {
        let place = Int.random(in: start..<text.count, using: &random.generator)
        broken[place] = bytes.randomElement(using: &random.generator) ?? 0
      }
      let expected = atOnce(broken, format)
      if case .error(let error) = expected { (errors, _) = (errors + 1, lines.insert(error.line)) }
      for _ in 0..<2 {
        let cut = Int.random(in: start...text.count, using: &random.generator)
        let result = inPieces(broken, format, cutAt: [cut])
        if result != expected { Issue.record("\(round): \(result.summary), \(expected.summary)") }
      }
    }
    #expect(errors > rounds / 2 && lines.count > 8)
  }

  @Test(arguments: RecordFormat.allCases)
  func anErrorBehindManyPiecesHasItsLineInTheWholeText(_ format: RecordFormat) throws {
    var random = RandomRecords(seed: 46)
    let tokens = random.tokens(300)
    let rows = try [padding()] + tokens + [padding()] + tokens + [padding()] + tokens
    let encoder = RecordEncoder(format, attributesOf: rows)
    let good = encoder.text(rows[...])
    for bad in ["{\"id\":1}\n", "\u{0}", "x,\"y\"z\r\n", "\"", "a\"b\r\n", ",\r\n"] {
      let text = good + Array(bad.utf8) + encoder.text(tokens[...])
      let expected = atOnce(text, format)
      guard case .error(let error) = expected, error.line > rows.count else {
        Issue.record("\(bad) is no error")
        continue
      }
      for size in [1000, 65_536, Self.pieceSize] {
        #expect(inPieces(text, format, of: size) == expected, "\(bad), pieces of \(size)")
      }
    }
  }

  // MARK: What is not as it is written

  /// As `FileFormat` has it, in either format.
  @Test func aRowWithoutItsLineEndIsAnError() throws {
    let header = CSVRecordEncoder.encode(rows: [CSVRecordEncoder.header([])]).text
    let values = [String](repeating: ",", count: CSVRecordEncoder.header([]).count - 2).joined()
    for text in ["a\(values)", values, "\(values)\"a,b\""].map({ "\(header)1,\($0)" }) {
      for text in [text, text + "\n"] {
        let bytes = Array(text.utf8)
        if case .tokens = atOnce(bytes, .csv) { Issue.record("\(text.debugDescription)") }
      }
    }
    let bytes = Array("{\"id\":\"1\"}".utf8)
    if case .tokens = atOnce(bytes, .json) { Issue.record("JSON") }
  }

  /// Where in a file it stands must not decide what is refused.
  @Test func whiteSpaceAndMarksThatAreNeverWrittenAreTakenAsAtOnceWhereverTheyAre() throws {
    let padding = RecordFormat.json.encode([try padding()])
    for odd in ["{\"id\":\"1\",\n\"user_name\":\"b\"}\n", "\u{FEFF}{\"id\":\"1\"}\n"] {
      let text = padding + Array(odd.utf8)
      let expected = atOnce(text, .json)
      let others = [0, 12].map { inPieces(text, .json, cutAt: [padding.count + $0]) }
      let wrong = others.filter { $0 != expected }
      #expect(wrong.isEmpty, "\(odd.debugDescription): \(expected.summary)")
    }
  }

  @Test(.enabled(if: isFullTest)) func tooManyRecordsAreToldAsAtOnce() {
    let text = Array(String(repeating: "{}\n", count: RecordFormat.recordCountLimit + 1).utf8)
    #expect(inPieces(text, .json, of: 65_536).summary == atOnce(text, .json).summary)
  }
}
