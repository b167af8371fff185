"""Writes vaults, from FileFormat alone: each part of one can be taken, changed and sealed again.

It has no more than an attacker has: the bytes of a vault, and a slot key or the data key. What it reads, the
independent reader reads. Needs `cryptography` 50 or later from PyPI.
"""

import hashlib
import json
import os
import re
import sys
from dataclasses import dataclass, replace
from pathlib import Path

from cryptography.cobblestone import Cobblestone256Encryptor
from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "IndependentReader"))

import reader  # noqa: E402

SUITE = hpke.Suite(hpke.KEM.X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM)
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
SLOT_WORDS = "name kind added made id public authenticator form wrapped derivation mac".split()
NO_LIMITS = "max-age none\nidle none\nexpired none\n"


def sealed(key, context, plaintext):
    encryptor = Cobblestone256Encryptor(key, context)
    return encryptor.update(plaintext) + encryptor.finalize()


def key_id(secret):
    return reader.expand(secret, b"tokenvault/1 key id", 8).hex()


def authenticator(secret):
    return reader.expand(secret, b"tokenvault/1 slot authenticator", 32)


def public_key(secret):
    return reader.key_pair(secret).public_key().public_bytes_raw().hex()


def recovery_code(secret):
    """The code that a person types for a slot key."""
    number = int.from_bytes(secret + hashlib.sha256(secret).digest()[:3], "big")
    letters = "".join(ALPHABET[number >> shift & 31] for shift in range(275, -1, -5))
    return "-".join(letters[start : start + 4] for start in range(0, 56, 4))


@dataclass(frozen=True)
class Slot:
    """The words of a line `slot`."""

    name: str
    kind: str
    added: str
    made: str
    key_id: str
    public_key: str
    authenticator: str
    form: str
    wrapped: str
    derivation: str = "-"
    mac: str = "0" * 64

    def line_without_mac(self):
        words = (self.name, self.kind, self.added, self.made, self.key_id, self.public_key)
        return " ".join(("slot", *words, self.authenticator, self.form, self.wrapped, self.derivation))

    def line(self):
        return f"{self.line_without_mac()} {self.mac}"


@dataclass(frozen=True)
class Vault:
    """A vault's header, the data key where it is known, and the plaintext of the snapshot."""

    store: str
    format: str
    generation: int
    data_key_id: str
    data_key_made: str
    slots: tuple
    data_key: bytes = b""
    plaintext: str = ""
    after: str = "none"
    features: str = "none"
    log_extent: int = 262144

    @staticmethod
    def parse(data):
        """What the header says, which takes no key."""
        header = reader.parse_header(data)
        return Vault(
            header.store, header.format, header.generation, header.data_key_id, header.data_key_made,
            tuple(Slot(*match.group(*SLOT_WORDS)) for match in header.slots),
            after=header.after, log_extent=header.log_extent,
        )  # fmt: skip

    @staticmethod
    def open(data, kind, content):
        """The vault, opened by a slot: `content` is its key, passphrase or code."""
        header = reader.parse_header(data)
        secret = reader.slot_secret(kind, content, header.slots)
        return Vault.open_by_data_key(data, reader.data_key(kind, secret, header))

    @staticmethod
    def open_by_data_key(data, data_key):
        """The vault without its commits, opened by the data key."""
        size = reader.parse_header(data).size
        start, end, _ = reader.parts(data, size)
        message = data[start:end]
        text = reader.opened(data_key, b"tokenvault/1 snapshot\n" + data[:size], message).decode()
        return replace(Vault.parse(data), data_key=data_key, plaintext=text)

    def header(self):
        lines = [
            "tokenvault 1", f"store {self.store}", f"format {self.format}", f"generation {self.generation}",
            f"after {self.after}", f"features {self.features}", f"log-extent {self.log_extent}",
            f"data-key {self.data_key_line()}",
        ]  # fmt: skip
        text = "".join(f"{line}\n" for line in lines + [slot.line() for slot in self.slots]).encode()
        return text + f"end {hashlib.sha256(text).hexdigest()}\n".encode()

    def with_macs(self):
        """With the MAC of each slot whose authenticator the data key opens; the others stay."""
        lines = [self.data_key_line(), *(slot.line_without_mac() for slot in self.slots)]
        slot_list = f"tokenvault/1 slot list\n{self.store}\n".encode() + "".join(f"{line}\n" for line in lines).encode()
        slots = []
        for slot in self.slots:
            try:
                mac = reader.slot_mac(self.slot_authenticator(slot.name), slot_list)
            except reader.Rejected:
                mac = slot.mac
            slots.append(replace(slot, mac=mac))
        return replace(self, slots=tuple(slots))

    def data_key_line(self):
        return f"{self.data_key_id} {self.data_key_made}"

    def bytes(self):
        """The whole file, sealed anew under the data key, with right MACs where the writer can compute them."""
        header = self.with_macs().header()
        text = self.plaintext.encode()
        message = sealed(self.data_key, b"tokenvault/1 snapshot\n" + header, text)
        index = self.index(text, message[:24]) if len(header) + 16 + len(message) > 65536 else b""
        return header + b"".join(len(part).to_bytes(8, "big") for part in (message, index)) + message + index

    def index(self, text, salt):
        """The index of a large vault, sealed behind the snapshot with this salt."""
        records = reader.decoded(text[re.match(reader.PREAMBLE, text).end() :], self.format)
        plain = reader.index_text(self.data_key, self.store, salt, text, records, self.format)
        return sealed(self.data_key, reader.index_context(self.store, salt), plain)

    def context(self, what, name):
        return f"tokenvault/1 {what}\n{self.store}\n{name}\n{self.data_key_id}".encode()

    def slot(self, name):
        return next(slot for slot in self.slots if slot.name == name)

    def with_slot(self, slot):
        """With this slot in the place of the one of its name, or behind all."""
        names = [other.name for other in self.slots]
        if slot.name not in names:
            return replace(self, slots=self.slots + (slot,))
        return replace(self, slots=tuple(slot if slot.name == other.name else other for other in self.slots))

    def slot_authenticator(self, name):
        """What the data key opens of every slot, and a rotation by another slot keeps."""
        message = bytes.fromhex(self.slot(name).authenticator)
        return reader.opened(self.data_key, self.context("slot authenticator sealed", name), message)

    def wrapped(self, slot, secret_authenticator, secret=None):
        """The slot with this vault's data key wrapped for it: by `sealed` with the slot key, else by `hpke`."""
        proof = sealed(self.data_key, self.context("slot authenticator sealed", slot.name), secret_authenticator)
        context = self.context("slot", slot.name)
        if secret:
            form, wrapped = "sealed", sealed(secret, context, self.data_key)
        else:
            form, wrapped = "hpke", self.wrapped_by_hpke(slot, sealed(secret_authenticator, context, self.data_key))
        return replace(slot, authenticator=proof.hex(), form=form, wrapped=wrapped.hex())

    def wrapped_by_hpke(self, slot, inner):
        public = X25519PublicKey.from_public_bytes(bytes.fromhex(slot.public_key))
        return SUITE.encrypt(inner, public, self.context("slot hpke", slot.name))

    def slot_for(self, name, kind, secret, like):
        """A slot for this slot key, with the dates of another."""
        derivation = derived(like.derivation) if kind == "passphrase" else "-"
        slot = replace(
            like, name=name, kind=kind, key_id=key_id(secret), public_key=public_key(secret), derivation=derivation
        )
        return self.wrapped(slot, authenticator(secret), secret if kind == "key" else None)

    def with_records(self, *records, next_id=1000):
        """With these records, in JSON, and no others."""
        text = f"next-id {next_id}\n{NO_LIMITS}\n{json_text(records)}"
        return replace(self, format="json", plaintext=text)

    def with_new_data_key(self, data_key_id=None):
        """Under a data key of the writer's own; its slots still wrap the old one."""
        return replace(self, data_key=os.urandom(32), data_key_id=data_key_id or os.urandom(8).hex())


def json_text(records):
    """The records, one a line."""
    saved = [record | {"revision": record.get("revision", 1)} for record in records]
    return "".join(json.dumps(record, ensure_ascii=False, separators=(",", ":")) + "\n" for record in saved)


def snapshot_salt(data):
    """The salt of the snapshot, which the first commit is bound to."""
    size = reader.parse_header(data).size
    return data[size + 16 : size + 40]


def with_commits(vault, data, plaintexts):
    """The file with an extent of its log behind the snapshot, and one save for each plaintext."""
    salt = snapshot_salt(data)
    key = reader.log_key(vault.data_key, vault.store, salt)
    data += bytes(-len(data) % 4096)
    end = len(data) + 262144
    data += b"tvextent" + bytes(8) + salt + bytes(24)
    tag = bytes(16)
    for number, plaintext in enumerate(plaintexts, 1):
        text, nonce = plaintext.encode(), os.urandom(24)
        bound = b"TVLE" + len(text).to_bytes(4, "big") + number.to_bytes(8, "big") + (number - 1).to_bytes(8, "big") + tag
        message = AESGCM(reader.xaes_key(key, nonce)).encrypt(nonce[12:], text, bound)
        data += bound + nonce + message
        data, tag = data + bytes(-len(data) % 64), message[-16:]
    return data + bytes(end - len(data))


def derived(like):
    """How a passphrase becomes its slot key: as before, else by the cost of a new one."""
    return like if like != "-" else f"scrypt:17:8:1:{os.urandom(16).hex()}"


def with_header_line(data, pattern, line):
    """The file with another line in its header, and the digest that is right for that."""
    end = data.index(b"\nend ") + 1
    text, count = re.subn(pattern, line, data[:end], flags=re.MULTILINE)
    assert count == 1, "the line is not in the header"
    after = data[data.index(b"\n", end) + 1 :]
    return text + f"end {hashlib.sha256(text).hexdigest()}\n".encode() + after


def public_key_of(data, name):
    """The digits of a slot's public key, as they stand in the file."""
    return Vault.parse(data).slot(name).public_key.encode()
