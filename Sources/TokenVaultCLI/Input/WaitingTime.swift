import ArgumentParser

/// A time as ``TimeSpan`` has it, or a number of seconds, perhaps with a fraction.
struct WaitingTime: ExpressibleByArgument {
  let seconds: Double

  init(seconds: Double) { self.seconds = seconds }

  init?(argument: String) {
    guard let seconds = Double(argument) ?? TimeSpan(argument: argument).map({ Double($0.seconds) })
    else { return nil }
    self.seconds = seconds
  }

  var defaultValueDescription: String { "\(Int(seconds))s" }
}
