import ArgumentParser
import TokenVault

/// A time as a person writes it: `90d`, `8h`, `30m`, `10s`.
struct TimeSpan: ExpressibleByArgument, Equatable {
  let seconds: Int64

  var duration: Duration { .seconds(seconds) }

  init(seconds: Int64) { self.seconds = seconds }

  init?(argument: String) {
    let units: [Character: Int64] = ["s": 1, "m": 60, "h": 3600, "d": 86_400]
    guard let last = argument.last, let unit = units[last],
      let count = Int64(argument.dropLast()), count >= 0, count <= 1_000_000
    else { return nil }
    seconds = count * unit
  }

  var defaultValueDescription: String { RetentionPolicy.argument(seconds: seconds) }
}
