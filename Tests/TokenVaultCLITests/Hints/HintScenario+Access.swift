import Foundation

extension HintScenario {
  private static let shareOrClose =
    "if they are trusted, go on with --allow-shared-directory; if not: chmod go-w …"
  private static let nameRootsPlaces =
    "name places of root's with --vault, XDG_DATA_HOME and XDG_STATE_HOME; or run it as that user: sudo -u … tokenvault …"

  static let ofAccess: [HintScenario] = [
    HintScenario(
      hint: "chmod go-w …", before: #"chmod 777 "$HOME/state""#, line: "tv list",
      following: .asPrinted),
    HintScenario(
      hint: shareOrClose, before: #"chmod 777 "$HOME/it's a vault""#, line: "tv list",
      following: .asPrinted),
    HintScenario(
      hint: shareOrClose,
      before: #"mkdir keys && cp -p "$KEY" keys/key && chmod 777 "$HOME/it's a vault""#,
      line: #"tokenvault list --vault "$VAULT" --key-file keys/key"#,
      following: .option("--allow-shared-directory"),
      opening: "--key-file keys/key --allow-shared-directory"),
  ]

  /// A shell function that runs the command as `sudo` would, and a copy of the command that every user can reach.
  private static let asOtherUser = #"""
    cp '\#(CommandRunner.command)' tv; chmod 755 tv; chmod 711 "$HOME"
    sudo() {
      case $2 in '#'*) u=${2#?};; *) u=$(id -u "$2");; esac; shift 2
      setpriv --reuid "$u" --clear-groups "$@"
    }

    """#

  /// Those that only root can make.
  static let ofOwners: [HintScenario] = [
    HintScenario(
      hint: "run it as that user: sudo -u … tokenvault …",
      before: #"chown 4242 "$VAULT""#, line: "tv list",
      following: .words(
        asOtherUser + #"""
          chown 4242 "$KEY"; chmod 755 "$HOME/it's a vault"
          eval "${HINT% tokenvault …} ./tv list --vault \"\$VAULT\" --key-file \"\$KEY\"" | grep ann
          chown 0 "$VAULT" "$KEY"
          """#)),
    HintScenario(
      hint: nameRootsPlaces, before: "mkdir theirs && chown 4242 theirs",
      line:
        #"(export HOME="$HOME/theirs"; unset XDG_DATA_HOME XDG_STATE_HOME; tokenvault init $MORE)"#,
      following: .words(
        asOtherUser
          + #"(unset XDG_DATA_HOME XDG_STATE_HOME; HOME="$HOME/theirs" eval "${HINT% tokenvault …} ./tv init")"#
      ),
      goal:
        #"XDG_DATA_HOME="$HOME/own" XDG_STATE_HOME="$HOME/own" HOME="$HOME/theirs" tokenvault init"#
    ),
    HintScenario(
      hint:
        "name a vault in a directory of your own; or, if that user is trusted, go on with --allow-shared-directory",
      before: asOtherUser
        + #"mkdir theirs keys; cp "$VAULT" theirs/v; cp "$KEY" keys/k; chown 4242 theirs; chown -R 4343 theirs/v keys"#,
      line: #"setpriv --reuid 4343 --clear-groups ./tv list --vault theirs/v --key-file keys/k"#,
      following: .option("--allow-shared-directory")),
    HintScenario(
      hint: "name a directory of your own, with --key-file or XDG_STATE_HOME",
      before: asOtherUser
        + #"mkdir theirs own; cp "$VAULT" own/v; cp "$KEY" own/k; cp "$KEY" theirs/k; chown -R 4343 own theirs/k; chown 4242 theirs"#,
      line: #"setpriv --reuid 4343 --clear-groups ./tv list --vault own/v --key-file theirs/k"#,
      following: .option("--key-file own/k"),
      goal: #"setpriv --reuid 4343 --clear-groups ./tv list --vault own/v --key-file own/k"#),
    HintScenario(
      hint: "name what it leads to, if that is meant, or another path",
      before: #"mkdir -m 1777 s && ln -s "$VAULT" s/link && chown -h 4242 s/link"#,
      line: #"tokenvault list --vault s/link --key-file "$KEY""#, following: .words(":"),
      goal: #"tokenvault list --vault "$(readlink s/link)" --key-file "$KEY""#),
  ]

  /// Whether this machine lets a test mount something.
  static let canUnshare = MissingProcTests.canHideProc

  /// Those that take a mount.
  static let ofMounts: [HintScenario] = [
    HintScenario(
      hint: "mount the directory that the vault is in, and not the file",
      line: #"""
        echo '{"id":"1","scope":"s"}' > scope; unshare -rm bash -c 'mount --bind "$1" "$1" &&
        "$0" save scope --vault "$1" --key-file "$2"' '\#(CommandRunner.command)' "$VAULT" "$KEY"
        """#, following: .words(":"),
      goal: #"""
        unshare -rm bash -c 'd=${1%/*}; mount --bind "$d" "$d" &&
        "$0" save scope --vault "$1" --key-file "$2"' '\#(CommandRunner.command)' "$VAULT" "$KEY"
        """#)
  ]
}
