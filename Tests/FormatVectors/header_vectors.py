"""Vectors of the header's rules."""

from kit import RECORDS, SMALL
from sealing import seeded

LEFT = {"repair": "records", "left": RECORDS}


def at(data, place, byte=None):
    """The bytes with another one at a place."""
    changed = bytearray(data)
    changed[place] = changed[place] ^ 1 if byte is None else byte
    return bytes(changed)


def line(number, old, new):
    """Changes a line of the header, whose number counts from 0; the digest is that of the changed one."""

    def edit(lines):
        assert old in lines[number], lines[number]
        return [*lines[:number], lines[number].replace(old, new, 1), *lines[number + 1 :]]

    return SMALL.having(edit_lines=edit)


def add(kit):
    first_line(kit)
    digest(kit)
    end(kit)
    lines(kit)
    numbers(kit)
    after(kit)
    features(kit)
    log_extent(kit)
    times(kit)


def first_line(kit):
    whole = SMALL.bytes()
    kit.refuse("first-line", "empty-file", "The file has no bytes.", b"", "not-a-vault", "file 0")
    cases = [
        ("other-word", "The first word is another.", b"tokenvaulT 1\n"), ("no-version", "No version.", b"tokenvault \n"),
        ("signed-version", "A sign before the version.", b"tokenvault +1\n"),
        ("two-blanks", "Two blanks before the version.", b"tokenvault  1\n"),
        ("words-behind", "A word behind the version.", b"tokenvault 1 x\n"),
    ]  # fmt: skip
    for place, (scenario, words, start) in enumerate(cases):
        changed = start + whole[13:]
        values = LEFT if scenario == "other-word" else {}
        kit.refuse("first-line", scenario, words, changed, "not-a-vault", f"file {(9, 11, 12, 13, 14)[place]}", **values)
    kit.refuse_plan(
        "first-line", "leading-zero", "The version has a leading zero, so that the line is none of a vault.",
        line(0, "1", "01"), "not-a-vault",
    )  # fmt: skip
    for version in ("2", "18"):
        newer = line(0, "1", version)
        words = f"Version {version} with the right digest: a newer vault, which nothing may write to."
        kit.refuse_plan("newer-version", f"version-{version}", words, newer, "newer-vault")
    changed = at(whole, 11, ord("3"))
    words = "Version 3, and the digest is that of version 1: damage, which a repair undoes."
    kit.refuse("newer-version", "digest-of-version-1", words, changed, "damaged-header", "file 11", **LEFT)


def digest(kit):
    whole = SMALL.bytes()
    for scenario, word, what in (
        ("store-changed", b"store ", "the store"), ("format-changed", b"format ", "the format"),
        ("generation-changed", b"generation ", "the generation"), ("after-changed", b"after ", "the line after"),
        ("extent-changed", b"log-extent ", "the size of extents"), ("slot-changed", b"slot ", "a slot"),
        ("digest-changed", b"end ", "the digest"),
    ):  # fmt: skip
        place = whole.index(b"\n" + word) + 1 + len(word)
        words = f"One byte of {what} was changed, and the digest shows it. A repair finds the byte."
        kit.refuse("header-digest", scenario, words, at(whole, place), "damaged-header", f"file {place}", **LEFT)
    place = whole.index(b"\nend ") - 10
    changed = at(at(whole, place), place + 2)
    words = "Two bytes of a MAC were changed: more than a repair can find."
    kit.refuse("header-digest", "two-bytes-changed", words, changed, "damaged-header", f"file {place}")


def end(kit):
    whole = SMALL.bytes()
    place = whole.index(b"\nend ") + 1
    cut = whole[: place + 30]
    kit.refuse("header-end", "cut-in-the-digest", "The file ends in the digest.", cut, "damaged-header", f"file {len(cut)}")
    cut = whole[:200]
    kit.refuse("header-end", "cut-in-a-line", "The file ends in the header.", cut, "damaged-header", "file 200")
    changed = whole[:place] + b"eNd " + whole[place + 4 :]
    words = "No line begins with the word end. A repair finds the byte."
    kit.refuse("header-end", "no-end-line", words, changed, "damaged-header", f"file {place + 1}", **LEFT)
    changed = whole[: place + 4] + whole[place + 4 : place + 68].upper() + whole[place + 68 :]
    kit.refuse_bytes("header-end", "digest-in-capitals", "The digest is in capitals.", changed, whole, "damaged-header")
    long = SMALL.having(edit_header=lambda text: text + b"note " + bytes(65536) + b"\n")
    words = "The end line is behind the first 65,536 bytes."
    kit.refuse("header-end", "too-long", words, long.bytes(), "damaged-header", f"file {place}")


def lines(kit):
    def swapped(lines):
        return [*lines[:2], lines[3], lines[2], *lines[4:]]

    cases = [
        ("swapped", "Generation and format are swapped.", SMALL.having(edit_lines=swapped)),
        ("missing", "The line log-extent is missing.", SMALL.having(edit_lines=lambda lines: lines[:6] + lines[7:])),
        ("twice", "The line generation stands twice.", SMALL.having(edit_lines=lambda lines: lines[:4] + lines[3:])),
        ("two-blanks", "Two blanks between words.", line(3, " ", "  ")),
        ("tab", "A tab between words.", line(2, " ", "\t")),
        ("blank-at-end", "A blank at the end of a line.", line(1, STORE_END, STORE_END + " ")),
        ("carriage-return", "Lines end with CR LF.", SMALL.having(edit_header=lambda text: text.replace(b"none\n", b"none\r\n", 1))),
        ("empty-line", "An empty line before the end.", SMALL.having(edit_header=lambda text: text + b"\n")),
        ("unknown-line", "A line of no version before the slots.", SMALL.having(edit_lines=lambda lines: [*lines[:7], "note x", *lines[7:]])),
        ("unknown-format", "A format that is neither json nor csv.", line(2, "json", "jsonl")),
    ]  # fmt: skip
    for scenario, words, plan in cases:
        kit.refuse_plan("header-lines", scenario, words, plan, "damaged-header")


STORE_END = SMALL.store[-4:]


def numbers(kit):
    upper = seeded("store", 16).hex().upper()
    cases = [
        ("generation-zero", "The generation is 0.", line(3, "7", "0")),
        ("leading-zero", "The size of extents has a leading zero.", line(6, "262144", "0262144")),
        ("store-in-capitals", "The store's digits are capitals.", line(1, SMALL.store, upper)),
        ("short-store", "The store has 30 digits.", line(1, SMALL.store, SMALL.store[:30])),
        ("generation-too-large", "The generation is 10^15 + 1.", line(3, "generation 7", "generation 1000000000000001")),
        ("key-id-too-long", "The id of the data key has 18 digits.", line(7, SMALL.data_key_id, SMALL.data_key_id + "00")),
    ]  # fmt: skip
    for scenario, words, plan in cases:
        fault = "000000000000001" if scenario == "generation-too-large" else None
        kit.refuse_plan("header-numbers", scenario, words, plan, "damaged-header", fault=fault)
    largest = SMALL.having(generation="1000000000000000")
    kit.accept("header-numbers", "largest-generation", "The generation is 10^15.", largest.bytes())


def after(kit):
    tag = seeded("after", 16).hex()
    cases = [
        ("above-generation", "The snapshot is from after a later generation than its own.", f"after 8 {tag}"),
        ("no-tag", "A number without a tag.", "after 7\n"), ("long-tag", "A tag of 17 bytes.", f"after 6 {tag}00"),
        ("word", "A word that is not none.", "after nothing"), ("none-and-tag", "None, and a tag.", f"after none {tag}"),
    ]  # fmt: skip
    for scenario, words, text in cases:
        plan = line(4, "after none", text.strip())
        fault = text if scenario in ("no-tag", "long-tag") else None
        kit.refuse_plan("header-after", scenario, words, plan, "damaged-header", fault=fault)
    compacted = line(4, "after none", f"after 7 {tag}")
    kit.accept("header-after", "compacted", "A compaction has written the snapshot.", compacted.bytes())


def features(kit):
    for scenario, words, names in (
        ("one", "A feature that nobody knows.", "row-seals"), ("two", "Two features, in the order of their bytes.", "a9 b"),
        ("longest-name", "A name of 32 characters.", "z" * 32),
    ):  # fmt: skip
        fault = f"features {names}" if scenario != "one" else None
        kit.refuse_plan("features", scenario, words, line(5, "none", names), "newer-vault", fault=fault)

    def other_lines(lines):
        return ["tokenvault 1", "x", "y z", "", "?", "features later", "and more"]

    plan = SMALL.having(edit_lines=other_lines)
    kit.refuse_plan("features", "other-lines-unknown", "A feature may change all other lines.", plan, "newer-vault")
    for scenario, words, names in (
        ("wrong-order", "Two features in the wrong order.", "bb a"), ("same-twice", "A feature twice.", "c c"),
        ("none-among-them", "A feature called none, and others.", "none z"), ("capital", "A capital letter.", "featurE"),
        ("too-long", "A name of 33 characters.", "e" * 33), ("no-name", "No name.", ""),
    ):  # fmt: skip
        fault = f"features {names}" if names else None
        kit.refuse_plan("feature-names", scenario, words, line(5, "none", names), "damaged-header", fault=fault)


def log_extent(kit):
    for scenario, words, size in (
        ("zero", "No bytes.", "0"), ("no-multiple", "No multiple of 4,096.", "262145"), ("too-small", "2,048 bytes.", "2048"),
        ("too-large", "2^30 + 4,096 bytes.", "1073745920"),
    ):  # fmt: skip
        fault = size if scenario == "too-large" else None
        kit.refuse_plan("log-extent", scenario, words, line(6, "262144", size), "damaged-header", fault=fault)
    for size in ("4096", "1073741824"):
        words = f"Extents of {size} bytes, the {'least' if size == '4096' else 'most'} there are."
        kit.accept("log-extent", f"of-{size}", words, SMALL.having(log_extent=size).bytes())


def times(kit):
    for scenario, words, old, new in (
        ("no-milliseconds", "A time without milliseconds.", "00.000Z", "00Z"),
        ("other-zone", "A time that is not in UTC.", ".000Z", ".000+00:00"),
        ("day-30-of-february", "A day that no month has.", "2026-01-01", "2026-02-30"),
        ("hour-24", "An hour that no day has.", "T00", "T24"), ("lower-case", "A small t.", "T", "t"),
    ):  # fmt: skip
        kit.refuse_plan("times", scenario, words, line(7, old, new), "damaged-header")
