#!/usr/bin/env python3
"""Reads a vault, written from FileFormat alone: read_vault.py VAULT KEY-FILE

Prints the records as a JSON array. Needs `cryptography` 50 or later from PyPI, whose own Cobblestone opens the
messages; shares nothing with the Swift sources.
"""

import csv
import hashlib
import io
import json
import re
import sys

from cryptography.cobblestone import Cobblestone256Decryptor
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

TEXTS = (
    "id user_name client_id client_secret refresh_token access_token grant_token expires_at redirect_url "
    "api_domain scope token_type id_token"
).split()


LIMIT = 10**15


class Rejected(Exception):
    pass


def must(condition, what):
    if not condition:
        raise Rejected(what)


def opened(key, context, message):
    must(len(message) >= 72, "a message is too short")
    try:
        decryptor = Cobblestone256Decryptor(key, context)
        return decryptor.update(message) + decryptor.finalize()
    except Exception as error:
        raise Rejected(f"a message does not open: {type(error).__name__}") from error


def split_header(data):
    """The header's lines without the end line, its size, and whether its digest is right."""
    position, lines = 0, []
    while True:
        end = data.find(b"\n", position, 65536)
        must(end >= 0, "the header has no end")
        line = data[position:end]
        if line.startswith(b"end "):
            digest = hashlib.sha256(data[:position]).hexdigest().encode()
            return lines, end + 1, line[4:] == digest
        lines.append(line.decode("ascii", "replace"))
        position = end + 1


def parse_header(data):
    must(re.match(rb"tokenvault [0-9]+\n", data), "not a vault")
    lines, size, digest_is_right = split_header(data)
    must(digest_is_right, "the header's digest is wrong")
    must(lines[0] == "tokenvault 1", "another version")
    patterns = [
        r"store ([0-9a-f]{32})",
        r"format (json|csv)",
        r"generation ([1-9][0-9]*)",
        r"data-key ([0-9a-f]{16})",
        r"slot (default) key ([0-9a-f]{16}) ([0-9a-f]{208})",
    ]
    must(len(lines) == 1 + len(patterns), "another number of lines")
    matches = [re.fullmatch(pattern, line) for pattern, line in zip(patterns, lines[1:])]
    must(all(matches), "a line is not understood")
    must(int(matches[2][1]) <= LIMIT, "the generation is too large")
    store, record_format, _, data_key = (match[1] for match in matches[:4])
    return store, record_format, data_key, matches[4].groups(), size


def data_key(key, store, data_key_id, slot):
    name, key_id, wrapped = slot
    derived = HKDFExpand(hashes.SHA512(), 8, b"tokenvault/1 key id").derive(key)
    must(derived.hex() == key_id, "the wrong key")
    context = f"tokenvault/1 slot\n{store}\n{name}\n{data_key_id}".encode()
    return opened(key, context, bytes.fromhex(wrapped))


def no_duplicates(pairs):
    names = [name for name, _ in pairs]
    must(len(names) == len(set(names)), "a name twice")
    return dict(pairs)


def json_records(text):
    lines = text.split("\n")
    must(lines.pop() == "", "the last line has no end")
    return [json.loads(line, object_pairs_hook=no_duplicates) for line in lines]


def csv_records(text):
    csv.field_size_limit(1 << 20)
    rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    must(rows, "no header row")
    header = rows[0]
    must(header[:14] == TEXTS + ["revision"] and len(set(header)) == len(header), "another header")
    must(len(header) <= 14 + 1024, "too many columns")
    return [csv_record(header, row) for row in rows[1:]]


def csv_record(header, row):
    must(len(row) == len(header), "a row of another length")
    record = {}
    for name, value in zip(header, row):
        if value == "":
            continue
        if name == "revision" or name.startswith("json:"):
            value = json.loads(value, object_pairs_hook=no_duplicates)
        name = name.removeprefix("json:") if name.startswith("json:") else name.removeprefix("text:")
        must(name not in record, "a name twice")
        record[name] = value
    return record


def check(records):
    for record in records:
        for name in TEXTS:
            must(isinstance(record.get(name, "x"), str) and record.get(name) != "", f"{name} is no text")
        must("id" in record and 1 <= record.get("revision", 0) <= LIMIT, "no id or revision")
        must(not {"expires_in", "expiry_time"} & record.keys(), "a member of imports")
    must(len({record["id"] for record in records}) == len(records), "an id twice")
    return records


def read(vault, key):
    must(len(key) == 32, "a key has 32 bytes")
    store, record_format, data_key_id, slot, size = parse_header(vault)
    length = int.from_bytes(vault[size : size + 8], "big")
    message = vault[size + 8 :]
    must(len(vault) >= size + 8 and length == len(message), "the file is shorter or longer than it says")
    context = b"tokenvault/1 snapshot\n" + vault[:size]
    text = opened(data_key(key, store, data_key_id, slot), context, message).decode("utf-8", "strict")
    start = re.match(r"next-id (0|[1-9][0-9]*)\n\n", text)
    must(start and int(start[1]) <= LIMIT, "no next id")
    records = text[start.end() :]
    return check(json_records(records) if record_format == "json" else csv_records(records))


def main():
    with open(sys.argv[1], "rb") as vault, open(sys.argv[2], "rb") as key:
        try:
            records = read(vault.read(), key.read())
        except (Rejected, ValueError) as error:
            sys.exit(f"rejected: {error}")
    json.dump(records, sys.stdout, ensure_ascii=False)


if __name__ == "__main__":
    main()
