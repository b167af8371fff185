"""A vault that was written from FileFormat alone is one: small and large, with saves behind it, and in both formats.

No attack, but what every attack rests on: a forgery that the command refuses for a slip of its writer shows nothing.
"""

import json
from dataclasses import replace

from attacks import attack
from host import write
from vault_writer import NO_LIMITS, Vault, json_text, reader, with_commits

TEXT = 'é"\\\x7f \u2028\n, \U0001f511'


def taken(host, *options):
    """The vault of a host, to be written anew."""
    host.must("init", "--quiet", *options)
    return Vault.open(host.vault.read_bytes(), "key", host.key.read_bytes())


def records(count):
    return [
        {"id": f"{n}", "user_name": f"u{n}", "access_token": f"t{n}", "scope": "s" * 150, "é": [n, {"text": TEXT}]}
        for n in range(1, count + 1)
    ]


def check_that_it_is_read(host, data, expected):
    """By one record and as a whole, and by the independent reader."""
    write(host.vault, data)
    for record in (expected[0], expected[-1]):
        by_id = host.accepts("token", record["id"])
        by_user = host.accepts("token", "--user", record["user_name"])
        host.check(by_id.output == by_user.output == record["access_token"] + "\n", f"{by_id}{by_user}")
    host.accepts("check")
    for read in (host.records(), reader.read(data, "key", host.key.read_bytes())):
        host.check(len(read) == len(expected), f"{len(read)} records and not {len(expected)}")
        for record, wanted in zip(read, expected):
            host.check(wanted.items() <= record.items(), f"{record} and not {wanted}")


@attack
def a_vault_that_was_written_by_another_program_is_read(host):
    vault = replace(taken(host), generation=2)
    check_that_it_is_read(host, vault.with_records(*records(3)).bytes(), records(3))
    host.save(user_name="u2", access_token="again")
    host.check(host.accepts("token", "2").output == "again\n", "it cannot be written")


@attack
def a_large_vault_that_was_written_by_another_program_is_read(host):
    vault = replace(taken(host), generation=2).with_records(*records(600))
    data, expected = vault.bytes(), records(600)
    check_that_it_is_read(host, data, expected)
    saves = [[expected[6] | {"access_token": "new", "revision": 2}], [{"id": "x", "user_name": "x", "access_token": "x"}]]
    saves.append([{"id": "long", "user_name": "long", "access_token": "y" * 40000}])
    data = with_commits(vault, data, [f"next-id 1000\n\n{json_text(save)}" for save in saves])
    check_that_it_is_read(host, data, expected[:6] + saves[0] + expected[7:] + saves[1] + saves[2])
    host.save(user_name="u7", access_token="again")
    host.check(host.accepts("token", "7").output == "again\n", "it cannot be written")


@attack
def a_vault_in_csv_that_was_written_by_another_program_is_read(host):
    vault = replace(taken(host, "--format", "csv"), generation=2)
    for count in (3, 600):
        text = f"next-id 1000\n{NO_LIMITS}\n{csv_text(records(count))}"
        vault = replace(vault, generation=vault.generation + 1, plaintext=text)
        check_that_it_is_read(host, vault.bytes(), records(count))


def csv_text(records):
    columns = [*reader.TEXTS, "revision", *reader.HISTORY, "json:é"]
    rows = [columns]
    for record in records:
        values = record | {"revision": "1", "json:é": json.dumps(record["é"], separators=(",", ":"), ensure_ascii=False)}
        rows.append([values.get(column, "") for column in columns])
    return "".join(",".join(map(quoted, row)) + "\r\n" for row in rows)


def quoted(value):
    return '"' + value.replace('"', '""') + '"' if set(value) & set(',"\r\n') else value
