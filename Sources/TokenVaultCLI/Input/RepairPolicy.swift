import ArgumentParser
import TokenVault

/// All limits of a vault as a person gives them: `none`, or `max-age=90d,idle=8h`.
struct RepairPolicy: ExpressibleByArgument {
  private(set) var policy = RetentionPolicy()

  init?(argument: String) {
    if argument == "none" { return }
    for part in argument.split(separator: ",", omittingEmptySubsequences: false) {
      let words = part.split(separator: "=", maxSplits: 1).map(String.init)
      guard words.count == 2, let limit = RetentionPolicy.Limit(rawValue: words[0]),
        policy[limit] == nil, let given = PolicyLimit(argument: words[1]), given.problem == nil,
        let seconds = given.seconds
      else { return nil }
      policy[limit] = seconds
    }
  }
}
