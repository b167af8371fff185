import TokenServerFixture

extension HintScenario {
  private static let logInAgain = "log in again, and save the new refresh token"
  private static let ended =
    "log in again, and save the new tokens; or delete it with: tokenvault delete …"
  private static let notRenewable =
    "save what is missing, or refresh it by a program: tokenvault refresh … -- CMD"
  private static let decideAgain = "read the token again, then decide"

  private static let grant = #"echo '{"access_token":"fresh"}'"#

  /// Makes the vault as if that had been so many days ago, with a token whose id is 1.
  static func old(_ days: Int64) -> @Sendable (CommandRunner) throws -> [String: String] {
    { command in
      try command.shell(#"mkdir "it's a vault""#)
      try command.save(
        #"{"user_name":"old","access_token":"1"}"#, secondsAgo: days * 86_400,
        at: command.file("it's a vault/tokens.vault"), key: command.file("it's a vault/the key"))
      return [:]
    }
  }

  static let ofTokens: [HintScenario] = [
    HintScenario(
      hint: logInAgain,
      before: #"""
        echo '{"id":"1","refresh_token":"old"}' | tv save
        printf '#!/bin/sh\ngrep -q new && echo \047{"access_token":"2"}\047 || echo \047{"error":"invalid_grant"}\047\n' > server
        chmod 700 server
        """#,
      line: "tv refresh 1 --force -- ./server",
      following: .words(#"echo '{"id":"1","refresh_token":"new"}' | tv save"#)),
    HintScenario(
      hint: notRenewable,
      before: #"echo '{"id":"1","expires_at":"2020-01-01T00:00:00Z"}' | tv save"#,
      line: "tv refresh 1",
      following: .words(#"eval "${HINT% CMD} echo '{\"access_token\":\"fresh\"}'""#),
      goal: #"[ "$(tv token 1)" = fresh ]"#),
    HintScenario(
      hint: notRenewable,
      arrange: { ["SERVER": try shared($0).url] },
      before: #"echo '{"id":"1","refresh_token":"ann.0","client_id":"c"}' | tv save"#,
      line: "tv refresh 1 --force",
      following: .words(#"echo "{\"id\":\"1\",\"token_endpoint\":\"$SERVER/token\"}" | tv save"#)),
    HintScenario(
      hint: ended, arrange: old(2), before: "tv policy set --max-age 1d", line: "tv token 1",
      following: .asPrinted, goal: "tv list", deleted: ["1"]),
    HintScenario(
      hint: ended, arrange: old(2), before: "tv policy set --max-age 1d", line: "tv token 1",
      following: .words(#"echo '{"user_name":"old","access_token":"9"}' | tv save"#),
      goal: #"[ "$(tv token --user old)" = 9 ]"#),
    HintScenario(
      hint: decideAgain, line: #"echo '{"id":"1","scope":"s"}' | tv save --if-revision 7"#,
      following: .words(
        #"R=$(tv find --id 1 --json | sed 's/.*"revision":\([0-9]*\).*/\1/'); echo '{"id":"1","scope":"s"}' | tv save --if-revision $R"#
      ), goal: "tv find --id 1"),
    HintScenario(
      hint: decideAgain,
      line: #"echo '{"id":"1","user_name":"'${USER_NAME:-ben}'","scope":"s"}' | tv save"#,
      following: .words("tv find --id 1 | grep ann"),
      goal: #"echo '{"id":"1","user_name":"ann","scope":"s"}' | tv save"#),
    HintScenario(
      hint:
        "set the clock; if it is right, and was wrong when the key was made: tokenvault rotate --accept-clock",
      // Made by a clock that was ahead.
      arrange: old(-300),
      line: "tv purge --expired", following: .asPrinted),
    HintScenario(
      hint: "to give it limits, see: tokenvault policy set --help", line: "tv purge",
      following: .words(#"eval "$HINT" | grep -- --max-age; tv policy set --max-age 30d"#)),
    HintScenario(
      hint: "print the values with --reveal",
      line: "tv find --id 1 --json $MORE | tv save",
      following: .words("tv find --id 1 --json --reveal | tv save"),
      goal: #"[ "$(tv token 1)" = 1 ]"#),
  ]

  /// The server lives as long as the process that runs the tests.
  private static let server = Result { try TokenServer() }

  private static func shared(_: CommandRunner) throws -> TokenServer { try server.get() }
}
