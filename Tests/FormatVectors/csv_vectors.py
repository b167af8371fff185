"""Vectors of the rules of records in CSV."""

from kit import SMALL, difference
from large import COLUMNS, csv_row

HEADER = COLUMNS.encode() + b"\r\n"
RECORDS = [
    {"id": "1", "user_name": "ann", "access_token": "a-1", "scope": "s", "revision": 1},
    {"id": "2", "user_name": "bo", "revision": 2},
]
ROWS = [csv_row(record) for record in RECORDS]
RIGHT = HEADER + ROWS[0] + ROWS[1]
CSV = SMALL.having(format="csv", label="csv", records=RIGHT)
LEFT_ONE = {"repair": "records", "left": RECORDS[:1]}


def add(kit):
    sound(kit)
    texts(kit)
    rows(kit)
    columns(kit)
    names(kit)
    history(kit)


def with_columns(columns, values=(b"v", b"w")):
    """With more columns, and text in them."""
    texts = [row[:-2] + b"," + b",".join([value] * len(columns)) + b"\r\n" for row, value in zip(ROWS, values)]
    header = HEADER[:-2] + b"".join(b"," + column for column in columns) + b"\r\n"
    return header + b"".join(texts)


def refuse(kit, rule, scenario, words, records, byte=None, **values):
    plan = CSV.having(records=records, label=f"csv {scenario}")
    byte = byte or f"records {difference(records, RIGHT)}"
    kit.refuse(rule, scenario, words, plan.bytes(), "invalid-records", byte, **values)


def sound(kit):
    columns = [b"expires_at2", b"json:n", b"text:", b"text:json:x"]
    values = [record | {"expires_at2": text, "n": int(text), "": text, "json:x": text} for record, text in zip(RECORDS, "78")]
    records = with_columns(columns, (b"7", b"8"))
    kit.accept("csv-names", "prefixes", "Columns with prefixes.", CSV.having(records=records, label="prefixes").bytes(), values)
    quoted = [
        {"id": "1", "user_name": 'a,"b"\r\nc', "secret": "", "revision": 1}, {"id": "2", "user_name": "ö", "revision": 1},
    ]  # fmt: skip
    names = COLUMNS.split(",")
    first = ",".join({"id": "1", "user_name": '"a,""b""\r\nc"', "secret": '""', "revision": "1"}.get(name, "") for name in names)
    records = HEADER + first.encode() + b"\r\n" + csv_row(quoted[1])
    words = "A value in quotes with all that needs them, and an empty secret."
    kit.accept("csv-quotes", "all-that-needs-them", words, CSV.having(records=records, label="quoted").bytes(), quoted)
    kit.accept("csv-rows", "two-records", "Two records in CSV.", CSV.bytes(), RECORDS, "2")
    kit.accept("csv-rows", "no-records", "A header row alone.", CSV.having(records=HEADER, label="header row").bytes(), [], "2")


def texts(kit):
    refuse(kit, "csv-text", "not-utf-8", "A byte that is not UTF-8.", RIGHT.replace(b"ann", b"\xff"))
    refuse(kit, "csv-text", "surrogate", "A surrogate in UTF-8.", RIGHT.replace(b"bo", b"\xed\xa0\x80"))
    refuse(kit, "csv-text", "byte-order-mark", "A byte order mark.", b"\xef\xbb\xbf" + RIGHT)


def rows(kit):
    refuse(kit, "csv-rows", "value-missing", "A row with a value less than the header.", RIGHT.replace(b"1,ann,", b"1,"))
    refuse(kit, "csv-rows", "value-too-many", "A row with a value more.", RIGHT.replace(b"2,bo", b"2,,bo"))
    refuse(kit, "csv-rows", "line-feed-alone", "A row ends with LF.", RIGHT.replace(b",\r\n2", b",\n2"))
    refuse(kit, "csv-rows", "carriage-return-alone", "A CR alone outside quotes.", RIGHT.replace(b"bo", b"b\ro"))
    refuse(kit, "csv-rows", "header-line-feed", "The header row ends with LF.", HEADER[:-2] + b"\n" + RIGHT[len(HEADER) :])
    refuse(kit, "csv-rows", "last-row-without-end", "The last row has no CR LF.", RIGHT[:-2], **LEFT_ONE)
    refuse(kit, "csv-rows", "no-header", "Not even a header row.", b"", repair="records", left=[])
    refuse(kit, "csv-rows", "empty-row", "An empty row.", RIGHT + b"\r\n")
    open_quote = RIGHT.replace(b"2,bo", b'2,"bo')
    refuse(kit, "csv-quotes", "unterminated", "A quoted value that does not end.", open_quote, **LEFT_ONE)
    refuse(kit, "csv-quotes", "text-behind", "Text behind a closing quote.", RIGHT.replace(b",ann,", b',"ann"x,'))
    refuse(kit, "csv-quotes", "inside", "A quote in a value that does not begin with one.", RIGHT.replace(b"ann", b'an""n'))
    refuse(kit, "csv-quotes", "blank-before", "A blank before a quote.", RIGHT.replace(b",a-1,", b', "a-1",'))


def columns(kit):
    for scenario, words, records in (
        ("known-twice", "A known column twice.", RIGHT.replace(b"client_id", b"user_name", 1)),
        ("known-missing", "A known column is missing.", RIGHT.replace(b"id_token,", b"", 1)),
        ("known-swapped", "Two known columns are swapped.", RIGHT.replace(b"api_domain,scope", b"scope,api_domain", 1)),
        ("first-missing", "The column id is missing.", RIGHT.replace(b"id,", b"", 1)),
        ("last-missing", "The last known column is missing.", RIGHT.replace(b",refresh_state", b"").replace(b",\r\n", b"\r\n")),
        ("unknown-twice", "A column of an unknown field twice.", with_columns([b"x", b"x"])),
    ):  # fmt: skip
        refuse(kit, "csv-columns", scenario, words, records)
    names = [b"c%04d" % number for number in range(1025)]
    many = with_columns(names, (b"", b""))
    refuse(kit, "csv-columns", "1025-unknown", "1,025 columns of unknown fields.", many, f"records {len(many)}")
    reserved = [(b"expires_in", "expires-in"), (b"expires_in_sec", "expires-in-sec"), (b"expiry_time", "expiry-time")]
    for column, scenario in reserved:
        words = f"The column {column.decode()}."
        refuse(kit, "csv-names", scenario, words, with_columns([column]), f"records {len(HEADER)} ({column.decode()})")


def names(kit):
    refuse(kit, "csv-names", "text-and-json", "A row has text in x and in json:x.", with_columns([b"json:x", b"x"], (b"1", b"2")))
    refuse(kit, "csv-names", "json-not-json", "Text in json:y that is no JSON.", with_columns([b"json:y"], (b"1", b"{")), "records 400")
    refuse(kit, "csv-names", "json-with-blank", "JSON with a blank between its parts.", with_columns([b"json:z"], (b"1", b"[1 ]")), "records 401")
    refuse(kit, "csv-names", "json-string", "A string in json:w.", with_columns([b"json:w"], (b"1", b'"""w"""')), "records 402")


def history(kit):
    first = ROWS[0][:-2]
    zero = ROWS[0].replace(b",1,", b",01,")
    assert zero != ROWS[0]
    refuse(kit, "records", "csv-revision-with-zero", "A revision with a leading zero, in CSV.", HEADER + zero + ROWS[1])
    cases = [
        ("csv-time", "A time of another form, in CSV.", first[:-2] + b"2026-01-01,,"),
        ("csv-state", "A state of another form, in CSV.", first + b"unanswered"),
    ]
    for scenario, words, text in cases:
        refuse(kit, "history", scenario, words, HEADER + text + b"\r\n" + ROWS[1])
