"""The index of a large vault, and what stands before the records."""

import re

from vault_crypto import expand, must, siphash
from vault_header import LIMIT, NUMBER
from vault_records import csv_rows, json_rows

PREAMBLE = "".join(
    [f"next-id {NUMBER}\n"] + [f"{limit} (none|{NUMBER})\n" for limit in ("max-age", "idle", "expired")] + ["\n"]
).encode()


def start_of_records(text):
    """The next id, and where the records begin."""
    preamble = re.match(PREAMBLE, text)
    must(preamble and int(preamble[1]) <= LIMIT, "no next id")
    must(all(limit is None or 1 <= int(limit) <= 10**10 for limit in preamble.group(3, 5, 7)), "no limit")
    return int(preamble[1]), preamble.end()


def index_context(store, salt):
    return f"tokenvault/1 index\n{store}\n{salt.hex()}\n".encode()


def index_hash_key(key, store, salt):
    return expand(key, f"tokenvault/1 index hash\n{store}\n{salt.hex()}\n".encode(), 16)


def keys(record):
    """What the index has of a record: the number of each kind, and its text."""
    for kind, name in ((0, "id"), (1, "user_name"), (3, "grant_token"), (4, "refresh_token"), (5, "access_token")):
        if name in record:
            yield bytes([kind]) + record[name].encode()
    if "user_name" in record:
        user = record["user_name"].encode()
        yield b"\2" + len(user).to_bytes(8, "big") + user + record.get("client_id", "").encode()


def index_text(key, store, salt, text, records, record_format):
    """The plaintext of the index behind a snapshot."""
    hash_key = index_hash_key(key, store, salt)
    width = max(4, (len(text).bit_length() + 7) // 8)
    offset = re.match(PREAMBLE, text).end()
    rows = json_rows(text[offset:]) if record_format == "json" else csv_rows(text[offset:])
    if record_format == "csv":
        offset += len(rows.pop(0))
    entries = []
    for record, row in zip(records, rows, strict=True):
        for text_of_key in keys(record):
            digest = siphash(hash_key, text_of_key) >> 32
            entries.append(digest.to_bytes(4, "big") + offset.to_bytes(width, "big"))
        offset += len(row)
    head = b"".join(number.to_bytes(8, "big") for number in (len(records), len(entries), len(text)))
    plain = head + b"".join(sorted(entries))
    return plain + bytes(-len(plain) % -(-len(text) // 10))


def index_size(start, text_size):
    """The size of an index that begins like this, behind a snapshot of this many bytes."""
    must(len(start) >= 24, "an index without its head")
    numbers = [int.from_bytes(start[place : place + 8], "big") for place in (0, 8, 16)]
    must(numbers[2] == text_size, "the index of another snapshot")
    unit, width = -(-text_size // 10), max(4, (text_size.bit_length() + 7) // 8)
    return -(-(24 + numbers[1] * (4 + width)) // unit) * unit
