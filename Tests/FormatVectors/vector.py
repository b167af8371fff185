"""One vector of the kit, and its form as a text file."""

import base64
import json
from dataclasses import dataclass, field

WAYS = ("open", "one", "check", "repair")
WORTH_A_COPY = 48


@dataclass
class Vector:
    """A scenario: what stands in the file, and what must happen."""

    rule: str
    scenario: str
    words: str
    vault: bytes
    secret: str
    byte: str = "none"
    seen: str = ""
    find: str = "1"
    open: str = "records"
    one: str = "record"
    check: str = "sound"
    repair: str = "unchanged"
    records: list = field(default_factory=list)
    found: dict = None
    left: list = field(default_factory=list)

    @property
    def name(self):
        return f"{self.rule}--{self.scenario}"

    def fails(self):
        return (self.open, self.check) != ("records", "sound")

    def text(self, bases):
        lines = [f"scenario: {self.words}", f"rule: {self.rule}", f"byte: {self.byte}", f"secret: {self.secret}"]
        lines += [f"seen: {self.seen}"] if self.seen else []
        lines += [f"find: {self.find}"] + [f"{way}: {getattr(self, way)}" for way in WAYS]
        if self.one == "record":
            lines.append(f"found: {canonical(self.found)}")
        if self.open == "records":
            lines += listed("record", self.name, self.records, bases)
        if self.repair == "records":
            lines += listed("left", self.name, self.left, bases)
        return "\n".join(lines + ["", *pieces(self.name, self.vault, bases)]) + "\n"


def listed(word, name, records, bases):
    """The lines that say which records: of a large vault, how they differ from those of another vector."""
    base = next((base for base in bases if base.name != name and base.has_most(records)), None)
    if not base:
        return [f"{word}: {canonical(record)}" for record in records]
    ids = {record["id"] for record in records}
    lines = [f"{word}-of: {base.name}.txt"]
    lines += [f"{word}-without: {record['id']}" for record in base.records if record["id"] not in ids]
    return lines + [f"{word}: {canonical(record)}" for record in records if record not in base.records]


def canonical(record):
    return json.dumps(record, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def pieces(name, data, bases):
    """The lines of which each says some of the vault's bytes."""
    lines, place, literal = [], 0, bytearray()
    base = next((base for base in bases if base.is_like(name, data)), None)
    while place < len(data):
        zeros = len(data) - place - len(data[place:].lstrip(b"\0")) if data[place] == 0 else 0
        offset, count = base.match(data, place) if base else (0, 0)
        if max(zeros, count) < WORTH_A_COPY:
            literal.append(data[place])
            place += 1
            continue
        lines += literals(literal)
        lines.append(f"zeros {zeros}" if zeros >= count else f"copy {base.name}.txt {offset} {count}")
        place += max(zeros, count)
        literal = bytearray()
    return lines + literals(literal)


def literals(data):
    """Lines of text for a header, base64 for all else."""
    lines, place = [], 0
    while (end := data.find(b"\n", place)) >= 0 and _is_plain(data[place:end]):
        lines.append("line " + data[place:end].decode())
        place = end + 1
    rest = data[place:]
    return lines + ["base64 " + base64.b64encode(rest[at : at + 75]).decode() for at in range(0, len(rest), 75)]


def _is_plain(line):
    return all(0x20 < byte < 0x7F or byte == 0x20 for byte in line) and line == line.strip() and line != b""


class Base:
    """A large vault, of which other vectors copy parts."""

    def __init__(self, vector):
        self.name, self.records, data = vector.name, vector.records, vector.vault
        self.data = data
        self.places = {}
        for place in range(0, len(data) - WORTH_A_COPY, 16):
            block = data[place : place + WORTH_A_COPY]
            if any(block):
                self.places.setdefault(block, place)

    def has_most(self, records):
        return sum(record in self.records for record in records) > 50

    def is_like(self, name, data):
        return name != self.name and len(data) > 60000 and self.data[2000:2100] == data[2000:2100]

    def match(self, data, place):
        """Where the bytes from a place on stand here, and how many."""
        same = data[place : place + WORTH_A_COPY]
        offset = place if self.data[place : place + WORTH_A_COPY] == same else self.places.get(same)
        if offset is None or len(same) < WORTH_A_COPY or not any(same):
            return 0, 0
        count = WORTH_A_COPY
        while count < 1 << 30 and data[place + count : place + count + 4096] == self.data[offset + count : offset + count + 4096] != b"":
            count += len(data[place + count : place + count + 4096])
        while place + count < len(data) and self.data[offset + count : offset + count + 1] == data[place + count : place + count + 1]:
            count += 1
        return offset, count
