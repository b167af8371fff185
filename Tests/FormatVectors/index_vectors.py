"""Vectors of the index's rules."""

from header_vectors import at
from kit import difference
from large import LARGE_JSON, LARGE_RECORDS
from sealing import reader
from vault_plan import DATA_KEY

ALL = {"repair": "records", "left": LARGE_RECORDS}
TEXT = LARGE_JSON.index()
FILE = LARGE_JSON.bytes()


def add(kit):
    damage(kit)
    head(kit)
    entries(kit)


def damage(kit):
    _, end, index_end = reader.parts(FILE, len(LARGE_JSON.header()))
    for scenario, words, place in (
        ("salt", "The salt of the index was changed.", end + 1), ("commitment", "Its commitment was changed.", end + 33),
        ("first-chunk", "Its first chunk was changed.", end + 99),
    ):  # fmt: skip
        changed = at(FILE, place)
        kit.refuse_bytes("index-opens", scenario, words, changed, FILE, "damaged-index", **ALL)
    start = len(LARGE_JSON.header())
    changed = FILE[: start + 8] + bytes(8) + FILE[start + 16 : end]
    words = "A large vault without an index."
    kit.refuse("index-opens", "none", words, changed, "damaged-index", f"file {end}", **ALL)
    in_first, in_last = (next(record for record in LARGE_RECORDS if is_in(record["id"], last)) for last in (False, True))
    words = "Its last chunk was changed; that of the record that is looked up was not."
    values = {"one": "record", "find": in_first["id"], "found": in_first}
    kit.refuse_bytes("index-opens", "last-chunk", words, at(FILE, index_end - 9), FILE, "damaged-index", **ALL, **values)
    words = "Its last chunk was changed, in which the record is looked up."
    kit.refuse_bytes("index-opens", "chunk-of-the-record", words, at(FILE, index_end - 99), FILE, "damaged-index", **ALL, find=in_last["id"])


def hash_of(record_id):
    key = reader.index_hash_key(DATA_KEY, LARGE_JSON.store, LARGE_JSON.salt())
    return (reader.siphash(key, b"\0" + record_id.encode()) >> 32).to_bytes(4, "big")


def is_in(record_id, last):
    """Whether the index has the record's id far within its first, or its last, chunk."""
    place = next(place for place in range(24, len(TEXT), 8) if TEXT[place : place + 4] == hash_of(record_id))
    return place > 18000 if last else place < 12000


def with_index(edit):
    return LARGE_JSON.having(edit_index=edit)


def number_at(place, change):
    """Changes an 8-byte number of the head."""

    def edit(text):
        number = int.from_bytes(text[place : place + 8], "big")
        return text[:place] + change(number).to_bytes(8, "big") + text[place + 8 :]

    return edit


def add_plan(kit, rule, scenario, words, edit, **values):
    plan = with_index(edit)
    byte = f"index text {difference(plan.index(), TEXT)}"
    kit.refuse(rule, scenario, words, plan.bytes(), "damaged-index", byte, **(ALL | values))


def head(kit):
    unit = -(-len(LARGE_JSON.text()) // 10)
    add_plan(kit, "index-size", "other-snapshot-size", "It says another size of the snapshot.", number_at(16, lambda size: size + 1))
    add_plan(kit, "index-size", "huge-snapshot-size", "It says a size of 2^63.", number_at(16, lambda size: size + (1 << 63)))
    add_plan(kit, "index-size", "longer", "It is a tenth longer than its entries make it.", lambda text: text + bytes(unit))
    add_plan(kit, "index-size", "one-byte-shorter", "It has one zero too few.", lambda text: text[:-1])
    add_plan(kit, "index-size", "too-many-entries", "It says more entries than it has room for.", number_at(8, lambda count: count + (1 << 60)))


def entries(kit):
    as_read = {"open": "records", "records": LARGE_RECORDS, "one": "record"}

    def moved(text):
        """The entry of record 1 leads to record 2."""
        place = next(at for at in range(24, len(text), 8) if text[at : at + 4] == hash_of("1"))
        offset = int.from_bytes(text[place + 4 : place + 8], "big") + 1
        return text[: place + 4] + offset.to_bytes(4, "big") + text[place + 8 :]

    def swapped(text):
        return text[:24] + text[32:40] + text[24:32] + text[40:]

    def padded(text):
        return text[:-1] + b"\1"

    found = {"find": "400", "found": LARGE_RECORDS[399]}
    add_plan(kit, "index-entries", "wrong-offset", "An entry leads into the middle of a record.", moved, **as_read, **found)
    add_plan(kit, "index-entries", "swapped", "Two entries are swapped.", swapped, **as_read, **found)
    add_plan(kit, "index-entries", "padding", "The padding is not zeros.", padded, **as_read, **found)
    more = number_at(0, lambda count: count + 1)
    add_plan(kit, "index-entries", "record-count", "It says one record more than there are.", more, **as_read, **found)
    less = number_at(8, lambda count: count - 1)
    add_plan(kit, "index-entries", "entry-count", "It says one entry less than there are.", less, **as_read, **found)
