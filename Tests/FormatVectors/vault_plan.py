"""A vault to be written: every part of it can be changed before the parts around it are sealed."""

import hashlib
from dataclasses import dataclass, field, replace

from sealing import reader, sealed, sealed_by_hpke, seeded

TIME = "2026-01-01T00:00:00.000Z"
STORE = seeded("store", 16).hex()
DATA_KEY = seeded("data key", 32)
DATA_KEY_ID = seeded("data key id", 8).hex()
PASSPHRASE = "correct horse"
SCRYPT_SALT = seeded("scrypt salt", 16)
PREAMBLE = b"next-id 10\nmax-age none\nidle none\nexpired none\n\n"


@dataclass(frozen=True)
class Slot:
    """A slot, and how it is sealed; what is set here differs from what is right."""

    name: str = "default"
    kind: str = "key"
    form: str = "sealed"
    secret: bytes = seeded("slot key default", 32)
    derivation: str = "-"
    key_id: str = ""
    public_key: str = ""
    context_name: str = ""
    wrapped_key: bytes = DATA_KEY
    authenticator: bytes = b""
    spoiled: dict = field(default_factory=dict)

    def words(self, plan):
        """The words of the slot's line before its MAC."""
        public = reader.key_pair(self.secret).public_key().public_bytes_raw()
        proof = self.authenticator or reader.expand(self.secret, b"tokenvault/1 slot authenticator", 32)
        texts = {
            "authenticator": self._sealed(plan, DATA_KEY, "slot authenticator sealed", proof),
            "wrapped": self._wrapped(plan, proof, public),
        }
        for name, change in self.spoiled.items():
            texts[name] = change(texts[name])
        key_id = self.key_id or reader.expand(self.secret, b"tokenvault/1 key id", 8).hex()
        return [
            "slot", self.name, self.kind, TIME, TIME, key_id, self.public_key or public.hex(),
            texts["authenticator"].hex(), self.form, texts["wrapped"].hex(), self.derivation,
        ]  # fmt: skip

    def _context(self, plan, what):
        return f"tokenvault/1 {what}\n{plan.store}\n{self.context_name or self.name}\n{plan.data_key_id}".encode()

    def _sealed(self, plan, key, what, text):
        return sealed(key, self._context(plan, what), text, seeded(f"{self.name} {what} {self.form}", 24))

    def _wrapped(self, plan, proof, public):
        if self.form == "sealed":
            return self._sealed(plan, self.secret, "slot", self.wrapped_key)
        inner = self._sealed(plan, proof, "slot", self.wrapped_key)
        ephemeral = seeded(f"ephemeral {self.name}", 32)
        return sealed_by_hpke(public, self._context(plan, "slot hpke"), inner, ephemeral)

    def mac(self, slot_list):
        return reader.slot_mac(reader.expand(self.secret, b"tokenvault/1 slot authenticator", 32), slot_list)


def passphrase_slot(name="ann"):
    derivation = f"scrypt:15:8:1:{SCRYPT_SALT.hex()}"
    secret = reader.stretched(PASSPHRASE.encode(), derivation)
    return Slot(name=name, kind="passphrase", form="hpke", secret=secret, derivation=derivation)


@dataclass(frozen=True)
class Plan:
    """A vault: header lines, snapshot and, in a large one, index."""

    label: str = "small"
    format: str = "json"
    store: str = STORE
    data_key_id: str = DATA_KEY_ID
    generation: str = "7"
    log_extent: str = "262144"
    slots: tuple = (Slot(),)
    preamble: bytes = PREAMBLE
    records: bytes = b""
    edit_lines: object = None
    edit_macs: object = None
    edit_header: object = None
    bound_header: object = None
    edit_index: object = None

    def lines(self):
        """The header's lines, those of the slots without their MACs."""
        lines = [
            "tokenvault 1", f"store {self.store}", f"format {self.format}", f"generation {self.generation}", "after none",
            "features none", f"log-extent {self.log_extent}", f"data-key {self.data_key_id} {TIME}",
        ]  # fmt: skip
        lines += [" ".join(slot.words(self)) for slot in self.slots]
        return self.edit_lines(lines) if self.edit_lines else lines

    def header_text(self):
        """All lines before the end line."""
        lines = self.lines()
        first = next((place for place, line in enumerate(lines) if line.startswith("slot ")), len(lines))
        key_line = next((line[9:] for line in lines if line.startswith("data-key ")), "")
        listed = "".join(f"{line}\n" for line in ["tokenvault/1 slot list", self.store, key_line, *lines[first:]]).encode()
        macs = [slot.mac(listed) for slot in self.slots]
        macs += macs[:1] * len(lines)
        if self.edit_macs:
            macs = self.edit_macs(macs)
        for place in range(first, len(lines)):
            if lines[place].startswith("slot "):
                lines[place] += " " + macs[place - first]
        text = "".join(f"{line}\n" for line in lines).encode()
        return self.edit_header(text) if self.edit_header else text

    def header(self):
        text = self.header_text()
        return text + f"end {hashlib.sha256(text).hexdigest()}\n".encode()

    def text(self):
        return self.preamble + self.records

    def salt(self):
        return seeded(f"salt {self.label}", 24)

    def message(self, header):
        bound = self.bound_header(header) if self.bound_header else header
        return sealed(DATA_KEY, b"tokenvault/1 snapshot\n" + bound, self.text(), self.salt())

    def index(self):
        """The plaintext of the index."""
        records = reader.decoded(self.records, self.format)
        text = reader.index_text(DATA_KEY, self.store, self.salt(), self.text(), records, self.format)
        return self.edit_index(text) if self.edit_index else text

    def sealed_index(self):
        context = reader.index_context(self.store, self.salt())
        return sealed(DATA_KEY, context, self.index(), seeded(f"index {self.label}", 24))

    def bytes(self):
        """The file without a log."""
        header = self.header()
        message = self.message(header)
        index = self.sealed_index() if len(header) + 16 + len(message) > 65536 else b""
        return header + b"".join(len(part).to_bytes(8, "big") for part in (message, index)) + message + index

    def having(self, **changes):
        return replace(self, **changes)
