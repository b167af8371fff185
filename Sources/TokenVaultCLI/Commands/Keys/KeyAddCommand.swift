import ArgumentParser
import TokenVault

struct KeyAddCommand: VaultCommand {
  static let configuration = CommandConfiguration(
    commandName: "add", abstract: "Add a key slot, which opens the vault too.",
    examples: [
      "tokenvault key add --name backup --key-file backup.key",
      "tokenvault key add --name me --passphrase", "tokenvault key add --name paper --recovery",
    ],
    discussion: """
      --key-file, --credential, --passphrase and --recovery say what the new slot is for; a key file that does not exist \
      yet is created. The vault itself is opened as by every command, or with one of the other options; --open-key-file \
      is what --key-file is elsewhere.
      """)

  @Option(help: .init("The slot's name: letters, digits, '.', '_', '-'.", "name"))
  var name: String

  @Flag(help: "The new slot is for a passphrase, which is asked for.")
  var passphrase = false

  @Flag(help: "The new slot is for a recovery code, which is printed.")
  var recovery = false

  @Option(help: .init("With --passphrase: an open descriptor with it in a line.", "n"))
  var newPassphraseFd: Int32?

  @Option(help: .init("A file with the key that opens the vault.", "path"), completion: .file())
  var openKeyFile: String?

  @OptionGroup(title: "Global options") var options: GlobalOptions

  func validate() throws {
    let ways = options.files.count + [passphrase, recovery].count { $0 }
    guard ways == 1 else {
      throw ValidationError("give one of --key-file, --credential, --passphrase and --recovery")
    }
    try refuseEmpty(["--open-key-file": openKeyFile])
    if newPassphraseFd != nil, !passphrase {
      throw ValidationError("--new-passphrase-fd goes with --passphrase")
    }
  }

  /// Opens with the keys that are not the new slot's.
  var session: Session {
    var session = options.session
    session.keys = options.streams + (openKeyFile.map { [.file($0)] } ?? [])
    return session
  }

  func run() throws {
    let vault = try session.openVault()
    let slot: KeySlotStatus
    if recovery {
      let code = try RecoveryCode.make()
      slot = try vault.addSlot(named: name, code: code)
      try RecoveryCodeReport(code: code).show(
        session, ifLost: "the slot '\(name)' is added, but its code is lost",
        hint: "tokenvault key remove \(name)")
    } else {
      slot = try vault.addSlot(named: name, key: newKey())
      try session.print(ShortReport(json: [slot.json]))
    }
    session.note("added the key slot '\(slot.name)' (\(slot.kind.rawValue), key \(slot.keyID))")
  }

  private func newKey() throws -> KeySource {
    if let file = options.files.first { return file }
    return try session.newPassphraseKey(
      "passphrase for the slot '\(name)'", descriptor: newPassphraseFd)
  }
}
