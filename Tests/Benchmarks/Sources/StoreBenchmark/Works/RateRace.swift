import Measuring

/// Several ways to save as fast as they can, each for a turn, one after another, some rounds of it.
struct RateRace {
  let work: Work
  let tokens: Int
  private var contenders: [(name: String, run: () throws -> [SavingLoop.Result])] = []
  private var rates: [[Double]] = []
  private var saves: [[Duration]] = []
  private var failures: [Int] = []

  init(work: Work, tokens: Int) { (self.work, self.tokens) = (work, tokens) }

  mutating func add(_ name: String, _ run: @escaping () throws -> [SavingLoop.Result]) {
    contenders.append((name, run))
    rates.append([])
    saves.append([])
    failures.append(0)
  }

  mutating func run(rounds: Int) throws {
    for _ in 0..<rounds {
      for (index, contender) in contenders.enumerated() {
        let results = try contender.run()
        rates[index].append(results.reduce(0) { $0 + $1.rate })
        saves[index] += results.flatMap(\.saves)
        failures[index] += results.reduce(0) { $0 + $1.failures }
      }
    }
  }

  /// What is to be said of saves that came to nothing.
  var failureNotes: [String] {
    zip(contenders, failures).filter { $1 > 0 }.map { contender, count in
      "\(contender.name): \(count) saves have waited in vain for others"
    }
  }

  static func wait(_ name: String) -> String { "\(name): one save" }

  /// The rates, then how long the saves took.
  func rows(comparedTo name: String) -> [Row] {
    let rows = zip(contenders, rates).map { Row(work, $0.name, tokens, $1, .savesPerSecond) }
    let waits = zip(contenders, saves).map { Row(work, Self.wait($0.name), tokens, Samples($1)) }
    return rows.compared(to: name) + waits
  }
}
