import ArgumentParser
import TokenVault

struct KeyAddCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "add", abstract: "Add a way to open the vault.",
    discussion: """
      --key-file, --credential, --passphrase and --recovery say what the new slot is for; a key file that \
      is not there yet is made. The vault itself is opened as by every command, or with one of the other \
      options; --open-key-file is what --key-file is elsewhere.
      """)

  @Option(
    help: ArgumentHelp("What the slot is called: letters, digits, '.', '_', '-'.", valueName: "name"))
  var name: String

  @Option(help: ArgumentHelp("The new slot's key file.", valueName: "path"))
  var keyFile: String?

  @Option(
    help: ArgumentHelp(
      "The new slot's key: a credential in $CREDENTIALS_DIRECTORY.", valueName: "name"))
  var credential: String?

  @Flag(help: "The new slot is for a passphrase, which is asked for.")
  var passphrase = false

  @Flag(help: "The new slot is for a recovery code, which is printed.")
  var recovery = false

  @Option(
    help: ArgumentHelp(
      "With --passphrase: an open descriptor with it in a line.", valueName: "n"))
  var newPassphraseFd: Int32?

  @Option(help: ArgumentHelp("A file with the key that opens the vault.", valueName: "path"))
  var openKeyFile: String?

  @OptionGroup(title: "Key") var key: KeyStreamOptions

  @OptionGroup var common: CommonOptions

  func validate() throws {
    let ways = [keyFile != nil, credential != nil, passphrase, recovery].filter { $0 }
    guard ways.count == 1 else {
      throw ValidationError("give one of --key-file, --credential, --passphrase and --recovery")
    }
    for (option, value) in [
      ("--key-file", keyFile), ("--credential", credential), ("--open-key-file", openKeyFile),
    ] where value == "" {
      throw ValidationError("\(option) must not be empty")
    }
    if newPassphraseFd != nil, !passphrase {
      throw ValidationError("--new-passphrase-fd goes with --passphrase")
    }
    try KeyStreamOptions.refuseSeveral(opening)
    do { try session.validate() } catch { throw ValidationError(error.sentence) }
  }

  private var opening: [KeySource] { key.sources + (openKeyFile.map { [.file($0)] } ?? []) }

  private var session: Session { common.session(key: opening.first) }

  func run() throws {
    let vault = try session.openVault()
    let (source, code) = try newKey()
    let slot = try vault.addSlot(named: name, key: source)
    if let code {
      do { try RecoveryCodePrinter(session: session).show(code) } catch let failure as Failure {
        throw Failure(
          failure.status, "the slot '\(name)' is added, but its code is lost: \(failure.sentence)",
          hint: "tokenvault key remove \(name)")
      }
    } else if session.json {
      try StandardOutput.write(KeyListCommand.json([slot]) + "\n")
    }
    session.note("added the key slot '\(slot.name)' (\(slot.kind.rawValue), key \(slot.keyID))")
  }

  private func newKey() throws -> (KeySource, RecoveryCode?) {
    if let keyFile { return (.file(keyFile), nil) }
    if let credential { return (.credential(credential), nil) }
    if recovery {
      let code = try RecoveryCode.make()
      return (.recoveryCode(code.text), code)
    }
    let prompt = PassphrasePrompt(isForbidden: session.noInput)
    switch try prompt.new("passphrase for the slot '\(name)'", descriptor: newPassphraseFd) {
    case .text(let text): return (.passphrase(text), nil)
    case .none(let reason): throw TokenVaultError.notAnswered(reason: reason)
    }
  }
}
