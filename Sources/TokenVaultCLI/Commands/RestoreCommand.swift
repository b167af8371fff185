import ArgumentParser
import TokenVault

struct RestoreCommand: VaultCommand {
  static let configuration = CommandConfiguration(
    commandName: "restore", abstract: "Bring the previous snapshot, or another copy, back.",
    examples: ["tokenvault restore", "tokenvault restore --from backup.vault --accept-rollback"],
    discussion: """
      Opens the copy first, and says how old it is. If it is more than one generation behind what this host has seen of \
      the vault, or lacks what `repair` salvages from a damaged one, --accept-rollback has to be given. A vault whose \
      header is sound keeps its own keys, and gets only the records of the copy; a missing one, or one with a damaged \
      header, is replaced as a whole. The replaced vault becomes the previous snapshot, so that a second restore undoes \
      the first, or, if it is damaged, <vault>.damaged.
      """)

  @Option(
    help: .init("A copy of the vault, instead of <vault>.previous.", "file"), completion: .file())
  var from: String?

  @Option(
    help: .init("The key of the copy, if that is from before a rotation.", "path"),
    completion: .file())
  var fromKeyFile: String?

  @OptionGroup(title: "Global options") var options: GlobalOptions

  func validate() throws { try refuseEmpty(["--from-key-file": fromKeyFile, "--from": from]) }

  func run() throws {
    let session = session
    try session.print(
      Vault.restore(
        session.configuration(), from: from, key: fromKeyFile.map { .file($0) },
        announce: StandardError.isTerminal ? { session.note("\($0.age) '\($0.path)'") } : nil))
  }
}
