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
from typing import NamedTuple

from cryptography.cobblestone import Cobblestone256Decryptor
from cryptography.hazmat.primitives import hashes, hpke
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

TEXTS = (
    "id user_name client_id client_secret refresh_token access_token grant_token expires_at redirect_url "
    "api_domain scope token_type id_token secret"
).split()
TIME = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"
HISTORY_FORMS = {
    "first_saved_at": TIME,
    "last_used_at": TIME,
    "refresh_state": rf"begun {TIME} -?\d+|unanswered {TIME}|rejected {TIME} [!#-\[\]-~]{{1,64}}( {TIME})?",
}
HISTORY = list(HISTORY_FORMS)

LIMIT = 10**15
NUMBER = "(0|[1-9][0-9]*)"


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
    must(re.match(rb"tokenvault [0-9]+\n", data), "not a vault")
    lines, size, digest_is_right = split_header(data)
    must(digest_is_right, "the header's digest is wrong")
    must(lines.pop(0) == "tokenvault 1", "another version")

    features = re.fullmatch(rf"features ({FEATURE}(?: {FEATURE})*)", lines[4] if len(lines) > 4 else "")
    if features and features[1] != "none":
        names = features[1].split(" ")
        must(names == sorted(set(names)) and "none" not in names, "a line is not understood")
        raise Rejected(f"a newer vault: it needs {features[1]}")

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
    slots = []
    while lines:
        slots.append(line(SLOT))
    must(1 <= len(slots) <= 32, "no slots or too many")
    for part in ("name", "id"):
        must(len({slot[part] for slot in slots}) == len(slots), "two slots with one name or key")
    for slot in slots:
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
        raise Rejected("no slot for this passphrase")
    alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
    number = 0
    for letter in text.decode().replace("-", ""):
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
    must(slot, "the wrong key")
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


def json_records(text):
    lines = text.split("\n")
    must(lines.pop() == "", "the last line has no end")
    return [json.loads(line, object_pairs_hook=no_duplicates) for line in lines]


def csv_records(text):
    rows = csv_rows(text)
    must(rows, "no header row")
    known = TEXTS + ["revision"] + HISTORY
    header = [plain(value) for value in rows[0]]
    must(header[: len(known)] == known and len(set(header)) == len(header), "another header")
    must(len(header) <= len(known) + 1024, "too many columns")
    return [csv_record(header, row) for row in rows[1:]]


def csv_rows(text):
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
            value = json.loads(value, object_pairs_hook=no_duplicates)
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
        must("id" in record and 1 <= record.get("revision", 0) <= LIMIT, "no id or revision")
        must(not {"expires_in", "expires_in_sec", "expiry_time"} & record.keys(), "a member of imports")
    must(len({record["id"] for record in records}) == len(records), "an id twice")
    return records


def read(vault, kind, content):
    header = parse_header(vault)
    store, record_format, size = header.store, header.format, header.size
    secret = slot_secret(kind, content, header.slots)
    key = data_key(kind, secret, header)
    length = int.from_bytes(vault[size : size + 8], "big")
    end = size + 8 + length
    must(len(vault) >= size + 8 and len(vault) >= end, "the file is shorter than it says")
    must(len(vault) == end or end > 65536, "the file is longer than it says")
    message = vault[size + 8 : end]
    context = b"tokenvault/1 snapshot\n" + vault[:size]
    text = opened(key, context, message).decode("utf-8", "strict")
    start = re.match(rf"next-id {NUMBER}\nmax-age (none|{NUMBER})\nidle (none|{NUMBER})\nexpired (none|{NUMBER})\n\n", text)
    must(start and int(start[1]) <= LIMIT, "no next id")
    must(all(limit is None or 1 <= int(limit) <= 10**10 for limit in start.group(3, 5, 7)), "no limit")
    records = decoded(text[start.end() :], record_format)
    next_id = int(start[1])
    for commit in commits(key, store, message[:24], vault[end:]):
        next_id = apply(records, next_id, commit.decode("utf-8", "strict"), record_format)
    return records


def decoded(text, record_format):
    return check(json_records(text) if record_format == "json" else csv_records(text))


def commits(key, store, snapshot_salt, tail):
    """The texts of the commits; what was never acknowledged behind the last one is left out."""
    salt, count = snapshot_salt, 0

    def tag(frame):
        info = f"tokenvault/1 commit frame\n{store}\n{snapshot_salt.hex()}\n".encode() + frame[:16]
        return expand(key, info, 16)

    def parts(at):
        return int.from_bytes(tail[at : at + 8], "big"), int.from_bytes(tail[at + 8 : at + 16], "big")

    position = 0
    while position < len(tail):
        length, number = parts(position)
        frame, message = tail[position : position + 32], tail[position + 32 : position + 32 + length]
        try:
            must(len(frame) == 32 and len(message) == length and number == count + 1, "no commit")
            context = f"tokenvault/1 commit\n{store}\n{salt.hex()}\n".encode() + frame
            text = opened(key, context, message)
        except Rejected:
            rest = tail[position:]
            for later in range(position + 1, len(tail) - 31):
                number = parts(later)[1]
                if count < number <= count + 1 + len(rest) // 32:
                    must(tail[later + 16 : later + 32] != tag(tail[later : later + 32]), "a commit is damaged")
            if len(rest) < 32:
                return
            if parts(position)[1] == count + 1 and frame[16:] == tag(frame):
                if len(rest) < 32 + length:
                    return
                must(len(rest) == 32 + length, "a commit is damaged")
            must(bytes(16) in rest, "a commit is damaged")
            return
        yield text
        salt, count, position = message[:24], count + 1, position + 32 + length


def apply(records, next_id, text, record_format):
    """Puts a commit's records in the places of those with their ids, or behind all; gives the next id."""
    start = re.match(rf"next-id {NUMBER}\n\n", text)
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
