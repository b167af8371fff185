import ArgumentParser
import TokenVault

struct RepairCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "repair", abstract: "Go on with what is sound in a damaged vault.",
    discussion: """
      Keeps every whole record from the parts of the snapshot that still open, and from every save behind it that can \
      be read, and says what is lost. The file as it was stays as <vault>.damaged, until --discard. Limits stand \
      before the first records: where they are lost, --policy has to say which they are. Where nothing is wrong, \
      nothing is done; where nothing can be saved, see: tokenvault help restore.
      """)

  @Option(
    help: ArgumentHelp(
      "The limits to go on with where the vault's are lost: none, or like max-age=90d,idle=30d.",
      valueName: "limits"))
  var policy: RepairPolicy?

  @Flag(help: "Remove <vault>.damaged for good; refused while the vault is not sound.")
  var discard = false

  @Flag(help: "Accept a data key and key slots that this host has not seen, and repair.")
  var acceptSlots = false

  @OptionGroup var options: GlobalOptions

  func validate() throws {
    if discard, policy != nil || acceptSlots {
      throw ValidationError("--discard repairs nothing")
    }
  }

  func run() throws {
    var session = options.session
    session.acceptsSlots = acceptSlots
    let configuration = try session.configuration().configuration
    if discard { return try discardDamaged(configuration) }
    let report = try Vault.repair(configuration, policy: policy?.policy)
    try StandardOutput.write(
      options.session.json
        ? Self.json(report).text + "\n" : DisplayText.oneLine(Self.sentence(report)) + "\n")
  }

  private func discardDamaged(_ configuration: VaultConfiguration) throws {
    let paths: [String]
    do { paths = try Vault.discardDamaged(configuration) } catch {
      throw Failure(
        ExitStatus(error), "\(error.description); nothing was discarded", hint: error.hint)
    }
    if options.session.json {
      var object = JSONObject()
      object.set("discarded", strings: paths)
      return try StandardOutput.write(object.text + "\n")
    }
    let names = paths.map { "'\($0)'" }.joined(separator: ", ")
    options.session.note(paths.isEmpty ? "there is nothing to discard" : "discarded \(names)")
  }

  private static func json(_ report: RepairReport) -> JSONObject {
    var object = JSONObject()
    object.set("path", report.path)
    if let copy = report.copy { object.set("copy", copy) }
    object.set("sound_saves", report.soundSaves)
    object.set("lost_saves", report.lostSaves)
    object.set("unfinished_bytes", report.unfinishedBytes)
    object.set("snapshot_damaged", report.isSnapshotDamaged)
    if report.isSnapshotDamaged {
      object.set("snapshot_chunks", report.snapshotChunks)
      object.set("lost_chunks", report.lostChunks)
      object.set("lost_bytes", report.lostBytes)
    }
    object.set("limits_lost", report.areLimitsLost)
    object.set("names_lost", report.areNamesLost)
    object.set("tokens_from_snapshot", report.tokensFromSnapshot)
    object.set("tokens_from_saves", report.tokens - report.tokensFromSnapshot)
    object.set("tokens", report.tokens)
    object.set("generation", report.generation)
    return object
  }

  private static func sentence(_ report: RepairReport) -> String {
    guard let copy = report.copy else {
      return "'\(report.path)' is sound: \(report.tokens) tokens, generation \(report.generation)"
    }
    let parts = [
      lost(report), "\(report.soundSaves) behind the snapshot were sound",
      "\(report.tokens) tokens, \(report.tokensFromSnapshot) from the snapshot and "
        + "\(report.tokens - report.tokensFromSnapshot) from saves behind it, "
        + "now generation \(report.generation)",
      "the file as it was is '\(copy)'",
    ]
    return "repaired '\(report.path)': " + parts.joined(separator: "; ")
  }

  private static func lost(_ report: RepairReport) -> String {
    var parts: [String] = []
    if report.isSnapshotDamaged {
      parts.append(
        report.lostBytes + report.lostChunks == 0
          ? "nothing of the damaged snapshot lost"
          : "\(report.lostChunks) of \(report.snapshotChunks) chunks of the snapshot lost, "
            + "and with them \(report.lostBytes) bytes of records")
    }
    if report.areLimitsLost { parts.append("the limits lost") }
    if report.areNamesLost { parts.append("the names of unknown fields lost") }
    parts.append("\(report.lostSaves) \(report.lostSaves == 1 ? "save" : "saves") lost")
    if report.unfinishedBytes > 0 {
      parts.append("and \(report.unfinishedBytes) bytes of one that never came to its end")
    }
    return parts.joined(separator: ", ")
  }
}
