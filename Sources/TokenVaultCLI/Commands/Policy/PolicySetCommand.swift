import ArgumentParser
import TokenVault

struct PolicySetCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "set", abstract: "Change the vault's limits.",
    discussion: """
      What a limit has ended is no longer handed out, and `purge` deletes it. Limits that are not named stay; \
      'none' takes one away.
      """)

  @Option(
    help: ArgumentHelp(
      "How long a record lasts from its first save, refreshed or not.", valueName: "time"))
  var maxAge: PolicyLimit?

  @Option(
    help: ArgumentHelp(
      "How long a record lasts without being saved or handed out.", valueName: "time"))
  var idle: PolicyLimit?

  @Option(
    help: ArgumentHelp(
      "How long a record lasts after its access token's end, if nothing can renew it.",
      valueName: "time"))
  var expired: PolicyLimit?

  @OptionGroup var options: GlobalOptions

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
    let policy = try options.session.openVault().changePolicy { policy in
      for (limit, given) in limits {
        if let given { policy[limit] = given.seconds }
      }
    }
    let printer = PolicyPrinter(policy: policy)
    if options.session.json { return try StandardOutput.write(printer.object.text + "\n") }
    options.session.note("limits: \(printer.sentence)")
  }
}
