import Foundation
import Testing

/// A directory that others can write, or own, lets them put other files in the place of the vault, the key or the state.
@Suite struct SharedDirectoryTests {
  let command: CommandRunner

  init() throws {
    command = try CommandRunner()
    try command.shell(#"umask 022; mkdir data; echo '{"access_token":"1"}' | tokenvault save"#)
  }

  /// What must not change: the names below the home directory with their owners and modes, the files' sizes and times,
  /// and the vault.
  private func everything() throws -> String {
    try command.shell(
      #"find data state -printf '%p %u %m\n' -type f -printf '%p %s %T@\n' | sort; sha256sum data/tokenvault/tokens.vault"#
    ).output
  }

  private func expectRefusal(
    of line: String, _ directory: String, _ location: SourceLocation = #_sourceLocation
  ) throws {
    let before = try everything()
    let result = try command.shell(line)
    #expect(result.status == 8 && result.output.isEmpty, "\(result)", sourceLocation: location)
    #expect(
      result.errors.contains("'\(command.file(directory))' is not safe"), "\(result)",
      sourceLocation: location)
    #expect(!result.errors.contains("chown"), "\(result)", sourceLocation: location)
    #expect(try everything() == before, sourceLocation: location)
  }

  @Test(arguments: [
    "data", "data/tokenvault", "state", "state/tokenvault", "state/tokenvault/keys",
  ])
  func noCommandGoesThroughADirectoryThatOthersCanWrite(_ directory: String) throws {
    for mode in ["777", "757"] {
      try command.shell("chmod \(mode) \(directory)")
      for line in [
        "tokenvault token 1", "tokenvault list", #"echo '{"access_token":"2"}' | tokenvault save"#,
        "tokenvault rotate", "tokenvault refresh 1 -- touch called",
      ] {
        try expectRefusal(of: line, directory)
      }
    }
    #expect(!FileManager.default.fileExists(atPath: command.file("called")))
    for mode in ["1777", "755", "700"] {
      let token = try command.shell("chmod \(mode) \(directory); tokenvault token 1")
      #expect(token.output == "1\n" && token.errors.isEmpty, "\(mode): \(token)")
    }
  }

  @Test func noVaultIsMadeInADirectoryThatOthersCanWrite() throws {
    try command.shell("mkdir -m 777 open; mkdir -m 700 open/own")
    for path in ["open/v", "open/own/v"] {
      try expectRefusal(of: "tokenvault init --vault \(path)", "open")
    }
    try expectRefusal(of: "tokenvault init --vault v --key-file open/own/new/key", "open")
    try expectRefusal(of: "tokenvault key add --name n --key-file open/key", "open")
    try expectRefusal(of: "tokenvault rotate --new-key-file open/key", "open")
    #expect(try command.shell("find open -type f; ls v").output.isEmpty)
  }

  @Test func theVaultsDirectoryAloneMayBeSharedAndThatIsSaid() throws {
    try command.shell("chmod 777 data/tokenvault")
    let token = try command.shell("tokenvault token 1 --allow-shared-directory")
    #expect(token.status == 0 && token.output == "1\n", "\(token)")
    #expect(token.errors.contains("warning: '\(command.file("data/tokenvault"))' is not safe"))
    let status = try command.shell("tokenvault status --allow-shared-directory --quiet")
    #expect(status.output.contains("\nshared "), "\(status)")
    let json = try command.shell("tokenvault --allow-shared-directory status --json --quiet").output
    let object = try #require(try json.json(as: [String: Any].self))
    #expect((object["shared_directory"] as? String)?.contains("mode 777") == true, "\(json)")
    try command.shell("chmod 777 state/tokenvault/keys")
    try expectRefusal(
      of: "tokenvault token 1 --quiet --allow-shared-directory", "state/tokenvault/keys")
    try command.shell("chmod 700 state/tokenvault/keys; chmod 777 state")
    try expectRefusal(of: "tokenvault token 1 --quiet --allow-shared-directory", "state")
  }

  /// In a namespace with passwd and group files of its own.
  @Test(
    .enabled(if: MissingProcTests.canHideProc),
    arguments: [
      (true, "root:x:0:0::/:/bin/sh", "root:x:0:"),
      (true, "root:x:0:0::/:/bin/sh", "root:x:0:root"),
      (false, "root:x:0:0::/:/bin/sh", "root:x:0:bob"),
      (false, "root:x:0:0::/:/bin/sh\nbob:x:7:0::/:/bin/sh", "root:x:0:"),
      (false, "root:x:0:8::/:/bin/sh", "root:x:0:"), (false, "root:x:0:0::/:/bin/sh", "own:x:1:"),
      (true, "", "own:x:0:"),
    ])
  func onlyTheUsersOwnGroupWithoutOtherMembersMayWrite(
    _ isSafe: Bool, _ users: String, _ groups: String
  ) throws {
    try command.write(users + "\n", to: command.file("passwd"))
    try command.write(groups + "\n", to: command.file("group"))
    let result = try command.shell(
      """
      chmod 775 data; unshare -rm bash -c 'mount --bind passwd /etc/passwd &&
      mount --bind group /etc/group && "$0" token 1' '\(CommandRunner.command)'
      """)
    #expect(result.status == (isSafe ? 0 : 8), "\(result)")
    #expect(result.output == (isSafe ? "1\n" : ""), "\(result)")
  }

  /// Of a directory of the user's own group, the mode shows what the list lets others do as the group's.
  @Test(.enabled(if: MissingProcTests.canHideProc))
  func anAccessListHasOtherMembers() throws {
    try command.write("root:x:0:0::/:/bin/sh\n", to: command.file("passwd"))
    try command.write("root:x:0:\n", to: command.file("group"))
    let listed = try command.shell(
      #"""
      python3 - << 'END'
      import os, struct
      entries = (1, 7, -1), (2, 7, 4242), (4, 5, -1), (16, 7, -1), (32, 5, -1)
      rows = b"".join(struct.pack("<HHi", *entry) for entry in entries)
      os.setxattr("data", "system.posix_acl_access", struct.pack("<I", 2) + rows)
      END
      """#)
    // A file system without lists has none to miss.
    if listed.status != 0 { return }
    let result = try command.shell(
      """
      unshare -rm bash -c 'mount --bind passwd /etc/passwd &&
      mount --bind group /etc/group && "$0" token 1' '\(CommandRunner.command)'
      """)
    #expect(result.status == 8 && result.output.isEmpty, "\(result)")
    #expect(result.errors.contains("its mode 775 lets others write"), "\(result)")
  }

  @Test(.enabled(if: MissingProcTests.canHideProc))
  func anOwnerThatTheNamespaceHasNoNumberForIsNoOther() throws {
    // To anyone but root, the directories of root are such in it.
    if getuid() == 0 { try command.shell("mkdir up && mv data state up; chown 4242 up") }
    let up = getuid() == 0 ? command.file("up") : command.home
    let environment = ["XDG_DATA_HOME": "\(up)/data", "XDG_STATE_HOME": "\(up)/state"]
    let token = try command.shell(
      "unshare -r '\(CommandRunner.command)' token 1", environment: environment)
    #expect(token.status == 0 && token.output == "1\n", "\(token)")
    if getuid() == 0 {
      #expect(try command.shell("tokenvault token 1", environment: environment).status == 8)
    }
  }

  @Test(.enabled(if: MissingProcTests.canHideProc))
  func aVaultThatIsMountedByItselfIsReadAndNeverWritten() throws {
    try command.shell(
      #"echo '{"id":"1","refresh_token":"r","expires_at":"2020-01-01T00:00:00Z"}' | tokenvault save; rm data/tokenvault/tokens.vault.lock"#
    )
    let before = try everything()
    for line in [
      #"echo "{\"access_token\":\"2\"}" | "$0" save"#, #""$0" refresh 1 -- touch called"#,
      #""$0" rotate"#, #""$0" delete 1"#, #""$0" compact"#, #""$0" restore"#,
    ] {
      let result = try inMount(line)
      #expect(result.status == 1, "\(line): \(result)")
      #expect(result.errors.contains("is a mount point"), "\(line): \(result)")
      #expect(result.errors.contains("hint: mount the directory"), "\(line): \(result)")
      #expect(try everything() == before, "\(line)")
    }
    #expect(!FileManager.default.fileExists(atPath: command.file("called")))
    #expect(try inMount(#""$0" token 1"#).output == "1\n")
  }

  private func inMount(_ line: String) throws -> CommandRunner.Result {
    try command.shell(
      """
      unshare -rm bash -c 'v=data/tokenvault/tokens.vault; mount --bind $v $v && { \(line); }' \
      '\(CommandRunner.command)'
      """)
  }
}
