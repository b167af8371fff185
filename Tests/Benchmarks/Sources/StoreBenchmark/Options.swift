/// What the command line says.
struct Options {
  var sizes = [30, 1000, 10_000, 100_000]
  var isQuick = false
  var works = Work.allCases
  var json: String?
  var tokenvault: String?
  /// `--chart FILE.json OUT.svg`
  var chart: (results: String, image: String)?
  /// `--table FILE.json`
  var table: String?

  static let usage = """
    store-benchmark [--quick] [--sizes 30,1000,…] [--only WORK[,…]] [--json FILE] [--tokenvault PATH]
    store-benchmark --chart FILE.json OUT.svg
    store-benchmark --table FILE.json
    Works: \(Work.allCases.map(\.rawValue).joined(separator: ", "))
    """

  init(_ arguments: [String]) throws {
    var rest = arguments[...]
    func value() throws -> String {
      guard let word = rest.popFirst() else { throw SuiteError(Self.usage) }
      return word
    }
    var sizes: [Int]?
    while let word = rest.popFirst() {
      switch word {
      case "--quick": isQuick = true
      case "--sizes": sizes = try Self.sizes(value())
      case "--only": works = try Self.works(value())
      case "--json": json = try value()
      case "--tokenvault": tokenvault = try value()
      case "--chart": chart = try (value(), value())
      case "--table": table = try value()
      default: throw SuiteError(Self.usage)
      }
    }
    self.sizes = sizes ?? (isQuick ? [30, 1000, 10_000] : self.sizes)
  }

  /// How long a contender saves at a stretch where the rate is measured.
  var turn: Duration { .milliseconds(isQuick ? 400 : 1500) }

  private static func sizes(_ text: String) throws -> [Int] {
    let sizes = text.split(separator: ",").compactMap { Int($0) }.filter { $0 > 0 }
    if sizes.isEmpty { throw SuiteError(usage) }
    return sizes.sorted()
  }

  private static func works(_ text: String) throws -> [Work] {
    try text.split(separator: ",").map { name in
      guard let work = Work(rawValue: String(name)) else { throw SuiteError(usage) }
      return work
    }
  }
}
