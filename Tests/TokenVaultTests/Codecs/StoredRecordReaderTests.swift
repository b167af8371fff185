import Glibc
import Testing

@testable import TokenRecords
@testable import TokenVault
@testable import VaultCrypto

/// What is decoded from pieces of a text is what decoding all of it at once gives, and so are the errors.
@Suite struct StoredRecordReaderTests {
  /// What comes of a text.
  fileprivate enum Result: Equatable {
    case tokens([OAuthToken], [RecordHistory])
    case error(RecordError)

    static func tokens(_ tokens: [OAuthToken]) -> Result { .tokens(tokens, tokens.map(\.history)) }
  }

  /// So much makes the reader decode what it has.
  private static let pieceSize = 262_144

  private func atOnce(_ text: [UInt8], _ format: RecordFormat) -> Result {
    do { return .tokens(try format.decode(stored: text.span)) } catch { return .error(error) }
  }

  /// The text, cut at these places.
  private func inPieces(_ text: [UInt8], _ format: RecordFormat, cutAt cuts: [Int]) -> Result {
    var reader = StoredRecordReader(format)
    do {
      var start = 0
      for end in cuts.filter({ $0 < text.count }) + [text.count] {
        try reader.add(text.span.extracting(start..<end))
        start = end
      }
      return .tokens(Array(try reader.finish()))
    } catch {
      return .error(error)
    }
  }

  private func inPieces(_ text: [UInt8], _ format: RecordFormat, of size: Int) -> Result {
    inPieces(text, format, cutAt: Array(stride(from: size, to: text.count, by: size)))
  }

  /// A record that is so large that whatever comes behind it is decoded with the piece that it ends in.
  private func padding() throws -> OAuthToken {
    try smallToken("padding", String(repeating: "p", count: Self.pieceSize))
  }

  /// A text, and where in it what comes behind the padding begins.
  private func padded(
    _ tokens: [OAuthToken], _ format: RecordFormat
  ) throws -> (text: [UInt8], start: Int) {
    let encoder = RecordEncoder(format, attributesOf: [try padding()] + tokens)
    let start = encoder.text([try padding()]).count
    return (encoder.text([try padding()] + tokens[...]), start)
  }

  // MARK: Whole texts

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

  // MARK: Errors

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
    for text in ["id,user_name\r\n1,a", "id,user_name\r\n1,", "id,user_name\r\n1,\"a,b\""] {
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

  @Test(.enabled(if: isFullTest)) func tooManyRecordsAreToldAsAtOnce() {
    let text = Array(String(repeating: "{}\n", count: RecordFormat.recordCountLimit + 1).utf8)
    #expect(inPieces(text, .json, of: 65_536).summary == atOnce(text, .json).summary)
  }
}

extension StoredRecordReaderTests.Result {
  /// Without all records.
  fileprivate var summary: String {
    switch self {
    case .tokens(let tokens, _): "\(tokens.count) records"
    case .error(let error): "\(error)"
    }
  }
}
