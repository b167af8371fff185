import ArgumentParser
import TokenVault

struct RotateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rotate", abstract: "Renew the vault's keys, while others use it.",
    discussion: """
      Makes a new data key and a new key for the slot that opens the vault, seals everything again, and \
      puts the new key in the old one's place. The old key, the previous snapshot and older copies of the \
      vault open nothing that is written afterwards. A kill at any moment leaves a vault that opens.
      """)

  @Flag(help: "Renew the data key alone: every file, passphrase and code stays as it is.")
  var keepKey = false

  @Flag(
    help:
      "Go on where the data key was made while the clock was ahead: take the clock of now for right."
  )
  var acceptClock = false

  @Flag(help: "Accept key slots that this host has not seen, and rotate.")
  var acceptSlots = false

  @Flag(help: "Take key slots out of the vault that this host has not seen, and rotate.")
  var dropOtherSlots = false

  @Flag(help: "Say what would be done, and change nothing.")
  var dryRun = false

  @Option(
    help: ArgumentHelp(
      "Where the new key goes, if not in the old one's place; must not be there.",
      valueName: "path"))
  var newKeyFile: String?

  @Option(
    help: ArgumentHelp(
      "An open descriptor with the new passphrase in a line, where a passphrase opens the vault.",
      valueName: "n"))
  var newPassphraseFd: Int32?

  @OptionGroup var options: GlobalOptions

  func validate() throws {
    if newKeyFile == "" { throw ValidationError("--new-key-file must not be empty") }
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
    let session = options.session
    var rotation = RotationOptions()
    rotation.keepsKey = keepKey
    rotation.acceptsClock = acceptClock
    rotation.isDryRun = dryRun
    if acceptSlots { rotation.otherSlots = .accept }
    if dropOtherSlots { rotation.otherSlots = .drop }
    rotation.newKeyFile = newKeyFile
    let descriptor = newPassphraseFd
    rotation.newPassphrase = {
      do throws(TokenVaultError) {
        return try session.newPassphrase("new passphrase", descriptor: descriptor)
      } catch {
        return .none(reason: "descriptor \(descriptor ?? 0): \(error.description)")
      }
    }
    rotation.showRecoveryCode = { code in
      do throws(Failure) {
        try RecoveryCodePrinter(session: session).begin(code)
        return nil
      } catch {
        return error.sentence
      }
    }
    if newKeyFile != nil { rotation.demandedKind = .key }
    if newPassphraseFd != nil { rotation.demandedKind = .passphrase }
    if StandardError.isTerminal { rotation.onStep = { Self.tell($0, session) } }
    try report(Vault.rotate(try session.configuration().configuration, rotation))
  }

  /// Only of work that takes its time: above 10,000 tokens of 500 bytes.
  private static func tell(_ step: RotationStep, _ session: Session) {
    if case .sealing(let bytes) = step, bytes > 5_000_000 {
      session.note("sealing \(bytes / 1_000_000) MB again …")
    }
  }

  private func report(_ report: RotationReport) throws {
    guard options.session.json else { return try StandardOutput.write(text(report)) }
    var object = JSONObject()
    object.set("path", report.path)
    object.set("dry_run", dryRun)
    object.set("tokens", report.tokens)
    object.set("generation", report.generation)
    object.set("source", report.source)
    object.set("old_data_key_id", report.oldDataKeyID)
    if let id = report.newDataKeyID { object.set("new_data_key_id", id) }
    if let slot = report.slot { object.set("slot", slot) }
    if let id = report.oldKeyID { object.set("old_key_id", id) }
    if let id = report.newKeyID { object.set("new_key_id", id) }
    if let path = report.keyPath { object.set("key_file", path) }
    object.set("rewrapped", strings: report.rewrapped)
    object.set("dropped", strings: report.dropped)
    // Where a recovery code opened the vault, the new one is printed, and the object begun.
    let isBegun = report.kind == .recovery && report.slot != nil && !dryRun
    try StandardOutput.write((isBegun ? "," + object.text.dropFirst() : object.text) + "\n")
  }

  private func text(_ report: RotationReport) -> String {
    let (done, new) = dryRun ? ("would rotate", "a new one") : ("rotated", "?")
    var lines = [
      "\(done) '\(report.path)': \(report.tokens) tokens, generation \(report.generation)"
    ]
    lines.append("data key   \(report.oldDataKeyID) -> \(report.newDataKeyID ?? new)")
    if let slot = report.slot {
      let place = report.keyPath.map { ", in '\($0)'" } ?? ""
      lines.append(
        "slot       \(slot): \(report.oldKeyID ?? "") -> \(report.newKeyID ?? new)\(place)")
    }
    if !report.rewrapped.isEmpty {
      lines.append("kept       \(report.rewrapped.joined(separator: ", "))")
    }
    if !report.dropped.isEmpty {
      lines.append("dropped    \(report.dropped.joined(separator: ", "))")
    }
    return lines.map { DisplayText.oneLine($0) + "\n" }.joined()
  }
}
