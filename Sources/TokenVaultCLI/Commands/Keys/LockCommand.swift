import ArgumentParser
import TokenVault

struct LockCommand: VaultCommand {
  static let configuration = CommandConfiguration(
    commandName: "lock", abstract: "Remove the key from the kernel's keyring.",
    examples: ["tokenvault lock"],
    discussion: "Needs no key. If there was none in the keyring, that is no error.")

  @OptionGroup(title: "Global options") var options: GlobalOptions

  func run() throws {
    let wasUnlocked = try Vault.lock(session.configuration())
    try session.print(
      note: wasUnlocked ? "locked" : "it was not unlocked", json: ["was_unlocked": wasUnlocked])
  }
}
