@testable import TokenRecords
@testable import TokenVault
@testable import VaultCrypto

/// What comes of a text.
enum DecodedText: Equatable {
  case tokens([OAuthToken], [RecordHistory])
  case error(RecordError)

  static func tokens(_ tokens: [OAuthToken]) -> DecodedText {
    .tokens(tokens, tokens.map(\.history))
  }
}

extension DecodedText {
  /// Without all records.
  var summary: String {
    switch self {
    case .tokens(let tokens, _): "\(tokens.count) records"
    case .error(let error): "\(error)"
    }
  }
}

/// Tests that decode a text in pieces, and all of it at once.
protocol RecordPiecesSuite {}

extension RecordPiecesSuite {
  /// So much makes the reader decode what it has.
  static var pieceSize: Int { 262_144 }

  func atOnce(_ text: [UInt8], _ format: RecordFormat) -> DecodedText {
    do { return .tokens(try format.decode(stored: text.span)) } catch { return .error(error) }
  }

  /// The text, cut at these places.
  func inPieces(_ text: [UInt8], _ format: RecordFormat, cutAt cuts: [Int]) -> DecodedText {
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

  func inPieces(_ text: [UInt8], _ format: RecordFormat, of size: Int) -> DecodedText {
    inPieces(text, format, cutAt: Array(stride(from: size, to: text.count, by: size)))
  }

  /// A record that is so large that whatever comes behind it is decoded with the piece that it ends in.
  func padding() throws -> OAuthToken {
    try smallToken("padding", String(repeating: "p", count: Self.pieceSize))
  }

  /// A text, and where in it what comes behind the padding begins.
  func padded(
    _ tokens: [OAuthToken], _ format: RecordFormat
  ) throws -> (text: [UInt8], start: Int) {
    let encoder = RecordEncoder(format, attributesOf: [try padding()] + tokens)
    let start = encoder.text([try padding()]).count
    return (encoder.text([try padding()] + tokens[...]), start)
  }
}
