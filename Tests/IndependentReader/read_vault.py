#!/usr/bin/env python3
"""Reads a vault, written from FileFormat alone: read_vault.py VAULT (key|passphrase|recovery) FILE

FILE holds the key (also that of a slot for a Secret Service), or the passphrase or recovery code in its first line. Prints the records as a JSON array.
Needs `cryptography` 50 or later from PyPI, whose own Cobblestone and HPKE open the messages; shares nothing
with the Swift sources.
"""

import hashlib
import hmac
import json
import re
import sys
from contextlib import contextmanager
from datetime import datetime
from typing import NamedTuple

from cryptography.cobblestone import Cobblestone256Decryptor
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, hpke
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

TEXTS = (
    "id user_name client_id client_secret refresh_token access_token grant_token expires_at redirect_url "
    "api_domain scope token_type id_token secret"
).split()
TIME = "[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{3}Z"
HISTORY_FORMS = {
    "first_saved_at": TIME,
    "last_used_at": TIME,
    "refresh_state": rf"begun {TIME} (0|-?[1-9][0-9]*)|unanswered {TIME}|rejected {TIME} [!#-\[\]-~]{{1,64}}( {TIME})?",
}
HISTORY = list(HISTORY_FORMS)

LIMIT = 10**15
NUMBER = "(0|[1-9][0-9]*)"
PREAMBLE = "".join(
    [f"next-id {NUMBER}\n"] + [f"{limit} (none|{NUMBER})\n" for limit in ("max-age", "idle", "expired")] + ["\n"]
).encode()


class Rejected(Exception):
    """A vault, or a part of it, that is refused; `refusal` is its class in FileFormat."""

    def __init__(self, what, refusal=None):
        super().__init__(what)
        self.refusal = refusal


def must(condition, what, refusal=None):
    if not condition:
        raise Rejected(what, refusal)


@contextmanager
def refusing(refusal):
    """Says the class of whatever is refused in a block and has none."""
    try:
        yield
    except Rejected as error:
        error.refusal = error.refusal or refusal
        raise
    except (ValueError, RecursionError) as error:
        raise Rejected(str(error), refusal) from error


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


def must_be_times(text):
    """A time must be one of the calendar."""
    for time in re.findall(TIME, text):
        datetime.strptime(time, "%Y-%m-%dT%H:%M:%S.%fZ")


MOMENT = r"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z)"
SLOT = (
    r"(?P<list>slot (?P<name>[A-Za-z0-9._][A-Za-z0-9._-]{0,63}) (?P<kind>key|passphrase|recovery|secret-service) "
    + "(?P<added>" + TIME + ") (?P<made>" + TIME + r") (?P<id>[0-9a-f]{16}) (?P<public>[0-9a-f]{64}) (?P<authenticator>[0-9a-f]{208}) "
    + r"(?P<form>sealed|hpke) (?P<wrapped>(?<=sealed )[0-9a-f]{208}|(?<=hpke )[0-9a-f]{304}) "
    + r"(?P<derivation>-|scrypt:1[5-8]:8:1:[0-9a-f]{32})) (?P<mac>[0-9a-f]{64})"
)
FEATURE = "[a-z0-9-]{1,32}"


class Header(NamedTuple):
    store: str
    format: str
    generation: int
    after: str
    log_extent: int
    data_key_id: str
    data_key_made: str
    slots: list  # Matches of SLOT.
    size: int

    def slot_list(self):
        """What the MAC of each slot is over."""
        lines = ["tokenvault/1 slot list", self.store, f"{self.data_key_id} {self.data_key_made}"]
        return "".join(f"{line}\n" for line in lines + [slot["list"] for slot in self.slots]).encode()


def parse_header(data):
    must(re.match(rf"tokenvault {NUMBER}\n".encode(), data), "not a vault", "not-a-vault")
    lines, size, digest_is_right = split_header(data)
    must(digest_is_right, "the header's digest is wrong")
    must(lines.pop(0) == "tokenvault 1", "another version", "newer-vault")

    features = re.fullmatch(rf"features ({FEATURE}(?: {FEATURE})*)", lines[4] if len(lines) > 4 else "")
    if features and features[1] != "none":
        names = features[1].split(" ")
        must(names == sorted(set(names)) and "none" not in names, "a line is not understood")
        raise Rejected(f"a newer vault: it needs {features[1]}", "newer-vault")

    def line(pattern):
        must(lines, "a line is missing")
        match = re.fullmatch(pattern, lines.pop(0))
        must(match, "a line is not understood")
        return match

    store = line(r"store ([0-9a-f]{32})")[1]
    record_format = line(r"format (json|csv)")[1]
    generation = int(line(r"generation ([1-9][0-9]*)")[1])
    must(generation <= LIMIT, "the generation is too large")
    after = line(r"after (none|([1-9][0-9]*) [0-9a-f]{32})")
    must(after[1] == "none" or int(after[2]) <= generation, "a snapshot from after its own generation")
    line("features none")
    log_extent = int(line(r"log-extent ([1-9][0-9]*)")[1])
    must(log_extent % 4096 == 0 and log_extent <= 1 << 30, "an impossible extent")
    data_key = line(r"data-key ([0-9a-f]{16}) " + MOMENT)
    must_be_times(data_key[2])
    slots = []
    while lines:
        slots.append(line(SLOT))
    must(1 <= len(slots) <= 32, "no slots or too many")
    for part in ("name", "id"):
        must(len({slot[part] for slot in slots}) == len(slots), "two slots with one name or key")
    for slot in slots:
        must_be_times(f"{slot['added']} {slot['made']}")
        must((slot["kind"] == "passphrase") == (slot["derivation"] != "-"), "scrypt without a passphrase")
    return Header(store, record_format, generation, after[1], log_extent, data_key[1], data_key[2], slots, size)


def slot_secret(kind, content, slots):
    """The 32 bytes that open a slot."""
    if kind in ("key", "secret-service"):
        must(len(content) == 32, "a key has 32 bytes")
        return content
    text = content.split(b"\n")[0]
    if kind == "passphrase":
        for slot in slots:
            if slot["kind"] == "passphrase":
                secret = stretched(text, slot["derivation"])
                if expand(secret, b"tokenvault/1 key id", 8).hex() == slot["id"]:
                    return secret
        raise Rejected("no slot for this passphrase", "wrong-key")
    alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
    number = 0
    typed = text.decode().upper().translate(str.maketrans("OIL", "011", "- "))
    for letter in typed:
        number = number << 5 | alphabet.index(letter)
    code = number.to_bytes(35, "big")
    must(code[32:] == hashlib.sha256(code[:32]).digest()[:3], "a slip in the recovery code")
    return code[:32]


def stretched(text, derivation):
    """The slot key of a passphrase."""
    _, exponent, _, _, salt = derivation.split(":")
    cost = 2 ** int(exponent)
    return hashlib.scrypt(text, salt=bytes.fromhex(salt), n=cost, r=8, p=1, dklen=32, maxmem=(1 << 31) - 1)


def expand(key, info, count):
    return HKDFExpand(hashes.SHA512(), count, info).derive(key)


def key_pair(secret):
    """DeriveKeyPair of RFC 9180, section 7.1.3, for DHKEM(X25519, HKDF-SHA256)."""
    suite = b"HPKE-v1KEM\x00\x20"
    extracted = hmac.digest(b"", suite + b"dkp_prk" + secret, "sha256")
    private = hmac.digest(extracted, b"\x00\x20" + suite + b"sk" + b"\x01", "sha256")
    return X25519PrivateKey.from_private_bytes(private)


def slot_mac(authenticator, slot_list):
    key = expand(authenticator, b"tokenvault/1 slot list", 32)
    return hmac.digest(key, slot_list, "sha256").hex()


def data_key(kind, secret, header):
    """The data key, after the list of slots was found to be that of the slot that opens it."""
    key_id = expand(secret, b"tokenvault/1 key id", 8).hex()
    slot = next((slot for slot in header.slots if slot["id"] == key_id and slot["kind"] == kind), None)
    must(slot, "the wrong key", "wrong-key")
    key = unwrapped(secret, header, slot)
    authenticator = expand(secret, b"tokenvault/1 slot authenticator", 32)
    mac = slot_mac(authenticator, header.slot_list())
    must(hmac.compare_digest(mac, slot["mac"]), "the list of slots was changed")
    return key


def unwrapped(secret, header, slot):
    def context(what):
        return f"tokenvault/1 {what}\n{header.store}\n{slot['name']}\n{header.data_key_id}".encode()

    if slot["form"] == "sealed":
        key = opened(secret, context("slot"), bytes.fromhex(slot["wrapped"]))
    else:
        suite = hpke.Suite(hpke.KEM.X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM)
        pair = key_pair(secret)
        must(pair.public_key().public_bytes_raw().hex() == slot["public"], "another public key")
        try:
            inner = suite.decrypt(bytes.fromhex(slot["wrapped"]), pair, context("slot hpke"))
        except Exception as error:
            raise Rejected("a wrapped key does not open") from error
        authenticator = expand(secret, b"tokenvault/1 slot authenticator", 32)
        key = opened(authenticator, context("slot"), inner)
        sealed = opened(key, context("slot authenticator sealed"), bytes.fromhex(slot["authenticator"]))
        must(sealed == authenticator, "another authenticator")
    return key


def no_duplicates(pairs):
    names = [name for name, _ in pairs]
    must(len(names) == len(set(names)), "a name twice")
    return dict(pairs)


def json_rows(text):
    rows = text.split(b"\n")
    must(rows.pop() == b"", "the last line has no end")
    return [row + b"\n" for row in rows]


def csv_rows(text):
    rows, start, in_quotes = [], 0, False
    for place, byte in enumerate(text):
        in_quotes ^= byte == 0x22
        if byte == 0x0A and not in_quotes:
            rows.append(text[start : place + 1])
            start = place + 1
    must(start == len(text), "the last row has no end")
    return rows


def json_records(text):
    records = [json_value(row[:-1].decode("utf-8", "strict"), 66) for row in json_rows(text)]
    must(all(isinstance(record, dict) for record in records), "a line without a record")
    return records


def json_value(text, deepest=65):
    """A JSON value without white space between its parts."""
    parts, depth = re.sub(r'"(?:[^"\\]|\\.)*"', '""', text), 0
    must(not re.search(r"[ \t\r\n]", parts), "white space between the parts of a record")
    for byte in parts:
        depth += (byte in "[{") - (byte in "]}")
        must(depth <= deepest, "a value nested too deep")
    value = json.loads(text, object_pairs_hook=no_duplicates, parse_constant=no_constant)
    json.dumps(value, ensure_ascii=False).encode()  # Refuses a surrogate without the other.
    return value


def no_constant(name):
    raise ValueError(f"{name} is no JSON")


def csv_records(text):
    rows = csv_values(text.decode("utf-8", "strict"))
    must(rows, "no header row")
    known = TEXTS + ["revision"] + HISTORY
    header = [plain(value) for value in rows[0]]
    must(header[: len(known)] == known and len(set(header)) == len(header), "another header")
    must(len(header) <= len(known) + 1024, "too many columns")
    return [csv_record(header, row) for row in rows[1:]]


def csv_values(text):
    """The values of each row as they stand there: an empty value with quotes differs from one without."""
    rows, row, position = [], [], 0
    for match in re.finditer(r'("(?:[^"]|"")*"|[^",\r\n]*)(,|\r\n)', text):
        must(match.start() == position, "no comma or line end behind a value")
        position = match.end()
        row.append(match[1])
        if match[2] != ",":
            rows.append(row)
            row = []
    must(position == len(text) and not row, "the last row has no end")
    return rows


def plain(value):
    return value[1:-1].replace('""', '"') if value.startswith('"') else value


def csv_record(header, row):
    must(len(row) == len(header), "a row of another length")
    record = {}
    for name, given in zip(header, row):
        value = plain(given)
        if value == "" and (name != "secret" or given == ""):
            continue
        if name == "revision" or name.startswith("json:"):
            value = json_value(value)
        name = name.removeprefix("json:") if name.startswith("json:") else name.removeprefix("text:")
        must(name not in record, "a name twice")
        record[name] = value
    return record


def check(records):
    for record in records:
        for name in TEXTS:
            must(isinstance(record.get(name, "x"), str), f"{name} is no text")
            must(record.get(name) != "" or name == "secret", f"{name} is empty")
        for name in HISTORY:
            must(re.fullmatch(HISTORY_FORMS[name], record.get(name, "")) or name not in record, name)
            must_be_times(record.get(name, ""))
        revision = record.get("revision", 0)
        must(isinstance(revision, int) and not isinstance(revision, bool), "a revision that is no number")
        must("id" in record and 1 <= revision <= LIMIT, "no id or revision")
        must(not {"expires_in", "expires_in_sec", "expiry_time"} & record.keys(), "a member of imports")
    must(len({record["id"] for record in records}) == len(records), "an id twice")
    return records


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

    def apply_log(self, records, next_id, seen):
        """Puts what was saved behind the snapshot into its records."""
        count = 0
        if self.is_large:
            for commit in self.log().commits(max(0, seen - self.header.generation)):
                with refusing("invalid-records"):
                    next_id = apply(records, next_id, commit, self.header.format)
                count += 1
        must(self.header.generation + count >= seen, "the vault was rolled back", "rolled-back")
        return records


def start_of_records(text):
    """The next id, and where the records begin."""
    preamble = re.match(PREAMBLE, text)
    must(preamble and int(preamble[1]) <= LIMIT, "no next id")
    must(all(limit is None or 1 <= int(limit) <= 10**10 for limit in preamble.group(3, 5, 7)), "no limit")
    return int(preamble[1]), preamble.end()


def read(vault, kind, content, seen=0, checks=True):
    """All records; `checks` compares the index with them, `seen` is the generation that this host remembers."""
    image = Image(vault, kind, content)
    next_id, records, text = image.snapshot()
    if image.is_large:
        image.verify_index(text, records if checks else None)
    return image.apply_log(records, next_id, seen)


def parts(vault, size):
    """Where the snapshot begins and ends, and where the log begins, behind a header of this size."""
    start = size + 16
    must(len(vault) >= start, "the file is shorter than it says")
    end = start + int.from_bytes(vault[size : size + 8], "big")
    return start, end, end + int.from_bytes(vault[size + 8 : start], "big")


def index_context(store, salt):
    return f"tokenvault/1 index\n{store}\n{salt.hex()}\n".encode()


def siphash(key, text):
    """SipHash-2-4."""
    mask = 2**64 - 1
    k0, k1 = int.from_bytes(key[:8], "little"), int.from_bytes(key[8:], "little")
    v0, v1 = k0 ^ 0x736F6D6570736575, k1 ^ 0x646F72616E646F6D
    v2, v3 = k0 ^ 0x6C7967656E657261, k1 ^ 0x7465646279746573

    def rotated(word, bits):
        return (word << bits | word >> (64 - bits)) & mask

    def rounds(count):
        nonlocal v0, v1, v2, v3
        for _ in range(count):
            v0, v2 = (v0 + v1) & mask, (v2 + v3) & mask
            v1, v3 = rotated(v1, 13) ^ v0, rotated(v3, 16) ^ v2
            v0, v2 = (rotated(v0, 32) + v3) & mask, (v2 + v1) & mask
            v1, v3 = rotated(v1, 17) ^ v2, rotated(v3, 21) ^ v0
            v2 = rotated(v2, 32)

    padded = text + bytes(-(len(text) + 1) % 8) + bytes([len(text) & 255])
    for place in range(0, len(padded), 8):
        word = int.from_bytes(padded[place : place + 8], "little")
        v3 ^= word
        rounds(2)
        v0 ^= word
    v2 ^= 0xFF
    rounds(4)
    return v0 ^ v1 ^ v2 ^ v3


def keys(record):
    """What the index has of a record: the number of each kind, and its text."""
    for kind, name in ((0, "id"), (1, "user_name"), (3, "grant_token"), (4, "refresh_token"), (5, "access_token")):
        if name in record:
            yield bytes([kind]) + record[name].encode()
    if "user_name" in record:
        user = record["user_name"].encode()
        yield b"\2" + len(user).to_bytes(8, "big") + user + record.get("client_id", "").encode()


def index_hash_key(key, store, salt):
    return expand(key, f"tokenvault/1 index hash\n{store}\n{salt.hex()}\n".encode(), 16)


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


def decoded(text, record_format):
    return check(json_records(text) if record_format == "json" else csv_records(text))


def log_key(key, store, snapshot_salt):
    return expand(key, f"tokenvault/1 log\n{store}\n{snapshot_salt.hex()}\n".encode(), 32)


def xaes_key(key, nonce):
    """The message key of XAES-256-GCM: c2sp.org/XAES-256-GCM."""

    def block(data):
        encryptor = Cipher(algorithms.AES(key), modes.ECB()).encryptor()
        return encryptor.update(data) + encryptor.finalize()

    zeros = int.from_bytes(block(bytes(16)), "big")
    subkey = ((zeros << 1) & (2**128 - 1)) ^ (0x87 if zeros >> 127 else 0)
    inputs = [int.from_bytes(bytes([0, number, 0x58, 0]) + nonce[:12], "big") for number in (1, 2)]
    return b"".join(block((value ^ subkey).to_bytes(16, "big")) for value in inputs)


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

    def commits(self, covered=0):
        """The texts of the commits; a write behind them that was not finished is left out.

        `covered` is the number of the last entry that the host remembers.
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
            must(summary.text == self.summary(summary_tag, entries), "another summary", "damaged-entry")
            extent, tag, place = extent + 1, summary.tag, summary.next
            summary_tag, entries = summary.tag, []
        must(covered <= count or not any(self.data[place:]), "a commit is damaged", "damaged-entry")
        for later in range(place, len(self.data) - 63, 64):
            frame = self.frame(later)
            must(frame.text is None or frame.flushed <= count, "a commit is damaged", "damaged-entry")

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


def apply(records, next_id, text, record_format):
    """Puts a commit's records in the places of those with their ids, or behind all; gives the next id."""
    start = re.match(rb"next-id (0|[1-9][0-9]*)\n\n", text)
    must(start and next_id <= int(start[1]) <= LIMIT, "no next id")
    places = {record["id"]: place for place, record in enumerate(records)}
    for record in decoded(text[start.end() :], record_format):
        place = places.get(record["id"])
        if place is None:
            records.append(record)
        else:
            must(record["revision"] >= records[place]["revision"], "a revision went back")
            records[place] = record
    return int(start[1])


def main():
    with open(sys.argv[1], "rb") as vault, open(sys.argv[3], "rb") as secret:
        try:
            records = read(vault.read(), sys.argv[2], secret.read())
        except (Rejected, ValueError) as error:
            sys.exit(f"rejected: {error}")
    json.dump(records, sys.stdout, ensure_ascii=False)


if __name__ == "__main__":
    main()
