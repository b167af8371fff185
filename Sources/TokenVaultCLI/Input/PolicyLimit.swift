import ArgumentParser
import TokenVault

/// A limit as a person gives it: a time, or `none`.
struct PolicyLimit: ExpressibleByArgument {
  let seconds: Int64?

  init?(argument: String) {
    if argument == "none" {
      seconds = nil
    } else if let span = TimeSpan(argument: argument) {
      seconds = span.seconds
    } else {
      return nil
    }
  }

  /// What it must be instead, if no vault can have it.
  var problem: String? {
    guard let seconds, !(1...RetentionPolicy.secondsLimit).contains(seconds) else { return nil }
    return "from 1s to \(RetentionPolicy.secondsLimit / 86_400)d, or none"
  }
}
