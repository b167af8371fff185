#!/usr/bin/env python3
"""Reads a vault, written from FileFormat alone: read_vault.py VAULT (key|passphrase|recovery) FILE

FILE holds the key, or the passphrase or recovery code in its first line. Prints the records as a JSON array.
Needs `cryptography` 50 or later from PyPI, whose own Cobblestone and HPKE open the messages; shares nothing
with the Swift sources.
"""

import csv
import hashlib
import hmac
import io
import json
import re
import sys

from cryptography.cobblestone import Cobblestone256Decryptor
from cryptography.hazmat.primitives import hashes, hpke
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

TEXTS = (
    "id user_name client_id client_secret refresh_token access_token grant_token expires_at redirect_url "
    "api_domain scope token_type id_token"
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
    r"slot ([A-Za-z0-9._][A-Za-z0-9._-]{0,63}) (key|passphrase|recovery) " + MOMENT + " " + MOMENT
    + r" ([0-9a-f]{16}) ([0-9a-f]{64}) ([0-9a-f]{208}) (?:sealed ([0-9a-f]{208})|hpke ([0-9a-f]{304}))"
)


def parse_header(data):
    must(re.match(rb"tokenvault [0-9]+\n", data), "not a vault")
    lines, size, digest_is_right = split_header(data)
    must(digest_is_right, "the header's digest is wrong")
    must(lines.pop(0) == "tokenvault 1", "another version")

    def line(pattern):
        must(lines, "a line is missing")
        match = re.fullmatch(pattern, lines.pop(0))
        must(match, "a line is not understood")
        return match

    store = line(r"store ([0-9a-f]{32})")[1]
    record_format = line(r"format (json|csv)")[1]
    must(int(line(r"generation ([1-9][0-9]*)")[1]) <= LIMIT, "the generation is too large")
    data_key = line(r"data-key ([0-9a-f]{16}) " + MOMENT)[1]
    scrypt = None
    if lines and lines[0].startswith("scrypt "):
        match = line(r"scrypt (1[5-8]) 8 1 ([0-9a-f]{32})")
        scrypt = (int(match[1]), bytes.fromhex(match[2]))
    slots = []
    while lines:
        slots.append(line(SLOT))
    must(1 <= len(slots) <= 32, "no slots or too many")
    for part in (1, 5):
        must(len({slot[part] for slot in slots}) == len(slots), "two slots with one name or key")
    must(bool(scrypt) == any(slot[2] == "passphrase" for slot in slots), "scrypt without a passphrase")
    return store, record_format, data_key, scrypt, slots, size


def slot_secret(kind, content, scrypt):
    """The 32 bytes that open a slot."""
    if kind == "key":
        must(len(content) == 32, "a key has 32 bytes")
        return content
    text = content.split(b"\n")[0]
    if kind == "passphrase":
        must(scrypt, "no slot for a passphrase")
        exponent, salt = scrypt
        return hashlib.scrypt(text, salt=salt, n=2**exponent, r=8, p=1, dklen=32, maxmem=(1 << 31) - 1)
    alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
    number = 0
    for letter in text.decode().replace("-", ""):
        number = number << 5 | alphabet.index(letter)
    code = number.to_bytes(35, "big")
    must(code[32:] == hashlib.sha256(code[:32]).digest()[:3], "a slip in the recovery code")
    return code[:32]


def expand(key, info, count):
    return HKDFExpand(hashes.SHA512(), count, info).derive(key)


def key_pair(secret):
    """DeriveKeyPair of RFC 9180, section 7.1.3, for DHKEM(X25519, HKDF-SHA256)."""
    suite = b"HPKE-v1KEM\x00\x20"
    extracted = hmac.digest(b"", suite + b"dkp_prk" + secret, "sha256")
    private = hmac.digest(extracted, b"\x00\x20" + suite + b"sk" + b"\x01", "sha256")
    return X25519PrivateKey.from_private_bytes(private)


def data_key(secret, store, data_key_id, slots):
    key_id = expand(secret, b"tokenvault/1 key id", 8).hex()
    slot = next((slot for slot in slots if slot[5] == key_id), None)
    must(slot, "the wrong key")

    def context(what):
        return f"tokenvault/1 {what}\n{store}\n{slot[1]}\n{data_key_id}".encode()

    if slot[8]:
        key = opened(secret, context("slot"), bytes.fromhex(slot[8]))
    else:
        suite = hpke.Suite(hpke.KEM.X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM)
        pair = key_pair(secret)
        must(pair.public_key().public_bytes_raw().hex() == slot[6], "another public key")
        try:
            inner = suite.decrypt(bytes.fromhex(slot[9]), pair, context("slot hpke"))
        except Exception as error:
            raise Rejected("a wrapped key does not open") from error
        authenticator = expand(secret, b"tokenvault/1 slot authenticator", 32)
        key = opened(authenticator, context("slot"), inner)
        sealed = opened(key, context("slot authenticator sealed"), bytes.fromhex(slot[7]))
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
    csv.field_size_limit(1 << 20)
    rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    must(rows, "no header row")
    header = rows[0]
    must(header[:17] == TEXTS + ["revision"] + HISTORY and len(set(header)) == len(header), "another header")
    must(len(header) <= 17 + 1024, "too many columns")
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
        for name in HISTORY:
            must(re.fullmatch(HISTORY_FORMS[name], record.get(name, "")) or name not in record, name)
        must("id" in record and 1 <= record.get("revision", 0) <= LIMIT, "no id or revision")
        must(not {"expires_in", "expires_in_sec", "expiry_time"} & record.keys(), "a member of imports")
    must(len({record["id"] for record in records}) == len(records), "an id twice")
    return records


def read(vault, kind, content):
    store, record_format, data_key_id, scrypt, slots, size = parse_header(vault)
    secret = slot_secret(kind, content, scrypt)
    length = int.from_bytes(vault[size : size + 8], "big")
    end = size + 8 + length
    must(len(vault) >= size + 8 and len(vault) >= end, "the file is shorter than it says")
    must(len(vault) == end or end > 65536, "the file is longer than it says")
    message = vault[size + 8 : end]
    context = b"tokenvault/1 snapshot\n" + vault[:size]
    key = data_key(secret, store, data_key_id, slots)
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
