import Foundation

extension HintScenario {
  static let all =
    ofVaults + ofKeys + ofMemory + ofTokens + ofTheCommand + ofAccess
    + (getuid() == 0 ? ofOwners : []) + (canUnshare ? ofMounts : [])

  /// Hints at damage that `DamageTests` follows, by the name of its test.
  static let followedByDamageTests = [
    "to go on with what is sound, and keep a copy of the rest: tokenvault repair --vault …":
      "oneDamagedByteCostsNoMoreThanWhatItWasPartOfForWhoFollowsTheHints",
    "if it has a previous snapshot, this brings that back: tokenvault restore --vault …":
      "oneDamagedByteCostsNoMoreThanWhatItWasPartOfForWhoFollowsTheHints",
    "give those that it had, or none: tokenvault repair --vault … --policy none":
      "oneDamagedByteCostsNoMoreThanWhatItWasPartOfForWhoFollowsTheHints",
    "give those that it had; its previous snapshot has these: tokenvault repair --vault … --policy …":
      "limitsThatAreLostAreAskedForAndGiven",
  ]

  private static let saveAgain = #"echo '{"id":"1","scope":"again"}' | tv save"#

  /// A vault whose only chunk is damaged, behind which the saves are sound.
  private static let damageLastByte = #"""
    python3 - "$VAULT" << 'END'
    import sys
    with open(sys.argv[1], "r+b") as file:
        file.seek(-1, 2)
        byte = file.read(1)[0]
        file.seek(-1, 2)
        file.write(bytes([byte ^ 1]))
    END
    """#

  static let ofVaults: [HintScenario] =
    [
      HintScenario(
        hint: "a json vault has no such limit: tokenvault convert --format json",
        before: #"""
          tv convert --format csv && python3 -c 'import json
          for user in "a", "b":
            fields = {f"{user}{i}": "v" for i in range(600)}
            print(json.dumps({"user_name": user, "access_token": "1"} | fields))' > wide
          """#,
        line: "tv save < wide", following: .asPrinted),
      HintScenario(
        hint: "mkdir -p …", line: #"tv init --vault "$HOME/it's/a new/vault""#,
        following: .asPrinted),
      HintScenario(
        hint: "mkdir -p …", line: "tokenvault init --vault=-new/vault --key-file=-key",
        following: .asPrinted),
      HintScenario(
        hint: "make one with: tokenvault init --vault …",
        line: #"tokenvault list --vault "it's new" --key-file "a key""#, following: .asPrinted),
      HintScenario(
        hint: "make one with: tokenvault init --vault …",
        line: #"tokenvault list --vault=-new --key-file=-key"#, following: .asPrinted),
      HintScenario(
        hint: "to go back to that snapshot: tokenvault restore --vault …",
        before: #"\#(saveAgain) && rm "$VAULT""#, line: "tv list", following: .asPrinted),
      HintScenario(
        hint: "chmod 600 …", before: #"chmod 644 "$VAULT""#, line: "tv list", following: .asPrinted),
      HintScenario(
        hint: "chmod 600 …", before: #"chmod 640 "$KEY""#, line: "tv list", following: .asPrinted),
      HintScenario(
        hint:
          "to go on with what is sound, and keep a copy of the rest: tokenvault repair --vault …",
        before: "\(saveAgain) && \(damageLastByte)", line: "tv list", following: .asPrinted),
      HintScenario(
        hint: "to go back to it all the same, go on with --accept-rollback",
        before: #"""
          cp -p "$VAULT" backup && echo '{"id":"1","scope":"2"}' | tv save && \#(saveAgain)
          """#,
        line: "tv restore --from backup", following: .option("--accept-rollback")),
      HintScenario(
        hint: "when nothing in it is missed: tokenvault repair --discard --vault …",
        before: #"cp -p "$VAULT" "$VAULT.damaged""#, line: "tv delete 2", following: .asPrinted,
        deleted: ["2"]),
      HintScenario(
        hint: "if a backup was put back on purpose, go on with --accept-rollback",
        before: #"""
          cp -p "$VAULT" backup && echo '{"id":"1","scope":"2"}' | tv save && \#(saveAgain) &&
          cp -p backup "$VAULT"
          """#,
        line: "tv list", following: .option("--accept-rollback"),
        opening: #"--key-file "$KEY" --accept-rollback"#),
      HintScenario(
        // The newer version is not here: what it is to read must be untouched.
        hint: "install a newer tokenvault",
        before: #"""
          mv "$VAULT" sound && printf 'tokenvault 2\n' > newer &&
          printf 'end %s\n' $(sha256sum < newer | cut -c1-64) >> newer && cp newer "$VAULT" && chmod 600 "$VAULT"
          """#,
        line: "tv list", following: .words(#"cmp newer "$VAULT"; mv sound "$VAULT""#)),
      HintScenario(
        // The same for a vault of this version that says what else its reader must know.
        hint: "install a newer tokenvault",
        before: #"""
          cp -p "$VAULT" sound && python3 - "$VAULT" << 'END' && cp "$VAULT" newer
          import hashlib, sys
          with open(sys.argv[1], "r+b") as file:
            body, rest = file.read().split(b"\nend ", 1)
            body = body.replace(b"features none", b"features row-seals") + b"\n"
            file.seek(0)
            file.write(body + b"end " + hashlib.sha256(body).hexdigest().encode() + rest[64:])
          END
          """#,
        line: "tv list", following: .words(#"cmp newer "$VAULT"; mv sound "$VAULT""#)),
      HintScenario(
        hint: "wait longer with --lock-timeout",
        before: #"""
          python3 - "$VAULT.lock" > holding << 'END' &
          import fcntl, os, sys, time
          os.closerange(3, 1000)  # By which the test waits for the shell.
          file = open(sys.argv[1], "r+b")
          fcntl.lockf(file, fcntl.LOCK_EX)
          print("held", flush=True)
          end = time.monotonic() + 60
          while not os.path.exists("enough") and time.monotonic() < end:
              time.sleep(0.01)
          END
          for n in {1..600}; do [ -s holding ] && break; sleep 0.1; done
          """#,
        line: #"[ -e tried ] && touch enough; touch tried; tv delete 2 --lock-timeout 0"#,
        following: .option("--lock-timeout 60"), deleted: ["2"]),
    ]
}
