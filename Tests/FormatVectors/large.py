"""The large vaults: one in JSON with an index of two chunks, and one in CSV."""

from kit import SMALL, Plan, rows

COLUMNS = (
    "id,user_name,client_id,client_secret,refresh_token,access_token,grant_token,expires_at,redirect_url,api_domain,"
    "scope,token_type,id_token,secret,revision,first_saved_at,last_used_at,refresh_state"
)


def _record(number):
    texts = {"user_name": "u", "client_id": "c", "grant_token": "g", "refresh_token": "r", "access_token": "a"}
    fields = {name: f"{letter}{number}" for name, letter in texts.items()}
    return {"id": str(number)} | fields | {"revision": 1}


LARGE_RECORDS = [_record(number) for number in range(1, 571)]
PREAMBLE = b"next-id 571\nmax-age none\nidle none\nexpired none\n\n"
LARGE_JSON = SMALL.having(label="large", records=rows(LARGE_RECORDS), preamble=PREAMBLE, log_extent="4096")


def _csv_record(number):
    return {"id": str(number), "user_name": f"u{number}", "access_token": f"a{number}", "scope": "s" * 990, "revision": 1}


def csv_row(record, extra=()):
    """A row without values that need quotes."""
    names = COLUMNS.split(",") + list(extra)
    return ",".join(str(record.get(name, "")) for name in names).encode() + b"\r\n"


CSV_RECORDS = [_csv_record(number) for number in range(1, 67)]
CSV_ROWS = COLUMNS.encode() + b"\r\n" + b"".join(csv_row(record) for record in CSV_RECORDS)
LARGE_CSV = Plan(label="large csv", format="csv", records=CSV_ROWS, preamble=PREAMBLE.replace(b"571", b"67"), log_extent="4096")
