"""Vectors of the lengths and of the snapshot's rules."""

from header_vectors import LEFT, at
from kit import RECORDS, SMALL, row, rows
from large import LARGE_JSON, LARGE_RECORDS
from sealing import reader

WHOLE = SMALL.bytes()
HEADER = len(SMALL.header())
START = HEADER + 16


def lengths(snapshot, index=0, data=WHOLE, header=HEADER):
    """The file with other lengths."""
    return data[:header] + snapshot.to_bytes(8, "big") + index.to_bytes(8, "big") + data[header + 16 :]


def add(kit):
    sound(kit)
    small_lengths(kit)
    large_lengths(kit)
    message(kit)
    bound(kit)
    preamble(kit)
    large_chunks(kit)


def sound(kit):
    kit.accept("overview", "small", "A small vault.", WHOLE)
    kit.accept("overview", "small-absent", "No record has the id.", WHOLE, find="3")
    empty = SMALL.having(records=b"", label="empty")
    kit.accept("overview", "no-records", "A vault without records.", empty.bytes(), records=[])
    kit.accept("overview", "large", "A large vault, of which one record is read.", LARGE_JSON.bytes(), records=LARGE_RECORDS, find="400")


def small_lengths(kit):
    size = len(WHOLE) - START
    for scenario, words, changed, values in (
        ("cut-in-the-lengths", "The file ends in the lengths.", WHOLE[: HEADER + 9], {"repair": "damaged-snapshot"}),
        ("cut-in-the-snapshot", "The file ends in the snapshot.", WHOLE[:-20], {"repair": "damaged-snapshot"}),
        ("one-byte-behind", "One byte is behind the snapshot.", WHOLE + b"\0", LEFT),
        ("index-of-a-small-vault", "A small vault has an index.", lengths(size, 72) + bytes(72), LEFT),
        ("too-long", "The snapshot is longer than the file.", lengths(size + (1 << 40)), LEFT),
        ("too-short", "The snapshot is shorter than the file.", lengths(size - 256), LEFT),
        ("both-wrap-around", "The sum of the lengths is 2^64 above the file's.", lengths(1 << 63, (1 << 63) + size), LEFT),
    ):  # fmt: skip
        kit.refuse_bytes("lengths", scenario, words, changed, WHOLE, "wrong-length", **values)


def message(kit):
    for scenario, words, size in (
        ("no-bytes", "The snapshot has no bytes.", 0), ("71-bytes", "The snapshot has 71 bytes.", 71),
    ):  # fmt: skip
        changed = lengths(size)[: START + size]
        kit.refuse("message-length", scenario, words, changed, "damaged-snapshot", f"file {len(changed)}")
    full = SMALL.having(records=row({"id": "1", "revision": 1, "scope": "x" * 16330}), label="full")
    file = full.bytes()
    cut = len(file) - START - (len(full.text()) - 16384) - 16
    for scenario, words, more in (("no-last-chunk", "The last chunk is missing.", 0), ("15-bytes", "The last chunk has 15 bytes.", 15)):
        size = cut + more
        changed = lengths(size, 0, file, len(full.header()))[: len(full.header()) + 16 + size]
        values = {"repair": "records", "left": []}
        kit.refuse("message-length", scenario, words, changed, "damaged-snapshot", f"file {len(changed)}", **values)
    for scenario, words, place, values in (
        ("salt", "One byte of the salt was changed. The commitment tells a repair which.", START + 5, LEFT),
        ("commitment", "The commitment was changed; the chunks open without it.", START + 30, LEFT),
        ("commitment-end", "The last byte of the commitment was changed.", START + 55, LEFT),
    ):  # fmt: skip
        changed = at(WHOLE, place)
        kit.refuse_bytes("message-commitment", scenario, words, changed, WHOLE, "damaged-snapshot", **values)
    changed = at(at(WHOLE, START), START + 23)
    words = "Two bytes of the salt were changed: in a small vault nothing opens."
    kit.refuse_bytes("message-commitment", "two-bytes-of-salt", words, changed, WHOLE, "damaged-snapshot")
    for scenario, words, place in (
        ("first-byte", "The first byte of the chunk was changed.", START + 56), ("middle", "A byte of the chunk was changed.", START + 100),
        ("tag", "The tag was changed.", len(WHOLE) - 1),
    ):  # fmt: skip
        kit.refuse_bytes("message-chunk", scenario, words, at(WHOLE, place), WHOLE, "damaged-snapshot")


def bound(kit):
    def header_of(plan):
        return lambda header: plan.header()

    for scenario, words, other in (
        ("older-generation", "The snapshot is of the generation before.", SMALL.having(generation="6")),
        ("other-format", "The snapshot is of a vault in CSV.", SMALL.having(format="csv")),
        ("other-extent", "The snapshot is of a vault with smaller extents.", SMALL.having(log_extent="4096")),
    ):  # fmt: skip
        plan = SMALL.having(bound_header=header_of(other))
        place = next(i for i, (a, b) in enumerate(zip(SMALL.header(), other.header())) if a != b)
        kit.refuse("snapshot-bound", scenario, words, plan.bytes(), "damaged-snapshot", f"header {place}")


def preamble(kit):
    right = SMALL.preamble
    for scenario, words, text in (
        ("next-id-with-zero", "The next id has a leading zero.", right.replace(b"10", b"010")),
        ("next-id-too-large", "The next id is above 10^15.", right.replace(b"10", b"1000000000000001")),
        ("next-id-missing", "The first line is max-age.", right[11:]),
        ("max-age-zero", "max-age is 0.", right.replace(b"max-age none", b"max-age 0")),
        ("idle-too-large", "idle is above 10^10.", right.replace(b"idle none", b"idle 10000000001")),
        ("expired-missing", "The line expired is missing.", right.replace(b"expired none\n", b"")),
        ("swapped", "idle stands before max-age.", right.replace(b"max-age none\nidle none", b"idle none\nmax-age none")),
        ("no-empty-line", "No empty line before the records.", right[:-1]),
        ("carriage-return", "A line ends with CR LF.", right.replace(b"expired none\n", b"expired none\r\n")),
    ):  # fmt: skip
        plan = SMALL.having(preamble=text)
        if scenario == "swapped":
            plan = plan.having(records=rows(RECORDS[:2]))
        kit.refuse_plan("preamble", scenario, words, plan, "invalid-records")
    most = b"next-id 1000000000000000\nmax-age 10000000000\nidle 10000000000\nexpired 10000000000\n\n"
    words = "The largest next id and limits."
    kit.accept("preamble", "largest-numbers", words, SMALL.having(preamble=most, label="limits").bytes())


def large_parts():
    file = LARGE_JSON.bytes()
    return file, *reader.parts(file, len(LARGE_JSON.header()))


def record_chunks(plan, records):
    """The range of chunks that each record stands in."""
    place, ranges = len(plan.preamble), []
    for record in records:
        size = len(row(record))
        ranges.append(range(place // 16384, (place + size - 1) // 16384 + 1))
        place += size
    return ranges


def large_lengths(kit):
    file, start, end, index_end = large_parts()
    header = start - 16
    values = {"repair": "records", "left": LARGE_RECORDS}
    index_size = index_end - end
    words = "The file ends in the index, of which nothing else is lost."
    cut = file[: index_end - 1000]
    kit.refuse_bytes("lengths", "large-cut-in-the-index", words, cut, file, "wrong-length", **values)
    words = "The index is longer than the file."
    changed = lengths(end - start, index_size + 4096, file, header)
    kit.refuse_bytes("lengths", "large-index-too-long", words, changed, file, "wrong-length", **values)


def large_chunks(kit):
    file, start, _, _ = large_parts()
    ranges = record_chunks(LARGE_JSON, LARGE_RECORDS)
    for number in (1, 3):
        place = start + 56 + number * 16400 + 77
        left = [record for record, chunks in zip(LARGE_RECORDS, ranges) if number not in chunks]
        words = f"Chunk {number} of the snapshot was changed; the record that is looked up stands in chunk 2."
        found = next(record for record, chunks in zip(LARGE_RECORDS, ranges) if chunks == range(2, 3))
        values = {"one": "record", "find": found["id"], "found": found, "repair": "records", "left": left}
        kit.refuse_bytes("one-record", f"damaged-chunk-{number}", words, at(file, place), file, "damaged-snapshot", **values)
    number = 2
    place = start + 56 + number * 16400 + 77
    left = [record for record, chunks in zip(LARGE_RECORDS, ranges) if number not in chunks]
    words = "The chunk that has the record was changed."
    found = next(record for record, chunks in zip(LARGE_RECORDS, ranges) if chunks == range(2, 3))
    values = {"find": found["id"], "repair": "records", "left": left}
    kit.refuse_bytes("one-record", "its-own-chunk", words, at(file, place), file, "damaged-snapshot", **values)
    place = start + 56 + 77
    words = "The first chunk was changed, in which the limits are: a repair must be told them."
    kit.refuse_bytes("one-record", "first-chunk", words, at(file, place), file, "damaged-snapshot", repair="limits-lost")
    chunks = [file[start + 56 + n * 16400 : start + 56 + (n + 1) * 16400] for n in range(4)]
    swapped = file[: start + 56 + 16400] + chunks[2] + chunks[1] + file[start + 56 + 3 * 16400 :]
    left = [record for record, chunks in zip(LARGE_RECORDS, ranges) if 1 not in chunks and 2 not in chunks]
    values = {"find": LARGE_RECORDS[-1]["id"], "found": LARGE_RECORDS[-1], "one": "record", "repair": "records", "left": left}
    words = "Two chunks are swapped."
    kit.refuse_bytes("message-chunk", "swapped", words, swapped, file, "damaged-snapshot", **values)

