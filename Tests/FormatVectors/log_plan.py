"""The log of a vault to be written, whose entries may be wrong in any way."""

from sealing import reader, sealed_entry, seeded
from vault_plan import DATA_KEY


class Log:
    """Writes entries over the zeros behind a vault's index."""

    def __init__(self, plan, data):
        self.plan, self.extent_size = plan, int(plan.log_extent)
        self.data = bytearray(data + bytes(-len(data) % 4096))
        self.start, self.extent = len(self.data), 0
        self.key = reader.log_key(DATA_KEY, plan.store, plan.salt())
        self.hash_key = reader.index_hash_key(DATA_KEY, plan.store, plan.salt())
        self.count, self.tag = 0, bytes(16)
        self.offsets, self.summary_offsets, self.edits = [], [], {}
        self._begin_extent()

    def _begin_extent(self):
        head = b"tvextent" + self.extent.to_bytes(8, "big") + self.plan.salt() + bytes(24)
        self.data += head + bytes(self.extent_size - 64)
        self.place = self.start + self.extent * self.extent_size + 64
        self.entries = []

    def end(self):
        return self.start + (self.extent + 1) * self.extent_size

    def add(self, text, **changes):
        """The next entry; a summary and an extent before it if it has no room."""
        if self.place + self.room(text) > self.end() and "place" not in changes:
            self.add_extent()
        self.count += 1
        self.offsets.append(changes.get("place", self.place))
        self.entries.append((self.place - self.start - self.extent * self.extent_size, text))
        frame = {"kind": b"TVLE", "number": self.count, "flushed": self.count - 1} | changes
        self._write(text, frame)
        self.entries[-1] += (self.tag,)
        return self

    def add_extent(self):
        """A new extent with the summary of the one before, whose plaintext `edits` has a change of."""
        text = self.summary()
        self.extent += 1
        self._begin_extent()
        self.summary_offsets.append(self.place)
        frame = {"kind": b"TVLS", "number": self.count, "flushed": self.count}
        self.summary_text = self.edits.get(self.extent, bytes)(text)
        self._write(self.summary_text, frame)
        self.summary_tag = self.tag

    @staticmethod
    def room(text):
        return (64 + len(text) + 16 + 63) // 64 * 64

    def _write(self, text, frame):
        place = frame.get("place", self.place)
        nonce = seeded(f"nonce {self.plan.label} {frame['kind']} {self.count} {self.extent}", 24)
        numbers = frame.get("length", len(text)).to_bytes(4, "big") + frame["number"].to_bytes(8, "big")
        bound = frame["kind"] + numbers + frame["flushed"].to_bytes(8, "big") + frame.get("before", self.tag) + nonce
        message = bound + sealed_entry(frame.get("key", self.key), bound, text)
        self.data[place : place + len(message)] = message
        self.tag, self.place = message[-16:], place + self.room(text)

    def summary(self):
        """The plaintext of the summary of the last extent."""
        places, hashes, next_id = b"", [], 0
        for number, (offset, text, tag) in enumerate(self.entries):
            places += offset.to_bytes(4, "big") + tag
            start = text.index(b"\n\n") + 2
            next_id = int(text[8 : start - 2])
            for record in reader.decoded(text[start:], self.plan.format):
                for key in reader.keys(record):
                    digest = reader.siphash(self.hash_key, key) >> 32
                    hashes.append(digest.to_bytes(4, "big") + number.to_bytes(4, "big"))
        counts = len(self.entries).to_bytes(4, "big") + len(hashes).to_bytes(4, "big")
        before = getattr(self, "summary_tag", bytes(16))
        return before + next_id.to_bytes(8, "big") + counts + places + b"".join(sorted(hashes))

    def bytes(self):
        return bytes(self.data)
