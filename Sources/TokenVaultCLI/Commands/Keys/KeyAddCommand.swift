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
    help: ArgumentHelp(
      "What the slot is called: letters, digits, '.', '_', '-'.", valueName: "name"))
  var name: String

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

  @OptionGroup var options: GlobalOptions

  func validate() throws {
    let ways = options.files.count + [passphrase, recovery].count { $0 }
    guard ways == 1 else {
      throw ValidationError("give one of --key-file, --credential, --passphrase and --recovery")
    }
    if openKeyFile == "" { throw ValidationError("--open-key-file must not be empty") }
    if newPassphraseFd != nil, !passphrase {
      throw ValidationError("--new-passphrase-fd goes with --passphrase")
    }
  }

  /// Opens with what `--key-file` is not.
  private var session: Session {
    options.session(keys: options.streams + (openKeyFile.map { [.file($0)] } ?? []))
  }

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
    if let file = options.files.first { return (file, nil) }
    if recovery {
      let code = try RecoveryCode.make()
      return (.recoveryCode(code.text), code)
    }
    let what = "passphrase for the slot '\(name)'"
    switch try session.newPassphrase(what, descriptor: newPassphraseFd) {
    case .text(let text): return (.passphrase(text), nil)
    case .none(let reason): throw TokenVaultError.noPassphrase(reason)
    }
  }
}
