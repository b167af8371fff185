extension HintScenario {
  /// The kernel gives every process one argument at least, so the test of this hint is in this process.
  static let ofMissingArguments =
    "start it by a shell, or with its name as the first argument"

  static let ofTheCommand: [HintScenario] = [
    HintScenario(
      hint: "name the vault with --vault or TOKENVAULT_FILE",
      line: #"unset HOME XDG_DATA_HOME; tokenvault list --key-file "$KEY""#,
      following: .option(#"--vault "$VAULT""#)),
    HintScenario(
      hint: "name the vault with --vault or TOKENVAULT_FILE",
      line: #"unset HOME XDG_DATA_HOME; tokenvault list --key-file "$KEY""#,
      following: .words(":"),
      goal:
        #"export TOKENVAULT_FILE="$VAULT"; unset HOME XDG_DATA_HOME; tokenvault list --key-file "$KEY""#
    ),
    HintScenario(
      hint: "see: … --help", line: "tv lits",
      following: .words(#"eval "$HINT" | grep 'tokenvault list'"#), goal: "tv list"),
  ]
}
