import Foundation

extension RecipeScenario {
  private static let importers = CommandRunner.packageRoot.appending(path: "Fixtures/importers")
    .path
  private static let rotated =
    #"[ "$(tokenvault status --json | grep -o '"data_key_id":"[^"]*"')" != "$(cat id)" ]"#
  private static let noteID = #"tokenvault status --json | grep -o '"data_key_id":"[^"]*"' > id"#
  private static let header = #"grep -q "Authorization: Bearer ann-access-1""#

  static let all: [RecipeScenario] = [
    RecipeScenario(
      recipe:
        #"echo '{"user_name":"ann", "access_token":"a1", "refresh_token":"r1"}' | tokenvault save"#,
      before: "tokenvault delete 7", after: "grep -x a1 output"),
    RecipeScenario(
      recipe:
        #"echo '{"user_name":"ann", "client_id":"crm", "access_token":"a1", "refresh_token":"r1"}' | tokenvault save"#,
      before: "tokenvault delete 7", after: "grep -x a1 output"),
    RecipeScenario(
      recipe: #"echo '{"access_token":"a2", "refresh_token":"r2", "expires_in":3600}' |"#,
      before: "tokenvault delete 7",
      after: "[ $(tokenvault token --user ann --client crm --min-ttl 50m) = a2 ]"),
    RecipeScenario(
      recipe: "token=$(tokenvault token --user ann --min-ttl 5m) || exit",
      after: "[ $(tokenvault token 7) = ann-access-1 ]"),
    RecipeScenario(
      recipe: "tokenvault import ~/.config/gh/hosts.yml --dry-run",
      before: "mkdir -p .config/gh && cp '\(importers)/gh-hosts.yml' .config/gh/hosts.yml",
      after: "grep -i github output && ! tokenvault list | grep -i github"),
    RecipeScenario(
      recipe:
        #"tokenvault save < login.json    # {"user_name":"ann", "refresh_token":"…", "client_id":"…", "token_endpoint":"https://…"}"#,
      before: "tokenvault delete 7", after: "tokenvault find --id 8"),
    RecipeScenario(
      recipe:
        #"t=$(tokenvault token --user ann --min-ttl 5m) && curl -H "Authorization: Bearer $t" https://api.example/users"#,
      after: "\(header) output"),
    RecipeScenario(
      recipe:
        #"t=$(tokenvault token --user ann --min-ttl 5m) && curl -H "Authorization: Bearer $t" https://api.example/me"#,
      after: "\(header) output && [ $(tokenvault token 7) = mine ]"),
    RecipeScenario(
      recipe:
        #"curl -d grant_type=authorization_code -d "code=$CODE" https://login.example/token |"#,
      before: #"""
        cp login.json before && printf '{"access_token":"in","refresh_token":"r","id":"7"}' > answer
        """#,
      line: #"""
        CODE=1 CLIENT=crm; curl() { cat answer; }; eval "$RECIPE"
        """#,
      after:
        #"[ $(tokenvault token --user ann --client crm) = in ] && tokenvault find --id 8 --reveal | grep login.example"#
    ),
    RecipeScenario(
      recipe: "tokenvault save --answer --id 7",
      line: #"echo '{"access_token":"in","id":"1"}' | tokenvault save --answer --id 7"#,
      after: "[ $(tokenvault token 7) = in ]"),
    RecipeScenario(
      recipe: "tokenvault refresh ID --force", line: "tokenvault refresh 7 --force",
      after: "[ $(tokenvault token 7) = ann-access-1 ]"),
    RecipeScenario(
      recipe: "tokenvault token ID", line: "tokenvault token 1", after: "grep -x 1 output"),
    RecipeScenario(
      recipe: "tokenvault list | head", after: "grep u6 output && ! grep -i broken output"),
    RecipeScenario(
      recipe: "tokenvault list | cut -f 2", after: "grep -x ann output && grep -x u6 output"),
    RecipeScenario(
      recipe:
        "tokenvault completion bash > ~/.local/share/bash-completion/completions/tokenvault",
      before: "mkdir -p ~/.local/share/bash-completion/completions",
      after: "bash -n ~/.local/share/bash-completion/completions/tokenvault"),
    RecipeScenario(
      recipe: "tokenvault key", line: "tokenvault key 2> output; [ $? = 64 ]",
      after: "grep remove output"),
    RecipeScenario(
      recipe: "tokenvault policy", line: "tokenvault policy 2> output; [ $? = 64 ]",
      after: "grep show output"),
    RecipeScenario(
      recipe: "tokenvault key list | add | remove | accept",
      line:
        "tokenvault key add --name b --key-file b && tokenvault key list && tokenvault key accept && tokenvault key remove b",
      after: "grep '^b ' output"),
    RecipeScenario(
      recipe: "tokenvault init", line: "tokenvault init --vault new --key-file newkey",
      after: "tokenvault check --vault new --key-file newkey"),
    RecipeScenario(
      recipe: "tokenvault unlock", line: "tokenvault unlock --timeout 1m || [ $? = 1 ]",
      after: "tokenvault lock || [ $? = 1 ]"),
    RecipeScenario(
      recipe: "tokenvault watch",
      line: "timeout -s KILL 1 '\(CommandRunner.command)' watch || [ $? = 137 ]",
      after: "tokenvault check"),
    RecipeScenario(
      recipe: "tokenvault key add --name recovery --recovery",
      after: "tokenvault key list | grep '^recovery ' && [ $(wc -c < output) -gt 50 ]"),
    RecipeScenario(
      recipe: #"tokenvault backup "tokens-$(date +%FT%T).vault""#,
      after: "tokenvault delete --all --yes && tokenvault restore --from tokens-*.vault"),
    RecipeScenario(
      recipe:
        "tokenvault restore                                # the version before the last replace",
      before:
        "tokenvault backup tokens-2026-01-31.vault && tokenvault delete 6 && tokenvault save < login.json",
      after: "tokenvault find --id 6"),
    RecipeScenario(
      recipe: "tokenvault backup moved.vault",
      after: #"grep "opened_by.*state/tokenvault/keys" output && [ -s moved.vault ]"#),
    RecipeScenario(
      recipe: "tokenvault list --vault moved.vault --key-file moved.key",
      before:
        #"tokenvault backup moved.vault && cp state/tokenvault/keys/*.key . && mv $(tokenvault status --json | grep -o '[0-9a-f]\{32\}' | head -1).key moved.key && mkdir host"#,
      line: #"(export XDG_STATE_HOME="$HOME/host"; eval "$RECIPE")"#,
      after: "XDG_STATE_HOME=$PWD/host tokenvault list --vault moved.vault --key-file moved.key"),
    RecipeScenario(
      recipe: "install -d -m 700 -o app -g app /var/lib/app/vault /var/lib/app/state",
      after: #"""
        [ ! -e run/tokenvault.key ]
        CREDENTIALS_DIRECTORY=etc/credstore.encrypted tokenvault key list --vault var/lib/app/vault/tokens.vault > slots
        [ "$(grep -c ' key  *20' slots)" = 1 ] && ! ls state/tokenvault/keys | grep app
        """#),
    RecipeScenario(recipe: "tokenvault rotate", before: noteID, after: rotated),
    RecipeScenario(recipe: "tokenvault rotate --accept-clock", before: noteID, after: rotated),
    RecipeScenario(
      recipe: "tokenvault rotate --keep-key --no-input", before: noteID, after: rotated),
    RecipeScenario(
      recipe: "tokenvault policy set --max-age 30d --idle 90d --expired 7d",
      after: "tokenvault policy show | grep 90d && tokenvault token 1"),
    RecipeScenario(
      recipe: "tokenvault purge [--dry-run]",
      before: "tokenvault policy set --expired 7d",
      line: "tokenvault purge --dry-run && tokenvault purge",
      after: "tokenvault find --id 7 && tokenvault find --id 1"),
    RecipeScenario(
      recipe: "tokenvault purge --expired --older-than 30d --idle 90d",
      before:
        #"echo '{"user_name":"gone","access_token":"1","expires_at":"2020-01-01T00:00:00Z"}' | tokenvault save"#,
      after: "tokenvault find --id 7 && tokenvault find --id 1 && ! tokenvault find --id 8"),
    RecipeScenario(
      recipe: "# tokenvault-rotate.service", before: noteID,
      line: #"eval "$(printf '%s\n' "$RECIPE" | sed -n 's|^ExecStart=/usr/local/bin/||p')""#,
      after: rotated),
    RecipeScenario(
      recipe: "# tokenvault-rotate.timer",
      line: #"""
        calendar=$(printf '%s\n' "$RECIPE" | sed -n 's/^OnCalendar=//p')
        [ -n "$calendar" ] && { ! command -v systemd-analyze || systemd-analyze calendar "$calendar"; }
        """#, after: ":"),
    RecipeScenario(
      recipe: "[Service]",
      before: """
        (umask 077; head -c 32 /dev/urandom > etc/credstore.encrypted/tokenvault.key); mkdir var/lib/app/vault var/lib/app/state
        tokenvault init --vault var/lib/app/vault/tokens.vault --key-fd 3 3< etc/credstore.encrypted/tokenvault.key
        mv state away
        """,
      line: #"""
        for setting in $(printf '%s\n' "$RECIPE" | sed -n 's|^Environment=||p'); do export "${setting%%=*}=$HOME${setting#*=}"; done
        loaded=$(printf '%s\n' "$RECIPE" | sed -n 's|^LoadCredentialEncrypted=||p')
        mkdir credentials && cp "$HOME${loaded#*:}" "credentials/${loaded%%:*}"
        export CREDENTIALS_DIRECTORY="$HOME/credentials"
        tokenvault list && tokenvault rotate --keep-key --no-input && tokenvault list
        """#, after: "[ -d var/lib/app/state ] && [ ! -e state ] && mv away state"),
  ]
}
