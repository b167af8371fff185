"""Reads records in JSON and CSV, and refuses what no vault has."""

import json
import re

from vault_crypto import must
from vault_header import LIMIT, TIME, must_be_times

TEXTS = (
    "id user_name client_id client_secret refresh_token access_token grant_token expires_at redirect_url "
    "api_domain scope token_type id_token secret"
).split()
HISTORY_FORMS = {
    "first_saved_at": TIME,
    "last_used_at": TIME,
    "refresh_state": rf"begun {TIME} (0|-?[1-9][0-9]*)|unanswered {TIME}|rejected {TIME} [!#-\[\]-~]{{1,64}}( {TIME})?",
}
HISTORY = list(HISTORY_FORMS)


def no_duplicates(pairs):
    names = [name for name, _ in pairs]
    must(len(names) == len(set(names)), "a name twice")
    return dict(pairs)


def json_rows(text):
    rows = text.split(b"\n")
    must(rows.pop() == b"", "the last line has no end")
    return [row + b"\n" for row in rows]


def csv_rows(text):
    rows, start, in_quotes = [], 0, False
    for place, byte in enumerate(text):
        in_quotes ^= byte == 0x22
        if byte == 0x0A and not in_quotes:
            rows.append(text[start : place + 1])
            start = place + 1
    must(start == len(text), "the last row has no end")
    return rows


def json_records(text):
    records = [json_value(row[:-1].decode("utf-8", "strict"), 66) for row in json_rows(text)]
    must(all(isinstance(record, dict) for record in records), "a line without a record")
    return records


def json_value(text, deepest=65):
    """A JSON value without white space between its parts."""
    parts, depth = re.sub(r'"(?:[^"\\]|\\.)*"', '""', text), 0
    must(not re.search(r"[ \t\r\n]", parts), "white space between the parts of a record")
    for byte in parts:
        depth += (byte in "[{") - (byte in "]}")
        must(depth <= deepest, "a value nested too deep")
    value = json.loads(text, object_pairs_hook=no_duplicates, parse_constant=no_constant)
    json.dumps(value, ensure_ascii=False).encode()  # Refuses a surrogate without the other.
    return value


def no_constant(name):
    raise ValueError(f"{name} is no JSON")


def csv_records(text):
    rows = csv_values(text.decode("utf-8", "strict"))
    must(rows, "no header row")
    known = TEXTS + ["revision"] + HISTORY
    header = [plain(value) for value in rows[0]]
    must(header[: len(known)] == known and len(set(header)) == len(header), "another header")
    must(len(header) <= len(known) + 1024, "too many columns")
    return [csv_record(header, row) for row in rows[1:]]


def csv_values(text):
    """The values of each row as they stand there: an empty value with quotes differs from one without."""
    rows, row, position = [], [], 0
    for match in re.finditer(r'("(?:[^"]|"")*"|[^",\r\n]*)(,|\r\n)', text):
        must(match.start() == position, "no comma or line end behind a value")
        position = match.end()
        row.append(match[1])
        if match[2] != ",":
            rows.append(row)
            row = []
    must(position == len(text) and not row, "the last row has no end")
    return rows


def plain(value):
    return value[1:-1].replace('""', '"') if value.startswith('"') else value


def csv_record(header, row):
    must(len(row) == len(header), "a row of another length")
    record = {}
    for name, given in zip(header, row):
        value = plain(given)
        if value == "" and (name != "secret" or given == ""):
            continue
        if name == "revision" or name.startswith("json:"):
            value = json_value(value)
            must(not isinstance(value, str), "a string in a column for other JSON")
        name = name.removeprefix("json:") if name.startswith("json:") else name.removeprefix("text:")
        must(name not in record, "a name twice")
        record[name] = value
    return record


def check(records):
    for record in records:
        for name in TEXTS:
            must(isinstance(record.get(name, "x"), str), f"{name} is no text")
            must(record.get(name) != "" or name == "secret", f"{name} is empty")
        for name in HISTORY:
            must(re.fullmatch(HISTORY_FORMS[name], record.get(name, "")) or name not in record, name)
            must_be_times(record.get(name, ""))
        revision = record.get("revision", 0)
        must(isinstance(revision, int) and not isinstance(revision, bool), "a revision that is no number")
        must("id" in record and 1 <= revision <= LIMIT, "no id or revision")
        must(not {"expires_in", "expires_in_sec", "expiry_time"} & record.keys(), "a member of imports")
    must(len({record["id"] for record in records}) == len(records), "an id twice")
    return records


def decoded(text, record_format):
    return check(json_records(text) if record_format == "json" else csv_records(text))


def apply(records, next_id, text, record_format):
    """Puts a commit's records in the places of those with their ids, or behind all; gives the next id."""
    start = re.match(rb"next-id (0|[1-9][0-9]*)\n\n", text)
    must(start and next_id <= int(start[1]) <= LIMIT, "no next id")
    places = {record["id"]: place for place, record in enumerate(records)}
    for record in decoded(text[start.end() :], record_format):
        place = places.get(record["id"])
        if place is None:
            records.append(record)
        else:
            must(record["revision"] >= records[place]["revision"], "a revision went back")
            records[place] = record
    return int(start[1])
