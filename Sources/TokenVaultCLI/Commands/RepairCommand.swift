import ArgumentParser
import TokenVault

struct RepairCommand: LongCommand {
  static let configuration = CommandConfiguration(
    commandName: "repair", abstract: "Salvage what is sound in a damaged vault.",
    examples: [
      "tokenvault repair", "tokenvault repair --policy max-age=90d,idle=30d",
      "tokenvault repair --discard",
    ],
    discussion: """
      Keeps every whole record from the chunks of the snapshot that still open, and from every log entry behind it that \
      can be read, and prints what is lost. The file as it was stays as <vault>.damaged, until --discard. The limits \
      stand before the first records: if they are lost, --policy has to say which they are. If nothing is wrong, \
      nothing is done; if nothing can be saved, see: tokenvault help restore.
      """)

  @Option(help: .init("If the vault's limits are lost: none, or max-age=90d,idle=30d.", "limits"))
  var policy: RepairPolicy?

  @Flag(help: "Remove <vault>.damaged for good; refused while the vault is not sound.")
  var discard = false

  @Flag(help: "Accept a data key and key slots that this host has not seen, and repair.")
  var acceptSlots = false

  @OptionGroup(title: "Global options") var options: GlobalOptions

  func validate() throws {
    if discard, policy != nil || acceptSlots {
      throw ValidationError("--discard repairs nothing")
    }
  }

  func run() throws {
    var session = session
    session.acceptsSlots = acceptSlots
    let configuration = try session.configuration()
    if discard { return try discardDamaged(configuration) }
    try session.print(Vault.repair(configuration, policy: policy?.policy))
  }

  private func discardDamaged(_ configuration: VaultConfiguration) throws {
    let paths: [String]
    do { paths = try Vault.discardDamaged(configuration) } catch {
      throw Failure(
        error.code, "\(error.description); nothing was discarded", hint: error.hint)
    }
    let names = paths.map { "'\($0)'" }.joined(separator: ", ")
    try session.print(
      note: paths.isEmpty ? "there is nothing to discard" : "discarded \(names)",
      json: ["discarded": paths])
  }
}
