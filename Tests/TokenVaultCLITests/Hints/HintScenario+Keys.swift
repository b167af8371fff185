extension HintScenario {
  private static let nameTheKey =
    "name the key with --key-file, --key-command, --passphrase-fd or --recovery-fd"
  private static let nameTheNewKey =
    "name a file for the new key with --new-key-file, or --keep-key"
  private static let ownKey =
    "give this vault a key of its own with --new-key-file, or --keep-key"
  private static let seeHelp = "see: tokenvault --help"

  private static let addWays = #"""
    tokenvault key add --name word --passphrase --new-passphrase-fd 3 --vault "$VAULT" --open-key-file "$KEY" 3<<< word &&
    tokenvault key add --name paper --recovery --vault "$VAULT" --open-key-file "$KEY" > code
    """#

  static let ofKeys: [HintScenario] =
    [
      #"--key-file "$KEY""#, #"--key-command "cat \"$KEY\"""#, "--passphrase-fd 3 3<<< word",
      "--recovery-fd 3 3< code",
    ].map { option in
      HintScenario(
        hint: nameTheKey, before: "export KEY; \(addWays)",
        line: #"export KEY; tokenvault list --vault "$VAULT""#, following: .option(option))
    } + [
      HintScenario(
        hint: nameTheKey,
        line: #"tokenvault key add --name new --key-file new --vault "$VAULT""#,
        following: .option(#"--open-key-file "$KEY""#)),
      HintScenario(
        hint: nameTheNewKey,
        line: #"export KEY; tokenvault rotate --vault "$VAULT" --key-command 'cat "$KEY"'"#,
        following: .option("--new-key-file new"), opening: "--key-file new"),
      HintScenario(
        hint: nameTheNewKey,
        line: #"export KEY; tokenvault rotate --vault "$VAULT" --key-command 'cat "$KEY"'"#,
        following: .option("--keep-key")),
      HintScenario(
        hint: ownKey, before: "tv init --vault second", line: "tv rotate",
        following: .option("--new-key-file new"),
        goal: #"tv rotate --new-key-file new && tv list --vault second"#,
        opening: "--key-file new"),
      HintScenario(
        hint: ownKey, before: "tv init --vault second", line: "tv rotate",
        following: .option("--keep-key"), goal: "tv rotate --keep-key && tv list --vault second"),
      HintScenario(
        hint: "add another one first: tokenvault key add --name …-2 --recovery",
        line: "tv key remove default", following: .asPrinted,
        opening: "--recovery-fd 3 3< printed"),
      HintScenario(
        hint: "tokenvault key remove …",
        line:
          #"tokenvault key add --name paper --recovery --vault "$VAULT" --open-key-file "$KEY" > "${OUTPUT:-/dev/full}""#,
        following: .asPrinted,
        goal:
          #"tokenvault key add --name paper --recovery --vault "$VAULT" --open-key-file "$KEY" > code"#,
        opening: "--recovery-fd 3 3< code"),
      HintScenario(
        hint: "tokenvault key remove recovery && tokenvault key add --name recovery --recovery",
        line: #"tv init --recovery --vault "it's new" > /dev/full"#, following: .asPrinted,
        goal: #"tokenvault list --vault "it's new" --recovery-fd 3 3< printed"#),
      HintScenario(
        hint:
          "what OpenSSL may do is up to its configuration, in the file that OPENSSL_CONF names or else the system's openssl.cnf: openssl list -providers",
        before: #"""
          printf 'openssl_conf = s\n[s]\nproviders = p\n[p]\nnull = n\n[n]\nactivate = 1\n' > strict
          """#,
        line: "[ -e strict ] && export OPENSSL_CONF=strict; tv list",
        following: .words("OPENSSL_CONF=strict eval \"$HINT\"; rm strict")),
      HintScenario(
        hint: seeHelp, line: #"tokenvault list --key-fd 3 --vault "$VAULT" --key-file "$KEY""#,
        following: .words(#"eval "$HINT" | grep -- "SUBCOMMANDS""#), goal: "tv list"),
    ]
}
