import Foundation
import Testing

/// What other users have, and what root makes. Only root can set it up, as in CI; for anyone else nothing is tried.
@Suite(.enabled(if: getuid() == 0)) struct OtherUsersTests {
  let command: CommandRunner

  init() throws {
    command = try CommandRunner()
    try command.shell(
      """
      chmod 711 .; cp '\(CommandRunner.command)' tv; chmod 755 tv; umask 022
      for u in 4242 4343; do mkdir h$u; chown $u:$u h$u; done
      """)
  }

  /// Runs a line as this user, in a home directory of his own.
  private func shell(as user: Int, _ line: String) throws -> CommandRunner.Result {
    try command.shell(
      """
      export HOME="$HOME/h\(user)"; unset XDG_DATA_HOME XDG_STATE_HOME; export PATH="$PWD:$PATH"
      setpriv --reuid \(user) --regid \(user) --clear-groups bash -c '\(line)'
      """)
  }

  private func everything() throws -> String {
    try command.shell("find h4242 h4343 -printf '%p %U %m %s %T@\\n' | sort").output
  }

  private func makeVault() throws {
    let save = try shell(as: 4242, #"echo "{\"access_token\":\"1\"}" | tv save --quiet"#)
    #expect(save.status == 0, "\(save)")
  }

  @Test func rootMakesNothingInTheHomeOfAnotherUser() throws {
    let before = try everything()
    for line in ["echo '{\"access_token\":\"1\"}' | ./tv save", "./tv init", "./tv import x.json"] {
      let result = try command.shell(
        """
        echo '{"user_name":"x","access_token":"1"}' > x.json
        export HOME="$HOME/h4242"; unset XDG_DATA_HOME XDG_STATE_HOME; \(line)
        """)
      #expect(result.status == 8 && result.output.isEmpty, "\(line): \(result)")
      #expect(result.errors.contains("it belongs to user 4242"), "\(result)")
      #expect(result.errors.contains("sudo -u '#4242' tokenvault …"), "\(result)")
      #expect(!result.errors.contains("chown"), "\(result)")
      #expect(try everything() == before, "\(line)")
    }
    let shared = try command.shell("./tv init --vault h4242/v --allow-shared-directory")
    #expect(shared.status == 8 && shared.errors.contains("4242"), "\(shared)")
    #expect(try everything() == before)
    try makeVault()
  }

  @Test func rootDoesNotTakeAUsersVaultAway() throws {
    try makeVault()
    let before = try everything()
    let vault = "h4242/.local/share/tokenvault/tokens.vault"
    for options in ["", " --allow-shared-directory"] {
      let result = try command.shell("tokenvault list --vault \(vault)\(options)")
      #expect(result.status == 8 && result.output.isEmpty, "\(result)")
      #expect(result.errors.contains("sudo -u '#4242' tokenvault …"), "\(result)")
      #expect(!result.errors.contains("chown"), "\(result)")
    }
    #expect(try everything() == before)
    #expect(try shell(as: 4242, "tv token 1").output == "1\n")
  }

  @Test func aDirectoryOfAnotherUserIsRefusedForVaultKeyAndState() throws {
    try makeVault()
    try command.shell(
      """
      find h4242 -type d -exec chmod 755 {} +; mkdir h4343/own; cp -p h4242/.local/share/tokenvault/tokens.vault h4343/own/v
      cp -p h4242/.local/state/tokenvault/keys/*.key h4343/own/k; chown -R 4343 h4343
      mkdir h4242/for4343; cp -p h4343/own/? h4242/for4343
      """)
    let before = try everything()
    let at = "\(command.home)/h4242/for4343"
    let own = try shell(as: 4343, "tv token 1 --vault $HOME/own/v --key-file $HOME/own/k")
    #expect(own.status == 0, "\(own)")
    for line in [
      "tv token 1 --vault \(at)/v --key-file $HOME/own/k",
      "tv token 1 --vault $HOME/own/v --key-file \(at)/k",
      "tv token 1 --vault $HOME/own/v --key-file \(at)/k --allow-shared-directory",
      "XDG_STATE_HOME=\(at)/s tv token 1 --vault $HOME/own/v --key-file $HOME/own/k",
    ] {
      let result = try shell(as: 4343, line)
      #expect(result.status == 8 && result.output.isEmpty, "\(line): \(result)")
      #expect(result.errors.contains("h4242' is not safe: it belongs to user 4242"), "\(result)")
    }
    let allowed = try shell(
      as: 4343, "tv token 1 --vault \(at)/v --key-file $HOME/own/k --allow-shared-directory")
    #expect(allowed.status == 0 && allowed.output == "1\n", "\(allowed)")
    #expect(allowed.errors.contains("warning: "), "\(allowed)")
    let foreign = try shell(
      as: 4343,
      "tv list --vault \(command.home)/h4242/.local/share/tokenvault/tokens.vault --allow-shared-directory"
    )
    #expect(foreign.status == 8 && foreign.errors.contains("sudo -u '#4242'"), "\(foreign)")
    let after = try everything()
    #expect(
      after.split(separator: "\n").filter { $0.contains("h4242") }
        == before.split(separator: "\n").filter { $0.contains("h4242") })
  }

  @Test func aStrangersLinkInAStickyDirectoryIsNotFollowed() throws {
    try makeVault()
    try command.shell(
      """
      mkdir -m 1777 s; for u in 4242 4343 0; do
        ln -s "$PWD/h4242/.local/share/tokenvault/tokens.vault" s/file$u
        ln -s ../h4242/.local/share/tokenvault s/directory$u
        ln -s "$PWD/h4242/.local/state" s/state$u
        chown -h $u s/*$u
      done
      """)
    let before = try everything()
    for path in ["file4343", "directory4343/tokens.vault"] {
      let result = try shell(
        as: 4242, "tv token 1 --vault \(command.home)/s/\(path) --allow-shared-directory")
      #expect(result.status == 8 && result.output.isEmpty, "\(result)")
      #expect(result.errors.contains("it is a link of user 4343"), "\(result)")
    }
    let state = try shell(as: 4242, "XDG_STATE_HOME=\(command.home)/s/state4343 tv token 1")
    #expect(state.status == 8 && state.errors.contains("it is a link of user 4343"), "\(state)")
    #expect(try everything() == before)
    for path in ["file4242", "directory4242/tokens.vault", "file0", "directory0/tokens.vault"] {
      let result = try shell(as: 4242, "tv token 1 --vault \(command.home)/s/\(path)")
      #expect(result.status == 0 && result.output == "1\n", "\(result)")
    }
  }

  @Test func whatBarsTheWayIsNamedWithItsOwner() throws {
    try makeVault()
    try command.shell(
      "mkdir -p barred/in; cp h4242/.local/share/tokenvault/tokens.vault barred/in/v; chmod 700 barred"
    )
    let words = "'\(command.home)/barred' belongs to user 0 (root) and has mode 700"
    for line in [
      "tv list --vault \(command.home)/barred/in/v",
      "tv list --vault \(command.home)/barred/none/v",
    ] {
      let result = try shell(as: 4242, line)
      #expect(result.status == 1 && result.errors.contains(words), "\(result)")
    }
    let key = try shell(as: 4242, "tv list --key-file \(command.home)/barred/in/k")
    #expect(key.status == 4 && key.errors.contains(words), "\(key)")
    try command.shell(
      "chmod 555 h4242/.local/share/tokenvault; rm h4242/.local/share/tokenvault/*.lock")
    let save = try shell(as: 4242, #"echo "{\"access_token\":\"2\"}" | tv save"#)
    #expect(save.status == 1, "\(save)")
    #expect(
      save.errors.contains("share/tokenvault' belongs to user 4242 and has mode 555"), "\(save)")
  }
}
