import ArgumentParser
import TokenVault

struct CompactCommand: LongCommand {
  static let configuration = CommandConfiguration(
    commandName: "compact", abstract: "Checkpoint: write a new snapshot without the log behind it.",
    examples: ["tokenvault compact"],
    discussion: """
      In a vault above 64 KiB, a save appends an entry to a write-ahead log behind the snapshot. A save compacts by \
      itself once the log is larger than the snapshot, so this command is never needed; it makes the next such save cheap.
      """)

  @OptionGroup(title: "Global options") var options: GlobalOptions

  func run() throws {
    // The records are written again without being decoded.
    try session.print(session.openVault(forOneRecord: true).compact())
  }
}
