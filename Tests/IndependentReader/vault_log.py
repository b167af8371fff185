"""The log of a large vault."""

import re

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from vault_crypto import expand, must, siphash, xaes_key
from vault_index import index_hash_key, keys
from vault_records import decoded


def log_key(key, store, snapshot_salt):
    return expand(key, f"tokenvault/1 log\n{store}\n{snapshot_salt.hex()}\n".encode(), 32)


class Frame:
    """A frame at a place of the log area, and its sealed text; `text` is None if it does not authenticate."""

    def __init__(self, key, data, place, end):
        frame = data[place : place + 64]
        self.kind, self.text = frame[:4], None
        if len(frame) < 64 or self.kind not in (b"TVLE", b"TVLS"):
            return
        length, self.number, self.flushed = (int.from_bytes(frame[a:b], "big") for a, b in ((4, 8), (8, 16), (16, 24)))
        self.before, nonce = frame[24:40], frame[40:64]
        sealed = data[place + 64 : place + 64 + length + 16]
        self.fits = place + 64 + length + 16 <= end
        if len(sealed) < length + 16 or self.number > 65536:
            return
        if (self.flushed >= self.number) if self.kind == b"TVLE" else (self.flushed != self.number):
            return
        self.tag, self.next = sealed[length:], place + (64 + length + 16 + 63) // 64 * 64
        try:
            self.text = AESGCM(xaes_key(key, nonce)).decrypt(nonce[12:], sealed, frame[:40])
        except InvalidTag:
            pass

    def follows(self, count, tag, kind):
        number = count + 1 if kind == b"TVLE" else count
        return self.text is not None and self.fits and (self.kind, self.number, self.before) == (kind, number, tag)


class Log:
    """The log area of a vault."""

    def __init__(self, key, header, snapshot_salt, data, index_end):
        self.data, self.format, self.size = data, header.format, header.log_extent
        self.start = (index_end + 4095) // 4096 * 4096
        self.key = log_key(key, header.store, snapshot_salt)
        self.hash_key = index_hash_key(key, header.store, snapshot_salt)

    def frame(self, place):
        extent = (place - self.start) // self.size
        return Frame(self.key, self.data, place, self.start + (extent + 1) * self.size)

    def commits(self, covered=0, checks=False):
        """The texts of the commits; a write behind them that was not finished is left out.

        `covered` is the number of the last entry that the host remembers; `checks` compares the summaries with the entries.
        """
        extent, place, count, tag = 0, self.start + 64, 0, bytes(16)
        summary_tag, entries = bytes(16), []
        while place < len(self.data):
            frame = self.frame(place)
            if place < self.start + (extent + 1) * self.size and frame.follows(count, tag, b"TVLE"):
                yield frame.text
                entries.append((place - self.start - extent * self.size, frame))
                count, tag, place = count + 1, frame.tag, frame.next
                continue
            summary = self.frame(self.start + (extent + 1) * self.size + 64)
            if not summary.follows(count, tag, b"TVLS"):
                break
            must(not checks or self.fits(summary, summary_tag, entries), "another summary", "damaged-index")
            extent, tag, place = extent + 1, summary.tag, summary.next
            summary_tag, entries = summary.tag, []
        must(covered <= count or not any(self.data[place:]), "a commit is damaged", "damaged-entry")
        for later in range(place, len(self.data) - 63, 64):
            frame = self.frame(later)
            must(frame.text is None or frame.flushed <= count, "a commit is damaged", "damaged-entry")

    def fits(self, summary, tag, entries):
        return summary.text == self.summary(tag, entries)

    def summary(self, tag, entries):
        """The text of a summary of these entries, behind the summary with this tag."""
        places, hashes, next_id = b"", [], 0
        for number, (offset, frame) in enumerate(entries):
            places += offset.to_bytes(4, "big") + frame.tag
            start = re.match(rb"next-id ([0-9]+)\n\n", frame.text)
            next_id = int(start[1])
            for record in decoded(frame.text[start.end() :], self.format):
                for text in keys(record):
                    hashes.append((siphash(self.hash_key, text) >> 32).to_bytes(4, "big") + number.to_bytes(4, "big"))
        counts = len(entries).to_bytes(4, "big") + len(hashes).to_bytes(4, "big")
        return tag + next_id.to_bytes(8, "big") + counts + places + b"".join(sorted(hashes))
