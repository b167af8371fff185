import ArgumentParser
import TokenVault

struct RepairCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "repair", abstract: "Go on with what is sound in a vault whose end is damaged.",
    discussion: """
      Keeps the records before the saves that are damaged, and every later save that can still be read. The file as \
      it was stays as <vault>.damaged. For a vault that is damaged further ahead, see: tokenvault help restore. \
      Where nothing is wrong, nothing is done.
      """)

  @OptionGroup var options: GlobalOptions

  func run() throws {
    let report = try Vault.repair(try options.session.configuration().configuration)
    guard options.session.json else {
      return try StandardOutput.write(DisplayText.oneLine(Self.sentence(report)) + "\n")
    }
    var object = JSONObject()
    object.set("path", report.path)
    if let copy = report.copy { object.set("copy", copy) }
    object.set("sound_saves", report.soundSaves)
    object.set("lost_saves", report.lostSaves)
    object.set("unfinished_bytes", report.unfinishedBytes)
    object.set("tokens", report.tokens)
    object.set("generation", report.generation)
    try StandardOutput.write(object.text + "\n")
  }

  private static func sentence(_ report: RepairReport) -> String {
    guard let copy = report.copy else {
      return "'\(report.path)' is sound: \(report.tokens) tokens, generation \(report.generation)"
    }
    let lost = "\(report.lostSaves) \(report.lostSaves == 1 ? "save" : "saves") lost"
    let unfinished =
      report.unfinishedBytes > 0
      ? ", and \(report.unfinishedBytes) bytes of one that never came to its end" : ""
    return
      "repaired '\(report.path)': \(lost)\(unfinished); \(report.soundSaves) behind the snapshot "
      + "were sound; \(report.tokens) tokens, now generation \(report.generation); "
      + "the file as it was is '\(copy)'"
  }
}
