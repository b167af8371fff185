import ArgumentParser
import TokenVault

struct PurgeCommand: VaultCommand {
  static let configuration = CommandConfiguration(
    commandName: "purge",
    abstract: "Delete records that have ended, and the previous snapshot with them.",
    examples: [
      "tokenvault purge --dry-run", "tokenvault purge --expired --older-than 7d",
      "tokenvault purge --idle 90d",
    ],
    discussion: """
      Without options, these are the records that the vault's own limits have ended (see `policy`); options add others. \
      A record that a refresh token can still renew has not expired. The vault stores a use within an hour, or a tenth \
      of the limit, and --idle allows for that. Refuses while the clock is earlier than the time of the data key, since \
      one of them is wrong.
      """)

  @Flag(help: "Delete records whose access token has expired and that nothing can renew.")
  var expired = false

  @Option(help: .init("With --expired: only this long after the expiry.", "time"))
  var olderThan: TimeSpan?

  @Option(help: .init("Delete records that were not used for this long.", "time"))
  var idle: TimeSpan?

  @Flag(
    name: [.customShort("n"), .long], help: "Print what would be deleted, and change nothing.")
  var dryRun = false

  @OptionGroup(title: "Global options") var options: GlobalOptions

  func validate() throws {
    if olderThan != nil, !expired { throw ValidationError("--older-than goes with --expired") }
    if idle?.seconds == 0 { throw ValidationError("--idle must be at least 1s") }
  }

  func run() throws {
    let vault = try session.openVault()
    if !expired, idle == nil, try vault.policy().isEndless {
      throw Failure.usage(
        "the vault has no limits, so say what to delete: --expired, --idle",
        hint: "to give it limits, see: tokenvault policy set --help")
    }
    var purge = PurgeOptions()
    if expired { purge.expired = olderThan?.duration ?? .zero }
    purge.idle = idle?.duration
    purge.isDryRun = dryRun
    try session.print(vault.purge(purge))
  }
}
