import ArgumentParser
import TokenVault

struct StatusCommand: OutputOnlyCommand {
  static let configuration = CommandConfiguration(
    commandName: "status", abstract: "Print what the vault is and what it protects against.",
    examples: ["tokenvault status", "tokenvault status --max-key-age 30d --json"],
    discussion:
      "Warns if the data key is older than --max-key-age, else $TOKENVAULT_MAX_KEY_AGE.")

  @Option(help: .init("How old the data key may be (default: 90d).", "time"))
  var maxKeyAge: TimeSpan?

  @OptionGroup(title: "Global options") var options: GlobalOptions

  func run() throws {
    let limit = try limit()
    let status = try session.openVault().status()
    let age = KeyAge(status)
    session.note(age.warning(limit: limit))
    try session.print(StatusReport(status: status, age: age, ageLimit: limit))
  }

  private func limit() throws(Failure) -> Int64 {
    if let maxKeyAge { return maxKeyAge.seconds }
    guard let text = Terminal.variable("TOKENVAULT_MAX_KEY_AGE") else {
      return KeyAge.standardLimit
    }
    guard let span = TimeSpan(argument: text) else {
      throw .usage("TOKENVAULT_MAX_KEY_AGE is no time: \(TimeSpan.forms)")
    }
    return span.seconds
  }
}
