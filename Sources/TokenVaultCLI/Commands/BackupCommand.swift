import ArgumentParser
import TokenVault

struct BackupCommand: LongCommand {
  static let configuration = CommandConfiguration(
    commandName: "backup", abstract: "Copy the vault to a new file, and open the copy.",
    examples: ["tokenvault backup /mnt/usb/tokens.vault", "tokenvault backup copy.vault --json"],
    discussion: """
      The copy is encrypted as the vault is, and the same keys open it: keep one of them elsewhere, such as a recovery \
      code. It is of one moment, while other programs save; cp of a large vault in use is not. restore --from FILE \
      brings it back.
      """)

  @Argument(
    help: .init("The copy, which must not exist yet.", valueName: "file"), completion: .file())
  var file: String

  @OptionGroup(title: "Global options") var options: GlobalOptions

  func validate() throws { try refuseEmpty(["FILE": file]) }

  func run() throws {
    try session.print(session.openVault(forOneRecord: true).backUp(to: file))
  }
}
