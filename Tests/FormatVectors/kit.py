"""Collects vectors: each is a sound vault, or differs from one in what its rule is about."""

import json

from sealing import seeded
from vault_plan import Plan
from vector import Vector

KEY = "key " + seeded("slot key default", 32).hex()
RECORDS = [
    {
        "id": "1", "user_name": "ann", "client_id": "app", "refresh_token": "r-1", "access_token": "a-1",
        "expires_at": "2026-01-01T00:00:00.000Z", "revision": 2, "first_saved_at": "2026-01-02T00:00:00.000Z",
    },
    {"id": "2", "user_name": "bö", "access_token": "a,\"2\"", "revision": 1, "plan": {"n": [1, None, True]}},
    {"id": "named", "secret": "", "expires_at": "unknown", "revision": 1},
]  # fmt: skip


def row(record):
    return json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def rows(records):
    return b"".join(row(record) for record in records)


SMALL = Plan(records=rows(RECORDS))


def difference(one, other):
    """The offset of the first byte that differs."""
    for place, (a, b) in enumerate(zip(one, other)):
        if a != b:
            return place
    return min(len(one), len(other))


class Kit:
    """The vectors, and the large vaults that others copy from."""

    def __init__(self):
        self.vectors, self.taken = [], set()

    def add(self, rule, scenario, words, vault, **values):
        vector = Vector(rule, scenario, words, vault, values.pop("secret", KEY), **values)
        assert vector.name not in {other.name for other in self.vectors}, vector.name
        place = (rule, vector.byte)
        assert not vector.fails() or place not in self.taken, f"{vector.name}: {vector.byte} is taken"
        self.taken.add(place)
        self.vectors.append(vector)

    def accept(self, rule, scenario, words, vault, records=RECORDS, find="1", **values):
        """A sound vault."""
        found = next((record for record in records if record["id"] == find), None)
        values.setdefault("one", "record" if found else "absent")
        self.add(rule, scenario, words, vault, records=records, find=find, found=found, **values)

    def refuse(self, rule, scenario, words, vault, refusal, byte, **values):
        """A vault that every way refuses, unless the values say otherwise."""
        defaults = {"open": refusal, "one": refusal, "check": refusal, "repair": refusal}
        self.add(rule, scenario, words, vault, byte=byte, **(defaults | values))

    def refuse_plan(self, rule, scenario, words, plan, refusal, sound=SMALL, fault=None, **values):
        """A vault with another plan than a sound one: its byte is the first that differs, in the first part that does.

        `fault` is the text of the header that breaks the rule, if its first difference is another.
        """
        parts = [("header", "header_text"), ("snapshot text", "text"), ("file", "bytes")]
        pairs = ((name, getattr(sound, part)(), getattr(plan, part)()) for name, part in parts)
        byte = next(f"{name} {difference(one, other)}" for name, one, other in pairs if one != other)
        if fault:
            byte = f"header {plan.header_text().index(fault.encode()) + len(fault) - 1}"
        self.refuse(rule, scenario, words, plan.bytes(), refusal, byte, **values)

    def refuse_bytes(self, rule, scenario, words, changed, sound, refusal, **values):
        byte = f"file {difference(changed, sound)}"
        self.refuse(rule, scenario, words, changed, refusal, byte, **values)
