import FoundationEssentials
import TokenVault

extension Run {
  /// All records through our codecs and through FoundationEssentials' JSON coders.
  func codecs() throws {
    guard let now = Timestamp(millisecondsSince1970: 0) else { return }
    let plain = (1...size).map(TestRecord.init)
    let tokens = plain.map(\.token)
    let text = try JSONEncoder().encode(plain)
    let (json, csv) = (RecordFormat.json.encode(tokens), RecordFormat.csv.encode(tokens))
    func piece(_ name: String, _ expected: Int, _ count: @escaping () throws -> Int) -> TimedPiece {
      TimedPiece(name) {
        let result = try count()
        precondition(result == expected)
      }
    }
    let encoders = [
      piece("JSON encode", json.count) { RecordFormat.json.encode(tokens).count },
      piece("CSV encode", csv.count) { RecordFormat.csv.encode(tokens).count },
      piece("JSONEncoder", text.count) { try JSONEncoder().encode(plain).count },
    ]
    let decoders = [
      piece("JSON decode", size) { try RecordFormat.json.decode(json.span, now: now).count },
      piece("CSV decode", size) { try RecordFormat.csv.decode(csv.span, now: now).count },
      piece("JSONDecoder", size) {
        try JSONDecoder().decode([TestRecord].self, from: text).count
      },
    ]
    try measure(encoders, rounds: 7)
    try measure(decoders, rounds: 7)
  }
}
