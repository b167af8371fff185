import ArgumentParser
import TokenVault

struct PurgeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "purge",
    abstract: "Delete what has come to its end, and the previous snapshot with it.",
    discussion: """
      Without options, that is what the vault's own limits have ended (see `policy`); with options, what they \
      say besides. A record that a refresh token can still renew has not expired. Uses are noted within the \
      hour, or a tenth of the limit, and --idle allows for that. Refuses while the clock lies before the time \
      of the data key, since one of them is wrong.
      """)

  @Flag(help: "Delete records whose access token has ended and that nothing can renew.")
  var expired = false

  @Option(help: ArgumentHelp("With --expired: that ended so long ago.", valueName: "time"))
  var olderThan: TimeSpan?

  @Option(
    help: ArgumentHelp("Delete records that were not used for so long.", valueName: "time"))
  var idle: TimeSpan?

  @Flag(help: "Tell what would be deleted, and change nothing.")
  var dryRun = false

  @OptionGroup var options: GlobalOptions

  func validate() throws {
    if olderThan != nil, !expired { throw ValidationError("--older-than goes with --expired") }
    if idle?.seconds == 0 { throw ValidationError("--idle must be at least 1s") }
  }

  func run() throws {
    let vault = try options.session.openVault()
    if !expired, idle == nil, try vault.policy().isEndless {
      throw Failure.usage(
        "the vault has no limits, so say what to delete: --expired, --idle",
        hint: "to give it limits, see: tokenvault policy set --help")
    }
    let report = try vault.purge(purge)
    if options.session.json { return try StandardOutput.write(Self.json(report).text + "\n") }
    try StandardOutput.write(report.deleted.map(Self.line).joined())
    tell(report)
  }

  private var purge: PurgeOptions {
    var purge = PurgeOptions()
    if expired { purge.expired = .seconds(olderThan?.seconds ?? 0) }
    purge.idle = idle.map { .seconds($0.seconds) }
    purge.isDryRun = dryRun
    return purge
  }

  private func tell(_ report: PurgeReport) {
    let count = report.deleted.count
    let verb = report.isDryRun ? "would delete" : "deleted"
    options.session.note("\(verb) \(Self.text(count, "token"))")
    let spared = report.sparedRenewable
    if spared > 0 {
      options.session.note(
        "kept \(Self.text(spared, "expired token")) that a refresh token can still renew")
    }
  }

  private static func text(_ count: Int, _ name: String) -> String {
    "\(count) \(name)\(count == 1 ? "" : "s")"
  }

  private static func line(_ record: EndedRecord) -> String {
    let line = "\(record.id)  \(record.userName ?? "-")  \(record.limit.rawValue): \(record.cause)"
    return DisplayText.oneLine(line) + "\n"
  }

  private static func json(_ report: PurgeReport) -> JSONObject {
    let deleted = report.deleted.map { record in
      var object = JSONObject()
      object.set("id", record.id)
      if let user = record.userName { object.set("user_name", user) }
      object.set("limit", record.limit.rawValue)
      object.set("since", record.since.description)
      return object.text
    }
    var object = JSONObject()
    object.set("deleted", json: "[\(deleted.joined(separator: ","))]")
    object.set("spared_renewable", report.sparedRenewable)
    object.set("dry_run", report.isDryRun)
    return object
  }
}
