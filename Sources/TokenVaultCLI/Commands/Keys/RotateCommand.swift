import ArgumentParser
import TokenVault

struct RotateCommand: LongCommand {
  static let configuration = CommandConfiguration(
    commandName: "rotate", abstract: "Rotate the vault's keys, while others use it.",
    examples: ["tokenvault rotate --dry-run", "tokenvault rotate", "tokenvault rotate --keep-key"],
    discussion: """
      Makes a new data-encryption key (DEK) and a new key-encryption key (KEK) for the slot that opens the vault, \
      encrypts everything again, and puts the new KEK in the old one's place. The old key, the previous snapshot and \
      older copies of the vault open nothing that is written afterwards. A kill at any moment leaves a vault that opens.
      """)

  @Flag(help: "Rotate the data key only: every file, passphrase and code stays as it is.")
  var keepKey = false

  @Flag(help: "Accept the clock, although the data key was made by one that was ahead.")
  var acceptClock = false

  @Flag(help: "Accept key slots that this host has not seen, and rotate.")
  var acceptSlots = false

  @Flag(help: "Remove key slots that this host has not seen, and rotate.")
  var dropOtherSlots = false

  @Flag(
    name: [.customShort("n"), .long], help: "Print what would be done, and change nothing.")
  var dryRun = false

  @Option(
    help: .init("The file for the new key, if not the old one's; must not exist.", "path"),
    completion: .file())
  var newKeyFile: String?

  @Option(help: .init("An open descriptor with the new passphrase in a line.", "n"))
  var newPassphraseFd: Int32?

  @OptionGroup(title: "Global options") var options: GlobalOptions

  func validate() throws {
    try refuseEmpty(["--new-key-file": newKeyFile])
    if let newPassphraseFd, newPassphraseFd < 0 {
      throw ValidationError("--new-passphrase-fd must not be negative")
    }
    if newPassphraseFd != nil, newKeyFile != nil {
      throw ValidationError("a slot is for a key or for a passphrase")
    }
    if acceptSlots, dropOtherSlots {
      throw ValidationError("give one of --accept-slots and --drop-other-slots")
    }
    if keepKey, newKeyFile != nil || newPassphraseFd != nil {
      throw ValidationError("--keep-key makes no new key")
    }
  }

  func run() throws {
    let session = session
    var rotation = RotationOptions()
    rotation.keepsKey = keepKey
    rotation.acceptsClock = acceptClock
    rotation.isDryRun = dryRun
    if acceptSlots { rotation.otherSlots = .accept }
    if dropOtherSlots { rotation.otherSlots = .drop }
    rotation.newKeyFile = newKeyFile
    let descriptor = newPassphraseFd
    rotation.newPassphrase = { session.newPassphrase("new passphrase", descriptor: descriptor) }
    rotation.showRecoveryCode = { code in
      do throws(Failure) {
        try RecoveryCodeReport(code: code).begin(session)
        return nil
      } catch {
        return error.sentence
      }
    }
    if newKeyFile != nil { rotation.demandedKind = .key }
    if newPassphraseFd != nil { rotation.demandedKind = .passphrase }
    let report = try Vault.rotate(session.configuration(), rotation)
    try session.print(RotationResult(report: report, isDryRun: dryRun))
  }
}
