"""Saves what is sound of a damaged vault, as Durability's table says: from the documentation alone.

It does not try to save rows of CSV between two chunks that do not open.
"""

import hashlib
import re

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from find_record import CHUNK
from read_vault import Image
from vault_crypto import Rejected, expand, must, refusing
from vault_header import data_key, parse_header, slot_secret
from vault_index import start_of_records
from vault_log import Log
from vault_records import apply, check, decoded

END = re.compile(rb"end ([0-9a-f]{64})\n")
TEXT = [10, *range(32, 127)]


def repaired(vault, kind, content, seen=0):
    """Whether anything was to be saved, and the records if so."""
    vault, is_header_damaged = with_sound_header(vault)
    with refusing("damaged-slot"):
        header = parse_header(vault)
        key = data_key(kind, slot_secret(kind, content, header.slots), header)
    snapshot = sound_snapshot(vault, kind, content, header) or Salvage(vault, header, key).run()
    log = LogSalvage(Log(key, header, snapshot.salt, vault, snapshot.log_start), snapshot.records)
    log.run(max(0, seen - header.generation))
    must(snapshot.parts or log.sound, "nothing opens", "damaged-snapshot")
    is_log_right = not (log.is_damaged or log.is_unfinished or log.has_wrong_summary)
    if is_log_right and not (is_header_damaged or snapshot.is_damaged):
        return "unchanged", None
    must(snapshot.has_start, "the limits are lost", "limits-lost")
    return "records", log.records


def with_sound_header(vault):
    """The vault with a header that has its digest: of all headers that differ in one byte."""
    with refusing("damaged-header"):
        try:
            parse_header(vault)
            return vault, False
        except Rejected as error:
            header = None if error.refusal == "newer-vault" else mended(vault[:8704])
            if header is None:
                raise
        parse_header(header)
        return header + vault[len(header) :], True


def mended(start):
    place = next((place for place in range(len(start) - 68) if almost_an_end(start[place : place + 69])), None)
    if place is None:
        return None
    lines, given = start[:place], start[place + 4 : place + 68]
    digest = hashlib.sha256(lines).hexdigest().encode()
    if sum(one != other for one, other in zip(digest, given)) < 2:
        return lines + b"end " + digest + b"\n"
    for at in range(len(lines)):
        before = hashlib.sha256(lines[:at])
        for byte in TEXT:
            hashed = before.copy()
            hashed.update(bytes([byte]) + lines[at + 1 :])
            if hashed.hexdigest().encode() == given:
                return lines[:at] + bytes([byte]) + lines[at + 1 :] + b"end " + given + b"\n"
    return None


def almost_an_end(line):
    wrong = sum(one != other for one, other in zip(line[:4], b"end ")) + (line[68] != 10)
    return wrong + sum(byte not in b"0123456789abcdef" for byte in line[4:68]) < 2


class Snapshot:
    """What a repair begins with: the records, and where the log is."""

    def __init__(self, salt, log_start, records, is_damaged, parts=1, has_start=True):
        self.salt, self.log_start, self.records, self.is_damaged = salt, log_start, records, is_damaged
        self.parts, self.has_start = parts, has_start


def sound_snapshot(vault, kind, content, header):
    """The snapshot if it is sound; its index may be damaged."""
    try:
        image = Image(vault, kind, content)
        _, records, text = image.snapshot()
    except Rejected:
        return None
    log_start, is_index_damaged = image.index_end, False
    try:
        if image.is_large:
            image.verify_index(text, records)
    except Rejected:
        is_index_damaged = True
        log_start = first_head(vault, image.end) or log_start
    return Snapshot(image.salt, log_start, records, is_index_damaged)


def first_head(vault, place):
    """Where the log begins, by its head."""
    heads = range(-(-place // 4096) * 4096, len(vault) - 63, 4096)
    return next((at for at in heads if vault[at : at + 8] == b"tvextent"), None)


class Salvage:
    """The chunks of a damaged snapshot that open, each by itself."""

    def __init__(self, vault, header, key):
        self.vault, self.header, self.key = vault, header, key
        self.start = header.size + 16
        self.context = b"tokenvault/1 snapshot\n" + vault[: header.size]
        self.head = first_head(vault, self.start)
        must(len(vault) >= self.start + 72, "nothing opens", "damaged-snapshot")
        self.salt = self.sound_salt()
        derived = self.derived(self.salt)
        self.cipher, self.base = AESGCM(derived[:32]), int.from_bytes(derived[32:44], "big")

    def derived(self, salt):
        return expand(self.key, b"c2sp.org/chunked-encryption@v1+AEAD_AES_256_GCM\0" + salt + self.context, 76)

    def sound_salt(self):
        """The salt that the commitment is of, if one byte of it is wrong, or that of the log."""
        salt, commitment = (self.vault[self.start + a : self.start + b] for a, b in ((0, 24), (24, 56)))
        others = (salt[:at] + bytes([byte]) + salt[at + 1 :] for at in range(24) for byte in range(256))
        committed = next((other for other in others if self.derived(other)[44:] == commitment), None)
        return committed or (self.vault[self.head + 16 : self.head + 40] if self.head else salt)

    def chunk(self, number, size):
        place = self.start + 56 + number * (CHUNK + 16)
        try:
            nonce = (self.base ^ number).to_bytes(12, "big")
            return self.cipher.decrypt(nonce, self.vault[place : place + size], None)
        except (InvalidTag, ValueError):
            return None

    def end(self):
        """Where the snapshot ends, if its length is right; else the file's end."""
        claimed = self.start + int.from_bytes(self.vault[self.start - 16 : self.start - 8], "big")
        full, last = divmod(claimed - self.start - 56, CHUNK + 16)
        is_right = claimed <= len(self.vault) and last >= 16 and self.chunk(full, last) is not None
        is_small = len(self.vault) <= 65536
        return claimed if is_right or not is_small and claimed <= len(self.vault) else len(self.vault)

    def run(self):
        end = self.end()
        full, last = divmod(max(0, end - self.start - 56), CHUNK + 16)
        texts = [self.chunk(number, CHUNK + 16) for number in range(full)] + [self.chunk(full, last)]
        runs = [[]]
        for text in texts:
            runs[-1:] = [runs[-1] + [text]] if text is not None else [runs[-1], []]
        has_start, records = texts[0] is not None, []
        with refusing("invalid-records"):
            for number, run in enumerate(run for run in runs if run):
                records += self.records(b"".join(run), number == 0 and has_start)
            check(records)
        index_end = end + int.from_bytes(self.vault[self.start - 8 : self.start], "big")
        return Snapshot(self.salt, self.head or index_end, records, True, any(runs), has_start)

    def records(self, text, is_start):
        """The whole records of a part."""
        place = start_of_records(text)[1] if is_start else text.find(b"\n") + 1
        if self.header.format == "json":
            return decoded(text[place : text.rfind(b"\n") + 1], "json")
        must(is_start, "the names of the columns are lost")
        ends = [match.end() for match in re.finditer(rb"\r\n", text) if text[place : match.end()].count(b'"') % 2 == 0]
        return decoded(text[place : ends[-1]], "csv") if ends and ends[-1] > place else []


class LogSalvage:
    """The entries of a log that open, also behind one that does not."""

    def __init__(self, log, records):
        self.log, self.records = log, records
        self.count, self.tag, self.next_id, self.sound = 0, bytes(16), 0, 0
        self.before_gap, self.has_wrong_summary = None, False
        self.summary_tag, self.entries = bytes(16), []

    def state(self):
        return self.count, self.tag, self.next_id, self.sound, [dict(record) for record in self.records]

    def run(self, covered):
        data, first = self.log.data, self.log.start + 64
        place, end, flushed = first, first, covered
        while place < len(data) - 63:
            frame = self.log.frame(place)
            if frame.text is None or not self.take(frame, self.is_in_place(frame, place, end, first)):
                place += 64
                continue
            if self.before_gap is None:
                self.check(frame, (place - self.log.start) % self.log.size)
            flushed, place = max(flushed, frame.flushed), frame.next
            end = place if self.before_gap is None else end
        in_order = self.before_gap or self.state()
        is_left = any(data[end:]) if self.log.start < len(data) else False
        self.is_damaged = is_left and flushed > in_order[0]
        self.is_unfinished = is_left and not self.is_damaged
        if not self.is_damaged:
            self.count, self.tag, self.next_id, self.sound, self.records = in_order

    def check(self, frame, offset):
        """Compares a summary with the entries before it."""
        if frame.kind == b"TVLE":
            self.entries.append((offset, frame))
            return
        self.has_wrong_summary |= not self.log.fits(frame, self.summary_tag, self.entries)
        self.summary_tag, self.entries = frame.tag, []

    def is_in_place(self, frame, place, end, first):
        return place == end if frame.kind == b"TVLE" else (place - first) % self.log.size == 0

    def take(self, frame, is_in_place):
        is_next = frame.number == self.count + (frame.kind == b"TVLE") and frame.before == self.tag
        if not is_next and (frame.kind != b"TVLE" or frame.number <= self.count):
            return False
        before = self.state()
        try:
            if frame.kind == b"TVLE":
                changed = list(self.records)
                self.next_id = apply(changed, self.next_id, frame.text, self.log.format)
                self.records = changed
                self.sound += 1
        except (Rejected, ValueError):
            if not is_next or not is_in_place:
                self.before_gap = self.before_gap or before
            return False
        if not is_next or not is_in_place:
            self.before_gap = self.before_gap or before
        self.count, self.tag = frame.number, frame.tag
        return True
