"""Vectors of the log's rules."""

from header_vectors import at
from kit import SMALL, difference, row
from large import CSV_RECORDS, LARGE_CSV, LARGE_JSON, LARGE_RECORDS, csv_row, COLUMNS
from log_plan import Log

BASE = LARGE_JSON.bytes()


def saved(number, revision=2):
    """Record `number` as a save has changed it."""
    return {"id": str(number), "user_name": f"u{number}", "access_token": f"new{number}", "revision": revision}


def text(*records, next_id=571):
    return f"next-id {next_id}\n\n".encode() + b"".join(row(record) for record in records)


def after(*numbers, more=()):
    """All records after these saves."""
    changed = {str(number): saved(number) for number in numbers}
    return [changed.get(record["id"], record) for record in LARGE_RECORDS] + list(more)


def log(*numbers):
    """The vault with one save each of these records."""
    written = Log(LARGE_JSON, BASE)
    for number in numbers:
        written.add(text(saved(number)))
    return written


def add(kit):
    sound(kit)
    unfinished(kit)
    damage(kit)
    order(kit)
    marks(kit)
    memory(kit)
    contents(kit)
    summaries(kit)
    summary_texts(kit)


def sound(kit):
    three = log(1, 2, 3).bytes()
    kit.accept("entries", "three-saves", "Three saves, which replace records.", three, after(1, 2, 3), "2")
    end = log(1, 2, 3)
    cut = three[: end.place + 10]
    kit.accept("log-area", "cut-in-the-zeros", "The file ends in the zeros behind the last entry.", cut, after(1, 2, 3), "3")
    kit.accept("log-area", "no-extent", "The file ends with the index.", BASE, LARGE_RECORDS, "1")
    new = {"id": "571", "user_name": "new", "revision": 1}
    added = log(1).add(text(new, next_id=572)).bytes()
    kit.accept("entries", "new-record", "A save of a new record, which stands behind all others.", added, after(1, more=[new]), "571")
    absent = log(1, 2).bytes()
    kit.accept("entries", "absent", "No record of the snapshot or the log has the id.", absent, after(1, 2), "9999")
    extents = log(*range(1, 41))
    words = "Forty saves, in several extents with summaries."
    kit.accept("summaries", "several-extents", words, extents.bytes(), after(*range(1, 41)), "3")
    csv = Log(LARGE_CSV, LARGE_CSV.bytes())
    record = CSV_RECORDS[4] | {"access_token": "new", "revision": 2, "plan": "b"}
    csv.add(b"next-id 67\n\n" + f"{COLUMNS},plan\r\n".encode() + csv_row(record, ["plan"]))
    records = [record if other["id"] == "5" else other for other in CSV_RECORDS]
    kit.accept("entries", "csv", "A save in CSV, with a column that the snapshot has not.", csv.bytes(), records, "5")
    kit.accept("overview", "large-csv", "A large vault in CSV.", LARGE_CSV.bytes(), CSV_RECORDS, "66")


def unfinished(kit):
    """What was never acknowledged is left out, and a repair removes it."""
    whole = log(1, 2)
    end, data = whole.place, whole.bytes()
    left = {"repair": "records", "left": after(1, 2)}
    torn = log(1, 2, 3).bytes()
    last = log(1, 2, 3).offsets[2]
    cases = [
        ("torn-frame", "The last entry's frame was written, and nothing of its text.", torn[: last + 64] + bytes(len(torn) - last - 64), after(1, 2)),
        ("torn-text", "A sector of the last entry was not written.", torn[: last + 100] + bytes(20) + torn[last + 120 :], after(1, 2)),
        ("garbage", "Other bytes stand behind the last entry.", data[:end] + b"garbage" + data[end + 7 :], after(1, 2)),
        ("cut-in-an-entry", "The file ends in the last entry.", torn[: last + 90], after(1, 2)),
    ]  # fmt: skip
    for scenario, words, changed, records in cases:
        kit.accept("unfinished", scenario, words, changed, records, "2", **left)
    outside = log(1, 2)
    outside.add(text(saved(3)), place=outside.end() - 64, flushed=0)
    outside.data += bytes(4096)
    words = "An entry reaches past the end of its extent: it does not count."
    kit.accept("unfinished", "past-the-extent", words, outside.bytes(), after(1, 2), "2", **left)
    hole = Log(LARGE_JSON, BASE)
    for number in (1, 2, 3):
        hole.add(text(saved(number)), flushed=0 if number < 3 else 1)
    changed = at(hole.bytes(), hole.offsets[1] + 70)
    words = "The second save did not reach the disk, and the third did, whose mark does not cover the second."
    kit.accept("unfinished", "hole-before-a-save-in-flight", words, changed, after(1), "1", repair="records", left=after(1))


def damage(kit):
    """A flushed entry was changed: the second of three."""
    whole = log(1, 2, 3)
    data, place = whole.bytes(), whole.offsets[1]
    values = {"repair": "records", "left": after(1, 3)}
    for scenario, offset in (
        ("magic", 0), ("length", 7), ("number", 15), ("mark", 23), ("tag-before", 24), ("nonce-start", 40), ("nonce-end", 63), ("text", 64), ("tag", 64 + len(text(saved(2))) + 15),
    ):  # fmt: skip
        words = f"A byte of an entry that was flushed was changed: {scenario.replace('-', ' ')}."
        kit.refuse_bytes("flushed", scenario, words, at(data, place + offset), data, "damaged-entry", **values)
    first = whole.offsets[0]
    words = "The first entry was overwritten by zeros, and the others say that it was flushed."
    changed = data[:first] + bytes(place - first) + data[place:]
    left = {"repair": "records", "left": after(2, 3)}
    kit.refuse_bytes("flushed", "first-entry-zeros", words, changed, data, "damaged-entry", **left)


def order(kit):
    """Entries that were copied, dropped or swapped: each authenticates, and none counts in its new place."""
    whole = log(1, 2, 3, 4)
    data, places = whole.bytes(), whole.offsets
    room = places[1] - places[0]
    entries = [data[place : place + room] for place in places]

    def with_entries(*order):
        body = b"".join(bytes(room) if number is None else entries[number] for number in order)
        return data[: places[0]] + body + data[places[0] + len(body) :]

    for scenario, words, changed, left in (
        ("swapped", "The second and the third save are swapped.", with_entries(0, 2, 1, 3), after(1, 3, 4)),
        ("repeated", "The second save stands in the place of the third, too.", with_entries(0, 1, 1, 3), after(1, 2, 4)),
        ("dropped", "The first save was taken out, and the others moved.", with_entries(1, 2, 3, None), after(2, 3, 4)),
    ):  # fmt: skip
        kit.refuse_bytes("order", scenario, words, changed, data, "damaged-entry", repair="records", left=left)


def marks(kit):
    """The mark of a later entry counts, wherever it stands."""
    far = log(1, 2)
    data, end = far.bytes(), far.place
    far.add(text(saved(3)), place=end + 640)
    changed = at(far.bytes(), far.offsets[1] + 80)
    words = "The second save was changed, and a third, far behind it, has a mark that covers it."
    values = {"repair": "records", "left": after(1, 3)}
    kit.refuse_bytes("marks", "far-behind", words, changed, data, "damaged-entry", **values)
    later = log(1)
    later.add(text(saved(2)), number=40, flushed=39)
    words = "An entry stands behind the first whose number is 40: those between were flushed."
    kit.refuse_bytes("marks", "number-40", words, later.bytes(), log(1).bytes(), "damaged-entry", repair="records", left=after(1, 2))
    outside = log(1, 2)
    outside.add(text(saved(3)), place=outside.end() - 64)
    outside.data += bytes(4096)
    changed = at(outside.bytes(), outside.offsets[1] + 81)
    words = "The same, and the third reaches past the end of its extent: it does not count, and its mark does."
    kit.refuse_bytes("marks", "past-the-extent", words, changed, log(1, 2).bytes(), "damaged-entry", **values)
    beside = log(1, 2)
    beside.add(text(saved(3)), place=beside.place + 32)
    changed = at(beside.bytes(), beside.offsets[1] + 80)
    left = {"repair": "records", "left": after(1)}
    words = "The second save was changed, and a third stands behind it, not at a multiple of 64 bytes: it is none."
    kit.accept("marks", "beside-the-grid", words, changed, after(1), "1", **left)
    high = log(1)
    high.add(text(saved(2)), flushed=2)
    words = "An entry's mark covers itself, so that it is none."
    kit.accept("marks", "of-itself", words, high.bytes(), after(1), "1", **left)


def memory(kit):
    """What the host remembers: a generation."""
    whole = log(1, 2)
    data = whole.bytes()
    words = "The host remembers two more saves, and only zeros are there: the vault was rolled back."
    back = {"open": "rolled-back", "one": "rolled-back", "check": "rolled-back"}
    kit.refuse("memory", "rolled-back", words, data, "rolled-back", "seen 11", seen="11", **back, repair="unchanged")
    words = "The host remembers one more save than the small vault's generation."
    kit.refuse("memory", "small-rolled-back", words, SMALL.bytes(), "rolled-back", "seen 8", seen="8", **back, repair="unchanged")
    torn = log(1, 2, 3)
    changed = at(torn.bytes(), torn.offsets[2] + 70)
    words = "The host remembers the third save, which was changed."
    values = {"repair": "records", "left": after(1, 2)}
    kit.refuse_bytes("memory", "last-save-changed", words, changed, torn.bytes(), "damaged-entry", seen="10", **values)
    words = "The same on a host that remembers nothing: it looks like a save that was not finished."
    kit.accept("memory", "last-save-changed-elsewhere", words, changed, after(1, 2), "2", repair="records", left=after(1, 2))
    kit.accept("memory", "up-to-date", "The host remembers the last save.", data, after(1, 2), "2", seen="9")


def contents(kit):
    """Entries that are authentic, and break a rule of their text."""
    for scenario, words, plain, left in (
        ("next-id-lower", "The next id is lower than before.", text(saved(2), next_id=570), after(1)),
        ("next-id-missing", "No line with the next id.", b"\n" + row(saved(2)), after(1)),
        ("no-empty-line", "No empty line before the records.", text(saved(2)).replace(b"\n\n", b"\n", 1), after(1)),
        ("id-twice", "A record stands twice in one entry.", text(saved(2), saved(2)), after(1)),
        ("revision-lower", "A record's revision is lower than before.", text(saved(1, 1)), after(1)),
        ("bad-record", "A record without an id.", text({"user_name": "x", "revision": 1}), after(1)),
    ):  # fmt: skip
        whole = log(1).add(plain)
        byte = f"entry text {difference(plain, text(saved(2)))}"
        if scenario == "revision-lower":
            byte += " (record 1)"
        kit.refuse("entry-text", scenario, words, whole.bytes(), "invalid-records", byte, repair="records", left=left)


def summaries(kit):
    whole = log(*range(1, 31))
    data, place = whole.bytes(), whole.summary_offsets[0]
    values = {"repair": "records", "left": after(*range(1, 31))}
    size = len(whole.summary_text)
    changed = data[:place] + bytes(size + 80) + data[place + size + 80 :]
    words = "The summary was overwritten by zeros, and entries stand behind it."
    kit.refuse("summaries", "zeros", words, changed, "damaged-entry", f"file {place}", **values)
    for scenario, offset in (("magic", 3), ("number", 15), ("tag-before", 30), ("nonce", 50), ("text", 70)):
        words = f"A byte of a summary was changed, and entries stand behind it: {scenario}."
        kit.refuse_bytes("summaries", scenario, words, at(data, place + offset), data, "damaged-entry", **values)


def count(text):
    """The number of keys in a summary."""
    return int.from_bytes(text[28:32], "big")


def summary_texts(kit):
    """Summaries that open, and are not those of their extents; the entries count all the same."""
    whole = log(*range(1, 31))
    right, records = whole.summary_text, after(*range(1, 31))
    last = len(right) - 8
    for scenario, words, edit in (
        ("next-id", "The next id is another one.", lambda text: at(text, 23)),
        ("offset", "An entry begins elsewhere.", lambda text: at(text, 35)),
        ("tag", "An entry has another tag.", lambda text: at(text, 40)),
        ("hash", "A key has another hash.", lambda text: at(text, last + 3)),
        ("entry", "A key is another entry's.", lambda text: at(text, last + 7)),
        ("tag-before", "It is said to be behind another summary.", lambda text: at(text, 0)),
        ("key-missing", "A key is missing.", lambda text: text[:28] + (count(text) - 1).to_bytes(4, "big") + text[32:-8]),
        ("entries-missing", "It has the keys alone.", lambda text: text[:24] + bytes(4) + text[28:32]),
    ):
        edited = Log(LARGE_JSON, BASE)
        edited.edits = {whole.extent: edit}
        for number in range(1, 31):
            edited.add(text(saved(number)))
        byte = f"summary {difference(right, edited.summary_text)}"
        values = {"open": "records", "one": "record", "records": records, "find": "30", "found": saved(30)}
        vault, left = edited.bytes(), {"repair": "records", "left": records}
        kit.refuse("summary-text", scenario, words, vault, "damaged-index", byte, **(values | left))
