import Testing

/// How a recipe of the documentation is carried out, and what must be so afterwards.
///
/// The lines run in a home directory whose default vault holds the tokens 1 to 7. That of ann, 7, has expired and can be
/// refreshed at `$SERVER`. `curl` prints its arguments, `systemd-creds` copies,
/// and no user changes.
struct RecipeScenario: Sendable, CustomTestStringConvertible {
  /// The recipe, or how it begins, to the end of a line.
  let recipe: String
  var before = ":"
  /// What is run for it; nil for the recipe itself, with its directories below the home directory. What it prints goes
  /// into the file `output`; `$RECIPE` is its text.
  var line: String?
  /// A line of shell that succeeds afterwards.
  let after: String

  var testDescription: String { recipe }

  func isFor(_ text: String) -> Bool { text == recipe || text.hasPrefix(recipe + "\n") }

  /// Recipes that are not run, by how they begin, and why.
  static let exempt: [(beginning: String, reason: String)] = [
    ("S=$(command -v sudo)", "installs packages and builds"),
    ("swift build ", "builds"),
    ("systemctl ", "changes the services of this machine"),
  ]

  static let standIns = #"""
    curl() { printf '%s\n' "$@"; }
    systemd-creds() { cp "$3" "$4"; }
    install() { shift 7; mkdir -p "$@"; }
    setpriv() { while [ "$1" != tokenvault ]; do shift; done; "$@"; }

    """#

  static let setting = #"""
    set -e
    tokenvault init --quiet
    for n in 1 2 3 4 5 6; do echo '{"user_name":"u'$n'","access_token":"'$n'"}'; done | tokenvault save
    echo '{"user_name":"ann","client_id":"c","access_token":"old","refresh_token":"ann.0",
      "expires_at":"2020-01-01T00:00:00Z","token_endpoint":"'$SERVER'/token"}' > login.json
    tokenvault save < login.json
    printf '#!/bin/sh\necho \047{"access_token":"mine","expires_in":3600}\047\n' > my-refresh
    chmod 700 my-refresh
    mkdir -p root run etc/credstore.encrypted var/lib/app
    """#

  static func inHome(_ recipe: String) -> String {
    ["/root/", "/etc/", "/run/", "/var/lib/"].reduce(recipe) { text, directory in
      text.replacing("\(directory)", with: "\"$HOME\"\(directory)")
    }
  }
}
