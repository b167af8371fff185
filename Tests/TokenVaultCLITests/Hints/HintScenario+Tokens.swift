import TokenServerFixture

extension HintScenario {
  private static let logInAgain = "log in again, and save the new refresh token"
  private static let ended =
    "log in again, and save the new tokens; or delete it with: tokenvault delete …"
  private static let notRenewable =
    "save what is missing (a token_endpoint by save --move-endpoint), or refresh it by a program: tokenvault refresh … -- CMD"
  private static let decideAgain = "read the token again, then decide"

  private static let nameTheClient =
    "name the client: with --user by --client, in a record by client_id; or name the token by its id"
  private static let moveEndpoint =
    "if that is wanted, say so with --move-endpoint, or give the client_secret and refresh_token too"
  private static let nameTheUser =
    "to save a login, say whose it is: tokenvault save --user USER"
  private static let clients =
    #"echo '{"user_name":"zoe","client_id":"a","access_token":"8"} {"user_name":"zoe","client_id":"b","access_token":"9"}' | tv save"#
  private static let bank =
    #"echo '{"id":"1","refresh_token":"r","token_endpoint":"https://bank.example"}' | tv save"#

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
      following: .words(
        #"echo "{\"id\":\"1\",\"token_endpoint\":\"$SERVER/token\"}" | tv save --move-endpoint"#)),
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
      hint: nameTheClient, before: clients, line: "tv token --user zoe",
      following: .option("--client b")),
    HintScenario(
      hint: nameTheClient, before: clients,
      line: #"echo '{"user_name":"zoe","scope":"s"}' | tv save"#,
      following: .words(#"echo '{"user_name":"zoe","client_id":"b","scope":"s"}' | tv save"#),
      goal: "tv find --id 4 | grep scope"),
    HintScenario(
      hint: nameTheClient, before: clients, line: "tv refresh --user zoe", following: .words(":"),
      goal: "tv refresh 4"),
    HintScenario(
      hint: moveEndpoint, before: bank,
      line: #"echo '{"id":"1","token_endpoint":"https://new.example"}' | tv save"#,
      following: .option("--move-endpoint")),
    HintScenario(
      hint: moveEndpoint, before: bank,
      line: #"echo '{"user_name":"ann","token_endpoint":"https://new.example"}' | tv import -"#,
      following: .words(":"),
      goal:
        #"echo '{"user_name":"ann","refresh_token":"r","token_endpoint":"https://new.example"}' | tv import -"#
    ),
    HintScenario(
      hint: "give each of them the id of the token that it means, or an id of its own",
      line:
        #"echo '{"user_name":"ann","access_token":"8"} {"user_name":"ann","access_token":"9"}' | tv import -"#,
      following: .words(":"),
      goal:
        #"echo '{"id":"1","user_name":"ann","access_token":"8"} {"id":"x","user_name":"ann","access_token":"9"}' | tv import - && [ "$(tv token x)" = 9 ]"#
    ),
    HintScenario(
      hint: nameTheUser, line: #"echo '{"access_token":"9","id":"x","expires_in":60}' | tv save"#,
      following: .words(
        #"echo '{"access_token":"9","id":"x","expires_in":60}' | eval "${HINT/USER/zoe}""#),
      goal: #"[ "$(tv token --user zoe)" = 9 ]"#),
    HintScenario(
      hint: nameTheUser, line: #"echo '{"error":"invalid_grant"}' | tv save"#,
      following: .words(#"echo '{"access_token":"9"}' | eval "${HINT/USER/zoe}""#),
      goal: #"[ "$(tv token --user zoe)" = 9 ]"#),
    HintScenario(
      hint: decideAgain, before: clients,
      line: #"echo '{"access_token":"7"}' | tv save --id 3 --user zoe --client ${CLIENT:-c}"#,
      following: .words("tv find --id 3 | grep 'client_id *a'"),
      goal: #"echo '{"access_token":"7"}' | tv save --id 3 --user zoe --client a"#),
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
