import Foundation
import Testing

/// What the scripts of `completion` complete, in the shells themselves.
@Suite struct CompletionTests {
  let command: CommandRunner

  init() throws {
    command = try CommandRunner()
    try command.shell("mkdir bin && ln -s '\(CommandRunner.command)' bin/tokenvault")
    try command.run(
      "save",
      input: #"""
        [{"user_name":"ann","access_token":"S3CRET"},{"user_name":"anton","access_token":"S3CRET"},
        {"user_name":"ben","refresh_token":"S3CRET"},{"id":"x\u001b[2J","access_token":"S3CRET"}]
        """#)
  }

  /// What bash would offer for the last of the words, one a line.
  private func bash(_ words: String, _ setting: String = "") throws -> [String] {
    let result = try command.shell(
      """
      PATH="$HOME/bin:$PATH"; unset -f tokenvault; \(setting)
      source <(tokenvault completion bash)
      COMP_WORDS=(tokenvault \(words)); COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
      COMP_LINE="${COMP_WORDS[*]}"; COMP_POINT=${#COMP_LINE}
      _tokenvault tokenvault "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
      printf '%s\\n' "${COMPREPLY[@]}" | sed 's/ *$//'
      """)
    #expect(result.status == 0 && result.errors.isEmpty, "\(result)")
    #expect(!result.output.contains("S3CRET") && !result.output.contains("\u{1B}"))
    return result.output.split(separator: "\n").map(String.init).sorted()
  }

  @Test(arguments: ["bash", "zsh", "fish"])
  func theScriptIsTheParsersOwnAndTheShellReadsIt(_ shell: String) throws {
    let script = try command.run("completion", shell)
    #expect(script.status == 0)
    #expect(script.output == (try command.run("--generate-completion-script", shell).output))
    try command.write(script.output, to: command.file("script"))
    let read = try command.shell("\(shell) -n script")
    #expect(read.status == 0 && read.errors.isEmpty, "\(read)")
  }

  @Test func usersAndIDsComeFromTheVault() throws {
    for name in ["find", "token", "refresh", "delete"] {
      #expect(try bash("\(name) --user an") == ["ann", "anton"])
      #expect(try bash("\(name) ''").starts(with: ["1", "2", "3"]))
      #expect(try bash("\(name) --id 2") == ["2"])
    }
    #expect(try bash("save -u ''") == ["ann", "anton", "ben"])
    #expect(try bash("key remove ''") == ["default"])
    try command.shell(
      "mkdir 'a b'; tokenvault init -q --vault 'a b/v' --key-file 'a b/k'; echo '{\"user_name\":\"zoe\",\"access_token\":\"S3CRET\"}' | tokenvault save --vault 'a b/v' --key-file 'a b/k'"
    )
    #expect(try bash("token --vault 'a b/v' --key-file 'a b/k' --user ''") == ["zoe"])
    #expect(try bash("token --vault=nowhere --user ''").isEmpty)
  }

  /// Names that a shell would run, take for an option or for another word, and some that are words.
  private static let names = [
    "$(touch ran)", "`touch ran`", "q$(touch ran)", "q`touch ran`", "o'neil", #"back\slash"#,
    #"qu"ote"#, "--all", "~root", "$HOME", "q$HOME", "{x,y}", "q*", "q;touch ran", "q&touch ran",
    "q|touch ran", "q\nq2", "q\tq2", "q\u{202E}", "a b", "c:d@e.org", "日本語", "zoé",
  ]
  static let words = ["a b", "c:d@e.org", "zoé", "日本語"]

  func saveNames() throws {
    let records = Self.names.map { ["user_name": $0, "access_token": "S3CRET"] }
    let input = String(decoding: try JSONSerialization.data(withJSONObject: records), as: UTF8.self)
    try command.shell("tokenvault init -q --vault n --key-file k")
    #expect(
      try command.run(
        "save", "--vault", command.file("n"), "--key-file", command.file("k"), input: input
      ).status == 0)
  }

  func expectNothingRan(_ offered: [String], _ words: [String] = words) {
    #expect(offered.sorted() == words)
    #expect(!FileManager.default.fileExists(atPath: command.file("ran")))
  }

  @Test func bashRunsNoNameAndOffersNoneThatIsNotAWord() throws {
    try saveNames()
    expectNothingRan(try bash("token --vault n --key-file k --user ''"))
    expectNothingRan(try bash("token --vault n --key-file k --user q"), [])
    expectNothingRan(try bash("token --vault n --key-file k --user z"), ["zoé"])
  }

  /// Zsh completes only while a person types; `_describe` gets what would be shown.
  @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/zsh")))
  func zshRunsNoNameAndOffersNoneThatIsNotAWord() throws {
    try saveNames()
    let result = try command.shell(
      #"""
      tokenvault completion zsh > script
      PATH="$HOME/bin:$PATH" SAP_SHELL=zsh zsh -f -c 'compdef() {}; source script
      _describe() { print -rl -- "${non_empty_completions[@]}" }
      command_name=tokenvault command_line=(tokenvault token --vault n --key-file k --user "")
      __tokenvault_custom_complete ---completion token -- --user 7 0'
      """#)
    #expect(result.status == 0 && result.errors.isEmpty, "\(result)")
    expectNothingRan(
      result.output.split(separator: "\n").map { String($0.replacing("\\:", with: ":")) })
    #expect(result.output.contains(#"c\:d@e.org"#))
  }

  @Test func pathsCompleteAsFilesAndFormatsByValue() throws {
    try command.shell("mkdir paths && touch paths/records paths/reports")
    for line in [
      "import paths/re", "save paths/re", "list --vault paths/re", "list --key-file paths/re",
      "export --plaintext -o paths/re", "restore --from paths/re", "rotate --new-key-file paths/re",
    ] {
      #expect(try bash(line) == ["paths/records", "paths/reports"], "\(line)")
    }
    #expect(try bash("import --from zoho").contains("zoho-csv"))
    #expect(try bash("export --format c") == ["csv"])
    #expect(try bash("comp") == ["compact", "completion"])
    #expect(try bash("completion ''") == ["bash", "fish", "zsh"])
  }

  @Test func aCompletionAsksNothingRunsNothingAndEnds() throws {
    try command.shell(
      "printf 'pass phrase\\n' | tokenvault init -q --vault p --passphrase-fd 0; mkfifo pipe")
    #expect(try bash("token --vault p --user ''").isEmpty)
    #expect(try bash("token --vault pipe --user ''").isEmpty)
    #expect(try bash("token --key-command 'touch ran' --user ''").isEmpty)
    #expect(try bash("token --user ''", "export TOKENVAULT_KEY_COMMAND='touch ran'").isEmpty)
    #expect(try bash("token --passphrase-fd 0 --vault p --user ''").isEmpty)
    #expect(!FileManager.default.fileExists(atPath: command.file("ran")))
    let before = try command.bytes(command.standardVault)
    #expect(try bash("refresh --user ben") == ["ben"])
    #expect(try command.bytes(command.standardVault) == before)
  }
}
