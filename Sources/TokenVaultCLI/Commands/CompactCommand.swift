import ArgumentParser
import TokenVault

struct CompactCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compact", abstract: "Write the vault anew, without what was overwritten.",
    discussion: """
      In a vault above 64 KiB, a save goes behind the others. A save compacts by itself once these are larger than \
      the records before them, so this is never needed; it makes the next such save cheap.
      """)

  @OptionGroup var options: GlobalOptions

  func run() throws {
    let report = try options.session.openVault().compact()
    guard options.session.json else {
      let path = DisplayText.oneLine(report.path)
      let change =
        report.size == report.sizeBefore
        ? "is compact: \(report.size) bytes"
        : "had \(report.sizeBefore) bytes, and has \(report.size)"
      return try StandardOutput.write("'\(path)' \(change), generation \(report.generation)\n")
    }
    var object = JSONObject()
    object.set("path", report.path)
    object.set("size_before", report.sizeBefore)
    object.set("size", report.size)
    object.set("generation", report.generation)
    try StandardOutput.write(object.text + "\n")
  }
}
