import ArgumentParser
import TokenVault

/// A time as a person writes it: `90s`, `5m`, `1h30m`, `7d`.
struct TimeSpan: ExpressibleByArgument, Equatable {
  let seconds: Int64

  /// What a message says about a time that is none.
  static let forms = "times are written like 90s, 5m, 1h30m or 7d"

  private static let units: [(name: Character, seconds: Int64)] = [
    ("d", 86_400), ("h", 3600), ("m", 60), ("s", 1),
  ]
  /// Of each unit.
  private static let countLimit: Int64 = 1_000_000

  var duration: Duration { .seconds(seconds) }

  init(seconds: Int64) { self.seconds = seconds }

  /// Reads counts with their units, the largest unit first and each at most once.
  init?(argument: String) {
    var (rest, sum) = (argument[...], Int64(0))
    for unit in Self.units {
      let digits = rest.prefix { $0.isASCII && $0.isNumber }
      guard rest[digits.endIndex...].first == unit.name else { continue }
      guard let count = Int64(digits), count <= Self.countLimit else { return nil }
      sum += count * unit.seconds
      rest = rest[digits.endIndex...].dropFirst()
    }
    guard rest.isEmpty, !argument.isEmpty else { return nil }
    seconds = sum
  }

  var defaultValueDescription: String { RetentionPolicy.argument(seconds: seconds) }
}
