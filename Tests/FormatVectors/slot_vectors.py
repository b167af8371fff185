"""Vectors of the slots' and keys' rules."""

import hashlib

from header_vectors import at
from kit import KEY, SMALL
from sealing import reader, seeded
from vault_plan import PASSPHRASE, TIME, Slot, passphrase_slot

SECOND = Slot(name="second", secret=seeded("slot key second", 32))
RECOVERY = Slot(name="code", kind="recovery", form="hpke", secret=seeded("slot key code", 32))
SERVICE = Slot(name="service", kind="secret-service", secret=seeded("slot key service", 32))
TWO = SMALL.having(label="two", slots=(Slot(), SECOND))
EACH = SMALL.having(label="each", slots=(Slot(), passphrase_slot(), RECOVERY, SERVICE))


def recovery_code(secret):
    letters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
    number = int.from_bytes(secret + hashlib.sha256(secret).digest()[:3], "big")
    code = "".join(letters[number >> shift & 31] for shift in range(275, -1, -5))
    return "-".join(code[start : start + 4] for start in range(0, 56, 4))


def add(kit):
    each_kind(kit)
    grammar(kit)
    unique(kit)
    wrong_key(kit)
    wrapped(kit)
    slot_list(kit)


def each_kind(kit):
    vault = EACH.bytes()
    code = recovery_code(RECOVERY.secret)
    typed = code.lower().replace("-", " ").replace("0", "o").replace("1", "l")
    for scenario, words, secret in (
        ("key", "The slot of a key.", KEY), ("passphrase", "The slot of a passphrase.", f"passphrase {PASSPHRASE}"),
        ("recovery-code", "The slot of a recovery code.", f"recovery {code}"),
        ("recovery-code-as-typed", "A code in small letters, with blanks, and o and l for 0 and 1.", f"recovery {typed}"),
    ):  # fmt: skip
        kit.accept("slots", f"opened-by-{scenario}", words, vault, secret=secret)
    other = SMALL.having(label="wrapped", slots=(Slot(form="hpke"), SECOND))
    kit.accept("slots", "key-wrapped-by-hpke", "A key's slot that another slot's rotation has wrapped.", other.bytes())
    many = SMALL.having(label="many", slots=tuple(Slot(name=f"s{number}", secret=seeded(f"slot key {number}", 32)) for number in range(31)) + (Slot(),))  # fmt: skip
    kit.accept("slots", "thirty-two", "As many slots as there can be.", many.bytes())
    more = many.having(slots=(*many.slots, SECOND))
    kit.refuse_plan("slots", "thirty-three", "One slot too many.", more, "damaged-header", many)
    none = SMALL.having(slots=())
    kit.refuse_plan("slots", "none", "No slot.", none, "damaged-header")


def grammar(kit):
    scrypt = passphrase_slot().derivation
    digits = seeded("digits", 16).hex()
    cases = [
        ("name-begins-with-hyphen", "The name begins with a hyphen.", Slot(name="-x")),
        ("name-too-long", "A name of 65 characters.", Slot(name="default" + "x" * 58)),
        ("name-with-slash", "A slash in the name.", Slot(name="d/")),
        ("unknown-kind", "A kind that nobody knows.", Slot(kind="token")),
        ("kind-in-capitals", "The kind is KEY.", Slot(kind="kEY")),
        ("unknown-form", "A form that nobody knows.", Slot(form="sealeD")),
        ("short-key-id", "The id of the key has 14 digits.", Slot(key_id=digits[:14])),
        ("long-public-key", "A public key of 33 bytes.", Slot(public_key=Slot().words(SMALL)[6] + "00")),
        ("short-wrapped-key", "A wrapped key of 103 bytes.", Slot(spoiled={"wrapped": lambda text: text[:-1]})),
        ("hpke-of-sealed-size", "The form is hpke, and the wrapped key too short for that.", Slot(form="hpke", spoiled={"wrapped": lambda text: text[:104]})),
    ]  # fmt: skip
    for scenario, words, slot in cases:
        fault = " hpke " if slot.form == "hpke" else None
        kit.refuse_plan("slot-words", scenario, words, SMALL.having(slots=(slot,)), "damaged-header", fault=fault)
    base = SMALL.having(slots=(Slot(), passphrase_slot()))
    for scenario, words, derivation in (
        ("too-cheap", "scrypt with N = 2^14.", scrypt.replace(":15:", ":14:")),
        ("too-dear", "scrypt with N = 2^29.", scrypt.replace(":15:", ":29:")),
        ("other-r", "scrypt with r = 9.", scrypt.replace(":8:", ":9:")),
        ("other-p", "scrypt with p = 2.", scrypt.replace(":1:", ":2:")),
        ("short-salt", "A salt of 15 bytes.", scrypt[:-2]), ("missing", "A passphrase without a derivation.", "-"),
    ):  # fmt: skip
        slot = Slot(**{**vars(passphrase_slot()), "derivation": derivation})
        changed = base.having(slots=(Slot(), slot))
        faults = {"too-dear": ":29", "other-r": ":9:", "other-p": ":8:2", "missing": "hpke", "short-salt": derivation}
        fault = faults.get(scenario)
        kit.refuse_plan("slot-derivation", scenario, words, changed, "damaged-header", base, fault=fault)
    key = SMALL.having(slots=(Slot(derivation=scrypt),))
    kit.refuse_plan("slot-derivation", "of-a-key", "A key with a derivation.", key, "damaged-header")


def unique(kit):
    same_name = TWO.having(slots=(Slot(), Slot(name="default", secret=SECOND.secret)))
    kit.refuse_plan("slot-unique", "same-name", "Two slots with one name.", same_name, "damaged-header", TWO)
    same_id = TWO.having(slots=(Slot(), Slot(name="second", secret=SECOND.secret, key_id=Slot().words(TWO)[5])))
    kit.refuse_plan("slot-unique", "same-id", "Two slots with one key id.", same_id, "damaged-header", TWO, fault=f"second key {TIME} {TIME} {Slot().words(TWO)[5]}")


def wrong_key(kit):
    other = "key " + seeded("another key", 32).hex()
    words = "No slot has the id of this key."
    kit.refuse("wrong-key", "no-slot", words, SMALL.bytes(), "wrong-key", "secret 0", secret=other)
    vault = EACH.bytes()
    kit.refuse("wrong-key", "other-passphrase", "A passphrase of no slot.", vault, "wrong-key", "secret 1", secret="passphrase no")
    code = "recovery " + recovery_code(seeded("another code", 32))
    kit.refuse("wrong-key", "other-recovery-code", "A recovery code of no slot.", vault, "wrong-key", "secret 2", secret=code)
    plan = SMALL.having(slots=(Slot(kind="recovery"),))
    words = "The slot with the id of this key is of another kind."
    kit.refuse_plan("wrong-key", "other-kind", words, plan, "wrong-key")


def wrapped(kit):
    def spoiled(part, place, form="sealed"):
        return SMALL.having(slots=(Slot(form=form, spoiled={part: lambda text: at(text, place)}),))

    cases = [
        ("salt", "The salt of the wrapped key was changed.", spoiled("wrapped", 0)),
        ("commitment", "Its commitment was changed.", spoiled("wrapped", 40)),
        ("chunk", "Its chunk was changed.", spoiled("wrapped", 60)), ("tag", "Its tag was changed.", spoiled("wrapped", 103)),
        ("other-name", "It was wrapped for a slot of another name.", SMALL.having(slots=(Slot(context_name="other"),))),
    ]  # fmt: skip
    for scenario, words, plan in cases:
        kit.refuse_plan("slot-opens", f"sealed-{scenario}", words, plan, "damaged-slot")
    hpke = SMALL.having(slots=(Slot(form="hpke"),))
    for scenario, words, place in (
        ("encapsulated-key", "The encapsulated key was changed.", 3), ("ciphertext", "The ciphertext was changed.", 50),
        ("tag", "Its tag was changed.", 151),
    ):  # fmt: skip
        plan = spoiled("wrapped", place, "hpke")
        kit.refuse_plan("slot-opens", f"hpke-{scenario}", words, plan, "damaged-slot", hpke)


def slot_list(kit):
    third = Slot(name="third", secret=seeded("slot key third", 32))
    cases = [
        ("mac-changed", "The MAC of the slot that opens was changed.", TWO.having(edit_macs=lambda macs: [macs[0][:63] + ("1" if macs[0][63] == "0" else "0"), macs[1]])),
        ("slots-swapped", "The MACs are of the slots in another order.", TWO.having(edit_macs=lambda macs: SWAPPED)),
        ("slot-added", "A slot was added, and has a MAC of its own.", TWO.having(slots=(Slot(), SECOND, third), edit_macs=lambda macs: [MACS[0], *macs[1:]])),
        ("slot-removed", "The other slot was removed.", TWO.having(slots=(Slot(),), edit_macs=lambda macs: MACS[:1])),
        ("name-changed", "The other slot's name was changed.", TWO.having(slots=(Slot(), Slot(name="sec0nd", secret=SECOND.secret)), edit_macs=lambda macs: MACS)),
        ("time-changed", "The time of the data key was changed.", TWO.having(edit_lines=lambda lines: [*lines[:7], lines[7].replace("2026", "2025"), *lines[8:]], edit_macs=lambda macs: MACS)),
    ]  # fmt: skip
    for scenario, words, plan in cases:
        kit.refuse_plan("slot-list", scenario, words, plan, "damaged-slot", TWO)


def macs_of(plan):
    found = []
    plan.having(edit_macs=lambda macs: found.extend(macs) or macs).header_text()
    return found


MACS = macs_of(TWO)
SWAPPED = macs_of(TWO.having(slots=(SECOND, Slot())))[1::-1]
