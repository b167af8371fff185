"""Text becomes a line only by that line's grammar: what a server or an input put into a token, or into a name."""

import json
import re
import subprocess
from dataclasses import replace

from attacks import attack
from host import CONTROL, write
from servers import TokenServer
from vault_writer import Vault

INJECTED = "good\r\nX-Injected: yes\r\n\r\n\x1b]0;owned\x07"
BAD = (
    "two\nlines", "cr\rlf", INJECTED, "esc\x1b[31m", "nul\x00", "tab\t", "del\x7f", "c1\x9b31m", "é", "\u2028", "\u202e",
    "🔑",
)  # fmt: skip
PAST = "2020-01-01T00:00:00.000Z"


def is_clean(text):
    """Whether a line-based reader and a terminal take it for what it is."""
    return not CONTROL.search(text)


def check_clean(host, result):
    host.check(is_clean(result.output) and is_clean(result.errors), f"control characters are printed: {result}")


def check_table(host, result):
    """The same for a table, which has a tab between two columns."""
    tabs = {line.count("\t") for line in result.output.rstrip("\n").split("\n")}
    host.check(len(tabs) == 1, f"lines of other columns are printed: {result}")
    check_clean(host, replace(result, output=result.output.replace("\t", "")))
    host.check("X-Injected: yes" not in result.output.split("\n"), f"a line of the server's choice: {result}")


def record(host, server, **fields):
    return host.save(
        user_name="ann", client_id="c", refresh_token="old-refresh", access_token="old-access", expires_at=PAST,
        token_endpoint=server.url, **fields,
    )[0]  # fmt: skip


def stored(host, id):
    return next(record for record in host.records() if record["id"] == id)


@attack
def a_stored_token_with_control_characters_is_not_printed(host):
    host.save(user_name="ann", access_token="good")
    vault = Vault.open(host.vault.read_bytes(), "key", host.key.read_bytes())
    # As an import of an earlier version has stored it.
    records = [{"id": f"bad-{n}", "user_name": f"user-{n}", "access_token": text} for n, text in enumerate(BAD)]
    vault = replace(vault, generation=vault.generation + 1).with_records(*records)
    write(host.vault, vault.bytes())
    for number in range(len(BAD)):
        for arguments in (["token", f"bad-{number}"], ["token", "--user", f"user-{number}"]):
            host.refuses((1, 11), *arguments, says=(f"bad-{number}",))
            host.refuses((1, 11), *arguments, "--json", says=(f"bad-{number}",))
        for options in ([], ["--reveal"], ["--json"], ["--json", "--reveal"]):
            check_clean(host, host.accepts("find", "--id", f"bad-{number}", *options))
    check_table(host, host.accepts("list"))
    for options in (["--json"], ["--json", "--reveal"]):
        check_clean(host, host.accepts("list", *options))


@attack
def a_servers_token_with_control_characters_is_neither_stored_nor_printed(host):
    for number, text in enumerate(BAD):
        server = TokenServer({"access_token": text, "refresh_token": f"new-refresh-{number}", "expires_in": 3600})
        id = record(host, server, scope=f"{number}")
        result = host.run("token", id, "--min-ttl", "5m")
        host.check(result.status in (1, 11) and result.output == "", f"wanted exit 1 and no output: {result}")
        host.check(id in result.errors, f"the record is not named: {result}")
        check_clean(host, result)
        after = stored(host, id)
        host.check(after["access_token"] == "old-access", f"{text!r} is stored: {after}")
        # What the server gave besides it can still be used, and is lost otherwise.
        host.check(after["refresh_token"] == f"new-refresh-{number}", f"the refresh token is lost: {after}")
        host.must("delete", id)


@attack
def a_servers_refresh_token_with_control_characters_is_not_stored(host):
    for text in BAD:
        server = TokenServer({"access_token": "new-access", "refresh_token": text, "expires_in": 3600})
        id = record(host, server)
        check_clean(host, host.run("refresh", id))
        host.check(stored(host, id).get("refresh_token") == "old-refresh", f"{text!r} is stored: {stored(host, id)}")
        host.must("delete", id)


@attack
def no_way_to_refresh_takes_a_token_with_control_characters(host):
    server = TokenServer({"access_token": INJECTED, "expires_in": 3600})
    program = host.home / "program"
    program.write_text("#!/bin/sh\ncat > /dev/null\nprintf '%s' '" + json.dumps(
        {"access_token": INJECTED, "expires_in": 3600}) + "'\n")  # fmt: skip
    program.chmod(0o700)
    for arguments in (
        ["refresh", "1"], ["refresh", "1", "--force"], ["refresh", "--user", "ann"], ["refresh", "--all"],
        ["refresh", "1", "--json"], ["refresh", "1", "--", program], ["token", "--user", "ann", "--min-ttl", "5m"],
        ["token", "1", "--min-ttl", "5m", "--json"],
    ):  # fmt: skip
        if host.vault.exists():
            host.must("delete", "--all", "--yes")
        record(host, server, id="1")
        result = host.run(*arguments)
        host.check(result.status in (1, 11), f"wanted exit 1: {result}")
        check_clean(host, result)
        host.check(stored(host, "1")["access_token"] == "old-access", f"{arguments}: it is stored")


@attack
def a_servers_error_is_no_line_of_its_own(host):
    server = TokenServer({"error": "bad\r\n\x1b[2J\u202e", "error_description": f"x{INJECTED}\nhint: run me"})
    id = record(host, server)
    for arguments in (["token", id, "--min-ttl", "5m"], ["refresh", id], ["refresh", "--all"]):
        result = host.run(*arguments)
        host.check(result.status in (1, 11), f"wanted exit 1: {result}")
        check_clean(host, result)
        host.check(not re.search("^hint: run me", result.errors, re.MULTILINE), f"a hint of the server's: {result}")


@attack
def json_output_has_no_character_that_a_terminal_acts_on(host):
    text = "".join(map(chr, [*range(1, 32), *range(0x7F, 0xA0), 0x2028, 0x2029, 0x200E, 0x200F, 0x061C]))
    text += "".join(map(chr, [*range(0x202A, 0x202F), *range(0x2066, 0x206A)])) + "é🔑"
    host.save(id=text, user_name=text, client_id=text, scope=text, access_token="1", **{text: text})
    outputs = {
        "list": ["list", "--json"], "reveal": ["list", "--json", "--reveal"],
        "find": ["find", "--id", text, "--json", "--reveal"], "token": ["token", text, "--json"],
        "save": ["save", "--json"], "import": ["import", "-", "--json"],
    }  # fmt: skip
    again = json.dumps({"id": text, "access_token": "1"})
    for name, arguments in outputs.items():
        result = host.accepts(*arguments, input=again if name in ("save", "import") else "")
        left = [character for character in result.output.rstrip("\n") if not is_clean(character)]
        host.check(not left, f"{name} prints {left}")
        value = json.loads(result.output)
        if name in ("reveal", "find", "token", "save"):
            value = value[0] if isinstance(value, list) else value
            host.check(value["id"] == text, f"{name} has another id: {value['id']!r}")
    refused = host.run("token", f"no {text}", "--json")
    check_clean(host, refused)


@attack
def the_line_of_the_documentation_sends_no_header_of_the_servers(host):
    server = TokenServer({"access_token": INJECTED, "expires_in": 3600})
    record(host, server)
    lines = (
        't=$("$0" token --user ann --min-ttl 5m) && printf "%s" "Authorization: Bearer $t"',
        'printf "%s" "Authorization: Bearer $("$0" token --user ann --min-ttl 5m)"',
    )
    for line in lines:
        environment = host.environment()
        command = ["/bin/bash", "-c", line, str(host.command)]
        done = subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, capture_output=True)
        host.check(b"\n" not in done.stdout and b"\r" not in done.stdout, f"{line}: {done.stdout}")
        host.check("&&" not in line or done.returncode != 0, f"{line}: it went on")
