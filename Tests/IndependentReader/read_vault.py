#!/usr/bin/env python3
"""Reads a vault, written from FileFormat alone: read_vault.py VAULT (key|passphrase|recovery) FILE

FILE holds the key (also that of a slot for a Secret Service), or the passphrase or recovery code in its first line. Prints the records as a JSON array.
Needs `cryptography` 50 or later from PyPI, whose own Cobblestone and HPKE open the messages; shares nothing
with the Swift sources.
"""

import json
import sys

from vault_crypto import Rejected, must, opened, refusing
from vault_header import data_key, parse_header, slot_secret
from vault_index import index_context, index_size, index_text, start_of_records
from vault_log import Log
from vault_records import apply, decoded


class Image:
    """A vault whose header was read, and whose data key was found."""

    def __init__(self, vault, kind, content):
        self.vault = vault
        with refusing("damaged-header"):
            self.header = header = parse_header(vault)
        with refusing("wrong-length"):
            self.start, self.end, self.index_end = parts(vault, header.size)
            must(len(vault) >= self.index_end, "the file is shorter than it says")
            is_small = self.index_end == self.end == len(vault)
            must(self.is_large or is_small, "the file is longer than it says")
        with refusing("damaged-slot"):
            self.key = data_key(kind, slot_secret(kind, content, header.slots), header)

    @property
    def is_large(self):
        return self.end > 65536

    @property
    def salt(self):
        return self.vault[self.start : self.start + 24]

    def snapshot(self):
        """The next id, the records, and the plaintext."""
        with refusing("damaged-snapshot"):
            context = b"tokenvault/1 snapshot\n" + self.vault[: self.header.size]
            text = opened(self.key, context, self.vault[self.start : self.end])
        with refusing("invalid-records"):
            next_id, place = start_of_records(text)
            return next_id, decoded(text[place:], self.header.format), text

    def verify_index(self, text, records=None):
        """Opens the index; with `records`, it must have exactly their keys."""
        with refusing("damaged-index"):
            message = self.vault[self.end : self.index_end]
            index = opened(self.key, index_context(self.header.store, self.salt), message)
            must(len(index) == index_size(index, len(text)), "an index of another size")
            if records is not None:
                right = index_text(self.key, self.header.store, self.salt, text, records, self.header.format)
                must(index == right, "another index")

    def log(self):
        return Log(self.key, self.header, self.salt, self.vault, self.index_end)

    def apply_log(self, records, next_id, seen, checks=False):
        """Puts what was saved behind the snapshot into its records."""
        count = 0
        if self.is_large:
            for commit in self.log().commits(max(0, seen - self.header.generation), checks):
                with refusing("invalid-records"):
                    next_id = apply(records, next_id, commit, self.header.format)
                count += 1
        must(self.header.generation + count >= seen, "the vault was rolled back", "rolled-back")
        return records


def read(vault, kind, content, seen=0, checks=True):
    """All records; `checks` compares the index and the summaries with them, `seen` is the generation that this host remembers."""
    image = Image(vault, kind, content)
    next_id, records, text = image.snapshot()
    if image.is_large:
        image.verify_index(text, records if checks else None)
    return image.apply_log(records, next_id, seen, checks)


def parts(vault, size):
    """Where the snapshot begins and ends, and where the log begins, behind a header of this size."""
    start = size + 16
    must(len(vault) >= start, "the file is shorter than it says")
    end = start + int.from_bytes(vault[size : size + 8], "big")
    return start, end, end + int.from_bytes(vault[size + 8 : start], "big")


def main():
    with open(sys.argv[1], "rb") as vault, open(sys.argv[3], "rb") as secret:
        try:
            records = read(vault.read(), sys.argv[2], secret.read())
        except (Rejected, ValueError) as error:
            sys.exit(f"rejected: {error}")
    json.dump(records, sys.stdout, ensure_ascii=False)


if __name__ == "__main__":
    main()
