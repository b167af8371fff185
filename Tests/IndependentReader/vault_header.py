"""Reads the header of a vault, and opens one of its slots."""

import hashlib
import hmac
import re
from datetime import datetime
from typing import NamedTuple

from cryptography.hazmat.primitives import hpke

from vault_crypto import Rejected, expand, key_pair, must, opened

LIMIT = 10**15
NUMBER = "(0|[1-9][0-9]*)"
TIME = "[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{3}Z"
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
