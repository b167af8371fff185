import ArgumentParser
import TokenVault

struct UnlockCommand: VaultCommand {
  static let configuration = CommandConfiguration(
    commandName: "unlock",
    abstract: "Keep the opened key in the kernel's keyring, so that a passphrase is typed once.",
    examples: ["tokenvault unlock", "tokenvault unlock --timeout 30m"],
    discussion: """
      For all programs of this user, until the time is up, `lock`, or the next rotation. Containers often forbid the \
      keyring.
      """)

  @Option(help: .init("For how long: 30m, 8h, 2d.", "time"))
  var timeout = TimeSpan(seconds: 8 * 3600)

  @OptionGroup(title: "Global options") var options: GlobalOptions

  func validate() throws {
    if timeout.seconds == 0 { throw ValidationError("--timeout must be longer than nothing") }
  }

  func run() throws {
    try session.openVault().unlock(for: timeout.duration)
    try session.print(
      note: "unlocked for \(TimeText.span(seconds: timeout.seconds))",
      json: ["unlocked_seconds": timeout.seconds])
  }
}
