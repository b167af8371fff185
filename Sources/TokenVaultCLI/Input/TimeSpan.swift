import ArgumentParser

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

  /// In the largest unit that divides it: what the help shows for a default.
  var defaultValueDescription: String {
    for (unit, size) in [("d", 86_400), ("h", 3600), ("m", 60)] as [(String, Int64)]
    where seconds % size == 0 {
      return "\(seconds / size)\(unit)"
    }
    return "\(seconds)s"
  }
}
