extension HintScenario {
  private static let addElsewhere =
    #"TOKENVAULT_STATE_DIR="$HOME/elsewhere" tokenvault key add --name more --recovery --vault "$VAULT" --open-key-file "$KEY" > code"#

  /// Where a vault is not what this host has seen.
  static let ofMemory: [HintScenario] = [
    HintScenario(
      hint: "if it was put there on purpose, go on with --accept-other-vault",
      before: #"""
        o() { tokenvault --vault other --key-file "$KEY" "$@"; } && o init --quiet &&
        echo '{"user_name":"ann","access_token":"1"} {"user_name":"ben","access_token":"2"}' | o save &&
        cp -p other "$VAULT"
        """#,
      line: "tv list", following: .option("--accept-other-vault")),
    HintScenario(
      hint: "to make a new one all the same, go on with --accept-other-vault",
      before: #"mv "$VAULT" kept && rm -f "$VAULT.previous""#, line: "tv init",
      following: .option("--accept-other-vault"), deleted: ["1", "2"]),
    HintScenario(
      hint: "if that was done on purpose, this accepts it: tokenvault key accept --vault …",
      before: addElsewhere, line: "tv rotate", following: .asPrinted),
    HintScenario(
      hint:
        "if its keys were changed on purpose, go on with --accept-slots; if not, move it away and restore",
      before: #"""
        tokenvault key add --name more --key-file "$HOME/more" --vault "$VAULT" --open-key-file "$KEY" --quiet &&
        TOKENVAULT_STATE_DIR="$HOME/elsewhere" tokenvault rotate --keep-key --vault "$VAULT" --key-file "$HOME/more" --quiet
        """#,
      line: "tv repair", following: .option("--accept-slots"), goal: "tv repair --accept-slots"),
    HintScenario(
      hint: "if it is a copy from before a rotation, go on with --accept-rollback",
      before: #"cp -p "$VAULT" backup && tv rotate --keep-key"#, line: "tv restore --from backup",
      following: .option("--accept-rollback")),
  ]
}
