import ArgumentParser
import TokenVault

struct PolicySetCommand: VaultCommand {
  static let configuration = CommandConfiguration(
    commandName: "set", abstract: "Change the vault's limits.",
    examples: [
      "tokenvault policy set --max-age 90d --idle 30d", "tokenvault policy set --expired none",
    ],
    discussion: """
      The vault no longer returns records that a limit has ended, and `purge` deletes them. Limits that are not named \
      stay; 'none' removes one.
      """)

  @Option(help: .init("How long a record lasts from its first save, refreshed or not.", "time"))
  var maxAge: PolicyLimit?

  @Option(help: .init("How long a record lasts without a save or a use.", "time"))
  var idle: PolicyLimit?

  @Option(help: .init("How long an expired record lasts that nothing can refresh.", "time"))
  var expired: PolicyLimit?

  @OptionGroup(title: "Global options") var options: GlobalOptions

  private var limits: [(limit: RetentionPolicy.Limit, given: PolicyLimit?)] {
    [(.maxAge, maxAge), (.idle, idle), (.expired, expired)]
  }

  func validate() throws {
    guard limits.contains(where: { $0.given != nil }) else {
      throw ValidationError("give at least one of --max-age, --idle and --expired")
    }
    for (limit, given) in limits {
      guard let problem = given?.problem else { continue }
      throw ValidationError("--\(limit.rawValue) must be \(problem)")
    }
  }

  func run() throws {
    let policy = try session.openVault().changePolicy { policy in
      for (limit, given) in limits {
        if let given { policy[limit] = given.seconds }
      }
    }
    let report = PolicyReport(policy: policy)
    try session.print(note: "limits: \(report.summary)", json: report.object)
  }
}
