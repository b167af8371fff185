"""Vectors of the rules of records in JSON, and of the rules among records."""

import json

from kit import RECORDS, SMALL, difference, row, rows

FIRST, SECOND, LAST = (row(record) for record in RECORDS)


def add(kit):
    sound(kit)
    texts(kit)
    structure(kit)
    names(kit)
    known(kit)
    history(kit)
    among(kit)


def with_second(member):
    """The small vault with other bytes in the second record, which has a name for its revision."""
    return FIRST + b'{"id":"2","revision":1,' + member + b"}\n" + LAST


RIGHT = with_second(b'"x":"y"')


def refuse(kit, rule, scenario, words, records, shift=0, **values):
    plan = SMALL.having(records=records, label=f"json {scenario}")
    byte = f"records {difference(records, RIGHT) + shift}"
    kit.refuse(rule, scenario, words, plan.bytes(), "invalid-records", byte, **values)


def sound(kit):
    deep = b"[" * 65 + b"]" * 65
    records = [{"id": "1", "revision": 1, "d": json.loads(deep)}]
    text = b'{"id":"1","revision":1,"d":' + deep + b"}\n"
    kit.accept("json-nesting", "as-deep-as-can-be", "An array with 64 arrays inside it.", SMALL.having(records=text, label="deep").bytes(), records)
    text = b'{"revision":1,"\\u00e9":"\\ud83d\\ude00\\n","id":"1","n":-1.5e3}\n'
    records = [{"id": "1", "revision": 1, "é": "😀\n", "n": -1500.0}]
    words = "Members in another order, with escapes."
    kit.accept("json-text", "escapes", words, SMALL.having(records=text, label="escapes").bytes(), records)
    history = {"first_saved_at": "2026-01-01T00:00:00.000Z", "last_used_at": "2026-01-02T03:04:05.678Z"}
    states = [
        "begun 2026-01-01T00:00:00.000Z -7", "unanswered 2026-01-01T00:00:00.000Z",
        "rejected 2026-01-01T00:00:00.000Z invalid_grant", "rejected 2026-01-01T00:00:00.000Z x 2026-01-02T00:00:00.000Z",
    ]  # fmt: skip
    records = [{"id": str(n), "revision": 1, "refresh_state": state} | history for n, state in enumerate(states)]
    kit.accept("history", "each-state", "Every state of a refresh.", SMALL.having(records=rows(records), label="states").bytes(), records)
    text = b'{"id":"1","revision":1,"refresh_state":"unanswered\\u0020\\u0032026-01-01T00:00:00.000Z","last_used_at":"\\u0032026-01-01T00:00:00.000Z"}\n'
    records = [{"id": "1", "revision": 1, "refresh_state": "unanswered 2026-01-01T00:00:00.000Z", "last_used_at": "2026-01-01T00:00:00.000Z"}]
    kit.accept("history", "escapes", "A history with escapes.", SMALL.having(records=text, label="history").bytes(), records)


def texts(kit):
    cases = [
        ("lone-byte", "A byte that is not UTF-8.", b'"a":"\xff"'), ("overlong", "UTF-8 that is longer than it must be.", b'"bb":"\xc0\xaf"'),
        ("surrogate-in-utf-8", "A surrogate in UTF-8.", b'"ccc":"\xed\xa0\x80"'),
        ("high-surrogate", "A high surrogate alone, in an escape.", b'"x":"\\ud800"'),
        ("low-surrogate", "A low surrogate before a high one.", b'"x":"y\\udc00\\ud800"'),
        ("control-character", "A control character in a string.", b'"x":"y\x01"'),
        ("unknown-escape", "An escape that JSON has not.", b'"x":"\\x41"'), ("number-with-zero", "A number with a leading zero.", b'"x":01'),
        ("number-without-fraction", "A number that ends with its point.", b'"x":1.'), ("not-a-number", "The literal NaN.", b'"x":NaN'),
        ("comma-at-end", "A comma behind the last member.", b'"x":"y",'),
    ]  # fmt: skip
    for scenario, words, member in cases:
        records = with_second(member)
        byte = f"records {difference(records, RIGHT)} ({scenario})"
        plan = SMALL.having(records=records, label=f"json {scenario}")
        kit.refuse("json-text", scenario, words, plan.bytes(), "invalid-records", byte)


def structure(kit):
    refuse(kit, "json-lines", "blank-behind-comma", "A blank between members.", RIGHT.replace(b',"x"', b', "x"'))
    refuse(kit, "json-lines", "blank-behind-colon", "A blank behind a colon.", RIGHT.replace(b'"x":', b'"x": '))
    refuse(kit, "json-lines", "blank-in-a-value", "A blank in an array.", with_second(b'"x":[1, 2]'), 2)
    refuse(kit, "json-lines", "byte-order-mark", "A byte order mark before the records.", b"\xef\xbb\xbf" + RIGHT)
    refuse(kit, "json-lines", "array", "An array around the records.", b"[" + RIGHT[:-1].replace(b"\n", b",") + b"]\n", 1)
    refuse(kit, "json-lines", "empty-line", "An empty line between records.", RIGHT.replace(b"}\n{", b"}\n\n{", 1))
    refuse(kit, "json-lines", "carriage-return", "A record ends with CR LF.", RIGHT.replace(b"}\n", b"}\r\n", 1))
    left = {"repair": "records", "left": [RECORDS[0], {"id": "2", "revision": 1, "x": "y"}]}
    refuse(kit, "json-lines", "last-line-end", "The last record has no LF.", RIGHT[:-1], **left)
    refuse(kit, "json-lines", "two-in-a-line", "Two records in one line.", RIGHT[: len(FIRST) - 1] + RIGHT[len(FIRST) :], 3)
    deep = b'"x":' + b"[" * 66 + b"]" * 66
    refuse(kit, "json-nesting", "65-inside", "An array with 65 arrays inside it.", with_second(deep))
    mixed = b'"xx":' + b'{"":[' * 33 + b"]}" * 33
    refuse(kit, "json-nesting", "66-in-turn", "Objects and arrays in turn, 66 deep.", with_second(mixed))


def names(kit):
    refuse(kit, "json-names", "known-twice", "The id stands twice.", with_second(b'"id":"2"'))
    refuse(kit, "json-names", "known-twice-by-escape", "The id stands twice, once with an escape.", with_second(b'"\\u0069d":"2"'), 5)
    refuse(kit, "json-names", "unknown-twice", "An unknown name stands twice.", with_second(b'"x":"y","x":"y"'))
    refuse(kit, "json-names", "twice-by-escape", "A name and the same name with an escape.", with_second(b'"x":"z","\\u0078":"z"'))
    refuse(kit, "json-names", "nested-twice", "A name stands twice in an object inside a member.", with_second(b'"x":{"a":1,"a":1}'))


def known(kit):
    for scenario, words, member in (
        ("number", "A token that is a number.", b'"access_token":7'), ("null", "A scope that is null.", b'"scope":null'),
        ("empty", "An empty user name.", b'"user_name":""'), ("secret-number", "A secret that is a number.", b'"secret":1'),
        ("expires-in", "The member expires_in.", b'"expires_in":3600'), ("expires-in-sec", "The member expires_in_sec.", b'"expires_in_sec":3600'),
        ("expiry-time", "The member expiry_time.", b'"expiry_time":"1"'),
    ):  # fmt: skip
        records = with_second(member)
        byte = f"records {difference(records, RIGHT)} ({member.decode().split(chr(34))[1]})"
        plan = SMALL.having(records=records, label=f"json {scenario}")
        kit.refuse("json-known", scenario, words, plan.bytes(), "invalid-records", byte)


def history(kit):
    time = "2026-01-01T00:00:00.000Z"
    for scenario, words, name, value in (
        ("time-without-milliseconds", "A time without milliseconds.", "first_saved_at", "2026-01-01T00:00:00Z"),
        ("time-of-no-calendar", "A day that no month has.", "last_used_at", "2026-02-30T00:00:00.000Z"),
        ("unknown-state", "A state that nobody knows.", "refresh_state", f"ended {time}"),
        ("begun-without-process", "A call that begins without a process.", "refresh_state", f"begun {time}"),
        ("process-with-zero", "The number of a process has a leading zero.", "refresh_state", f"begun {time} 01"),
        ("code-with-quote", "A code with a quote.", "refresh_state", f'rejected {time} a"b'),
        ("code-too-long", "A code of 65 characters.", "refresh_state", f"rejected {time} {'c' * 65}"),
        ("two-blanks", "Two blanks between words.", "refresh_state", f"unanswered  {time}"),
        ("three-times", "More words than there are.", "refresh_state", f"rejected {time} x {time} {time}"),
    ):  # fmt: skip
        record = {"id": "2", "revision": 1, name: value}
        records = FIRST + row(record) + LAST
        plan = SMALL.having(records=records, label=f"json {scenario}")
        kit.refuse("history", scenario, words, plan.bytes(), "invalid-records", f"records {len(FIRST)} ({scenario})")


def among(kit):
    for scenario, words, second in (
        ("no-id", "A record without an id.", {"user_name": "x", "revision": 1}),
        ("same-id", "Two records have one id.", {"id": "1", "revision": 1}),
        ("no-revision", "A record without a revision.", {"id": "2"}),
        ("revision-zero", "A revision of 0.", {"id": "3", "revision": 0}),
        ("revision-too-large", "A revision above 10^15.", {"id": "4", "revision": 10**15 + 1}),
        ("revision-text", "A revision that is a string.", {"id": "5", "revision": "1"}),
        ("revision-fraction", "A revision of 1.5.", {"id": "6", "revision": 1.5}),
    ):  # fmt: skip
        records = FIRST + row(second) + LAST
        plan = SMALL.having(records=records, label=f"among {scenario}")
        byte = f"records {difference(records, FIRST + SECOND + LAST)} ({scenario})"
        kit.refuse("records", scenario, words, plan.bytes(), "invalid-records", byte)
    plan = SMALL.having(records=rows(RECORDS[:2]) + row({"id": "a\u0301", "revision": 1}) + row({"id": "á", "revision": 10**15}), label="ids")
    records = RECORDS[:2] + [{"id": "a\u0301", "revision": 1}, {"id": "á", "revision": 10**15}]
    words = "Two ids that Unicode calls equal and whose bytes differ, and the largest revision."
    kit.accept("records", "ids-by-their-bytes", words, plan.bytes(), records, "á")
