import FoundationEssentials

/// All that one run has measured; what it writes as JSON.
struct Results: Codable, Sendable {
  let machine: Machine
  let isQuick: Bool
  let sizes: [Int]
  let bytesPerRecord: Int
  var rows: [Row] = []
  var bars: [Bar] = []
  var notes: [String] = []

  func row(_ work: Work, _ contender: String, _ tokens: Int) -> Row? {
    rows.first { $0.work == work.rawValue && $0.contender == contender && $0.tokens == tokens }
  }

  func median(_ work: Work, _ contender: String, _ tokens: Int) -> Double? {
    row(work, contender, tokens)?.median
  }

  var smallest: Int { sizes.min() ?? 0 }
  var largest: Int { sizes.max() ?? 0 }

  static func read(_ path: String) throws -> Results {
    try JSONDecoder().decode(Results.self, from: Data(contentsOf: URL(filePath: path)))
  }

  func write(_ path: String) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    try (encoder.encode(self) + [10]).write(to: URL(filePath: path))
  }
}
