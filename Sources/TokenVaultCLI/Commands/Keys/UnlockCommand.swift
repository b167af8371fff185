import ArgumentParser
import TokenVault

struct UnlockCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "unlock",
    abstract: "Keep the opened key in the kernel's keyring, so that a passphrase is typed once.",
    discussion: """
      For all programs of this user, until the time is up, `lock`, or the next rotation. Containers often \
      forbid the keyring.
      """)

  @Option(help: ArgumentHelp("For how long: 30m, 8h, 2d.", valueName: "time"))
  var timeout = TimeSpan(seconds: 8 * 3600)

  @OptionGroup var options: GlobalOptions

  func validate() throws {
    if timeout.seconds == 0 { throw ValidationError("--timeout must be longer than nothing") }
  }

  func run() throws {
    let seconds = timeout.seconds
    try options.session.openVault().unlock(for: .seconds(seconds))
    guard options.session.json else {
      return options.session.note("unlocked for \(Clock.text(seconds: seconds))")
    }
    var object = JSONObject()
    object.set("unlocked_seconds", seconds)
    try StandardOutput.write(object.text + "\n")
  }
}
