import ArgumentParser
import TokenVault

struct LockCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lock", abstract: "Take the key out of the kernel's keyring again.",
    discussion: "Needs no key. Where none was there, that is said and is no error.")

  @OptionGroup var options: GlobalOptions

  func run() throws {
    let wasUnlocked = try Vault.lock(try options.session.configuration().configuration)
    guard options.session.json else {
      return options.session.note(wasUnlocked ? "locked" : "it was not unlocked")
    }
    var object = JSONObject()
    object.set("was_unlocked", wasUnlocked)
    try StandardOutput.write(object.text + "\n")
  }
}
