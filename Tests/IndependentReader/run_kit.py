#!/usr/bin/env python3
"""Reads the vectors of a directory in four ways, and says which ended otherwise: run_kit.py DIRECTORY [NAME...]"""

import base64
import json
import sys
from pathlib import Path

import find_record
import repair_vault
from read_vault import read
from vault_crypto import Rejected


class Vector:
    """One file of the kit."""

    def __init__(self, path):
        head, _, body = path.read_text(encoding="utf-8").partition("\n\n")
        self.path, self.body, self.values = path, body, {}
        for line in head.split("\n"):
            name, _, value = line.partition(": ")
            self.values.setdefault(name, []).append(value)

    def __getitem__(self, name):
        return self.values[name][0]

    def vault(self):
        """The bytes of the vault: of each line of the body, one after another."""
        parts = []
        for piece in self.body.split("\n")[:-1]:
            word, _, rest = piece.partition(" ")
            if word == "line":
                parts.append(rest.encode() + b"\n")
            elif word == "base64":
                parts.append(base64.b64decode(rest))
            elif word == "zeros":
                parts.append(bytes(int(rest)))
            else:
                name, offset, count = rest.split(" ")
                parts.append(self.sibling(name).vault()[int(offset) : int(offset) + int(count)])
        return b"".join(parts)

    def sibling(self, name):
        return Vector(self.path.parent / name)

    def records(self, word):
        """The records that the lines of a word say, by their ids."""
        records = {}
        for name in self.values.get(f"{word}-of", []):
            records = self.sibling(name).records("record")
        for record_id in self.values.get(f"{word}-without", []):
            del records[record_id]
        for line in self.values.get(word, []):
            record = json.loads(line)
            records[record["id"]] = record
        return records

    def secret(self):
        kind, _, text = self["secret"].partition(" ")
        return kind, bytes.fromhex(text) if kind == "key" else text.encode()

    def failures(self):
        """The ways that end otherwise than the vector says."""
        vault, secret = self.vault(), self.secret()
        seen = int(self.values.get("seen", ["0"])[0])
        all_records = "records", list(self.records("record").values())
        found = "record", next(iter(self.records("found").values()), None)
        left = "records", list(self.records("left").values())
        wanted = {
            "open": (all_records, lambda: ("records", read(vault, *secret, seen, checks=False))),
            "one": (found, lambda: one(vault, secret, self["find"], seen)),
            "check": (("sound", None), lambda: ("sound", read(vault, *secret, seen)[:0] or None)),
            "repair": (left, lambda: repair_vault.repaired(vault, *secret, seen)),
        }
        for way, (result, work) in wanted.items():
            expected = result if self[way] == result[0] else (self[way], None)
            if (ended := ending(work)) != expected:
                yield f"{self.path.name}: {way}: {shown(ended)} and not {shown(expected)}"


def one(vault, secret, record_id, seen):
    record = find_record.find(vault, *secret, record_id, seen)
    return ("record", record) if record else ("absent", None)


def ending(work):
    """What a way comes to: a word, and records."""
    try:
        return work()
    except Rejected as error:
        return error.refusal, None


def shown(ended):
    word, records = ended
    return f"{word} ({len(records)} records)" if isinstance(records, list) else f"{word} {records or ''}"


def main():
    directory, names = Path(sys.argv[1]), sys.argv[2:] or ["*.txt"]
    paths = sorted(path for name in names for path in directory.glob(name))
    failures = [failure for path in paths for failure in Vector(path).failures()]
    print(*failures, f"{len(paths)} vectors, {len(failures)} ended otherwise", sep="\n")
    sys.exit(1 if failures or not paths else 0)


if __name__ == "__main__":
    main()
