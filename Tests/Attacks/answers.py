"""Input does not move another record's secrets: what an answer, a file or a server says about a stored record."""

import json

from attacks import attack
from servers import Listener, TokenServer

SECRETS = ("bank-secret", "bank-refresh")
PAST = "2020-01-01T00:00:00.000Z"


def bank(host, endpoint, **fields):
    """Record 1: the bank's login, which is due for a refresh."""
    record = {
        "user_name": "ann", "client_id": "bank", "client_secret": "bank-secret", "refresh_token": "bank-refresh",
        "access_token": "bank-access", "expires_at": PAST, "token_endpoint": endpoint,
    }  # fmt: skip
    return host.save(**(record | fields))[0]


def refuses_input(host, status, input, *arguments, **options):
    """By `save`, and by `import` too where the input says whose it is."""
    text = input if isinstance(input, str) else json.dumps(input)
    host.refuses(status, "save", *arguments, input=text, hides=SECRETS, **options)
    first = input[0] if isinstance(input, list) else input
    if "user_name" in first and not arguments:
        host.refuses(status, "import", "-", input=text, hides=SECRETS, **options)


def check_that_nothing_moved(host, bank_server, thief):
    """The next refresh of all goes where it went before."""
    host.run("refresh", "--all")
    host.check(thief.received() == [], "the attacker's server was called")
    host.check(len(bank_server.received()) == 1, "the bank's server was not called")
    stored = host.records()[0]
    host.check(stored["access_token"] == "bank-access", f"the access token is another's: {stored}")


@attack
def an_answer_that_names_a_record_does_not_move_its_secrets(host):
    home, thief = Listener(), Listener()
    bank(host, home.url)
    says = (f"127.0.0.1:{thief.port}", f"127.0.0.1:{home.port}")
    for more in ({}, {"token_type": "Bearer", "expires_in": 3600}, {"refresh_token": "new"}, {"client_secret": "new"}):
        answer = {"access_token": "new", "id": "1", "token_endpoint": thief.url}
        refuses_input(host, 7, answer | more, says=says)
    check_that_nothing_moved(host, home, thief)


@attack
def an_input_that_names_a_user_does_not_move_his_secrets(host):
    home, thief = Listener(), Listener()
    bank(host, home.url)
    says = (f"127.0.0.1:{thief.port}", f"127.0.0.1:{home.port}")
    for client in ({}, {"client_id": "bank"}):
        input = {"user_name": "ann", "access_token": "new", "token_endpoint": thief.url} | client
        refuses_input(host, 7, input, says=says)
        refuses_input(host, 7, [{"user_name": "bob", "access_token": "1"}, input], says=says)
        dry = host.run("import", "-", "--dry-run", input=json.dumps(input))
        host.check(str(thief.port) in dry.output + dry.errors, f"the dry run does not list the move: {dry}")
    csv = f"user_name,access_token,token_endpoint\r\nann,new,{thief.url}\r\n"
    host.refuses(7, "import", "-", input=csv, says=says, hides=SECRETS)
    check_that_nothing_moved(host, home, thief)


@attack
def an_endpoint_is_compared_by_what_it_leads_to(host):
    home, thief = Listener(), Listener()
    bank(host, home.url)
    for url in (
        f"https://127.0.0.1:{home.port}/token",
        f"http://localhost:{home.port}/token",
        f"http://127.0.0.1:{home.port}@127.0.0.1:{thief.port}/",
        f"http://127.0.0.1:{thief.port}#@127.0.0.1:{home.port}/",
        f"http://127.0.0.1:{thief.port}/?http://127.0.0.1:{home.port}/",
        f" http://127.0.0.1:{thief.port}/",
        f"HTTP://127.0.0.1:{thief.port}/",
        f"http://127.0.0.1:{thief.port}\\@127.0.0.1:{home.port}/",
    ):
        # A text that is no URL at all may have another refusal.
        status = 7 if url.startswith(("http://127.0.0.1", "http://localhost", "https://")) else (1, 7, 64)
        host.refuses(status, "save", input=json.dumps({"id": "1", "token_endpoint": url}), hides=SECRETS)
    check_that_nothing_moved(host, home, thief)


@attack
def the_way_a_client_proves_itself_is_not_anothers_word(host):
    home, thief = Listener(), Listener()
    bank(host, home.url)
    for method in ("client_secret_post", "none"):
        refuses_input(host, 7, {"id": "1", "token_endpoint_auth_method": method})
        refuses_input(host, 7, {"user_name": "ann", "access_token": "new", "token_endpoint_auth_method": method})
    check_that_nothing_moved(host, home, thief)


@attack
def an_endpoint_where_there_was_none_is_a_move(host):
    thief = Listener()
    for name, fields in {
        "none": {"token_endpoint": ""},
        "zoho": {"token_endpoint": "", "api_domain": "https://www.zohoapis.com"},
        "public": {"token_endpoint": "", "client_secret": ""},
        "unused": {"token_endpoint": "", "refresh_token": ""},
    }.items():
        id = bank(host, "", user_name=name, **fields)
        refuses_input(host, 7, {"id": id, "access_token": "new", "token_endpoint": thief.url})
        refuses_input(host, 7, {"user_name": name, "access_token": "new", "token_endpoint": thief.url})
    host.run("refresh", "--all")
    host.check(thief.received() == [], "the attacker's server was called")


@attack
def an_api_domain_that_chooses_another_accounts_server_is_a_move(host):
    fields = {"user_name": "zoe", "token_endpoint": "", "api_domain": "https://www.zohoapis.com"}
    id = bank(host, "", **fields)
    for domain in ("https://www.zohoapis.eu", "https://www.zohoapis.com.cn"):
        refuses_input(host, 7, {"id": id, "access_token": "new", "api_domain": domain})
        refuses_input(host, 7, {"user_name": "zoe", "access_token": "new", "api_domain": domain})


@attack
def an_endpoint_is_not_moved_in_two_steps(host):
    home, thief = Listener(), Listener()
    bank(host, home.url)
    there = {"id": "1", "access_token": "bank-access", "token_endpoint": thief.url}
    refuses_input(host, 7, [{"id": "1", "token_endpoint": ""}, there])
    # An empty text takes a secret away, and shows none.
    refuses_input(host, 7, there | {"client_secret": "", "refresh_token": ""})
    refuses_input(host, 7, there | {"client_secret": "new", "refresh_token": ""})
    check_that_nothing_moved(host, home, thief)
    if host.run("save", input=json.dumps({"id": "1", "token_endpoint": ""})).status == 0:
        refuses_input(host, 7, there)
    host.run("refresh", "--all")
    host.check(thief.received() == [], "the attacker's server was called")


@attack
def an_input_with_every_secret_or_the_users_word_moves_an_endpoint(host):
    first, second, third = Listener(), Listener(), Listener()
    bank(host, first.url)
    whole = {"id": "1", "client_secret": "bank-secret", "refresh_token": "bank-refresh", "token_endpoint": second.url}
    host.accepts("save", input=json.dumps(whole))
    host.accepts("save", "--move-endpoint", input=json.dumps({"id": "1", "token_endpoint": third.url}))
    host.run("refresh", "--all")
    host.check([len(server.received()) for server in (first, second, third)] == [0, 0, 1], "the wrong server")


@attack
def a_user_of_two_clients_is_not_the_oldest_of_them(host):
    home = Listener()
    bank(host, home.url)
    bank(host, home.url, client_id="shop", refresh_token="shop-refresh", access_token="shop-access")
    says = ("bank", "shop")
    new = json.dumps({"user_name": "ann", "access_token": "new"})
    for arguments in (
        ["find", "--user", "ann"], ["find", "--user", "ann", "--reveal"], ["token", "--user", "ann"],
        ["token", "--user", "ann", "--min-ttl", "5m"], ["refresh", "--user", "ann"],
        ["refresh", "--user", "ann", "--", "/bin/echo", "{}"],
    ):  # fmt: skip
        host.refuses(7, *arguments, says=says, hides=SECRETS)
    for arguments in (["find", "--match"], ["save"], ["import", "-"]):
        host.refuses(7, *arguments, input=new, says=says, hides=SECRETS)
    host.check(home.received() == [], "a server was called")
    host.accepts("token", "--user", "ann", "--client", "shop")
    many = [{"user_name": "bob", "client_id": f"client-{n}-", "access_token": f"{n}"} for n in range(7)]
    host.must("save", input=json.dumps(many))
    result = host.refuses(7, "token", "--user", "bob")
    host.check(result.errors.count("client-") <= 5, f"more than five are listed: {result}")


@attack
def a_token_of_two_clients_names_neither(host):
    for client in ("bank", "shop"):
        host.save(id=client, client_id=client, access_token="same", user_name=client)
    host.refuses(7, "find", "--match", input='{"access_token":"same"}', says=("bank", "shop"))
    host.refuses(7, "save", input='{"access_token":"same","scope":"x"}', says=("bank", "shop"))


SALESFORCE = {
    "id": "https://login.salesforce.com/id/00D50000000IZ3ZEAW/00550000001fg5OAAQ", "access_token": "new-access",
    "refresh_token": "bank-refresh", "instance_url": "https://example.my.salesforce.com", "token_type": "Bearer",
    "issued_at": "1278448384422", "signature": "SSSbLO/gBhmmyNUvN18ODBDFYHzakxOMgqYtu+hDPsc=",
}  # fmt: skip


@attack
def an_answer_with_an_id_makes_no_second_record(host):
    home, thief = Listener(), Listener()
    bank(host, home.url)
    answers = [SALESFORCE, {"id": "unknown", "access_token": "new", "refresh_token": "bank-refresh", "expires_in": 60}]
    for answer in answers:
        # With the form of `save` that is for an answer as the hint.
        host.refuses((1, 7, 64), "save", input=json.dumps(answer), says=("hint:", "--user"), hides=SECRETS)
    for answer in ({"error": "invalid_grant"}, {"error": "x", "id": "1", "access_token": "new"}):
        host.refuses((1, 7, 11, 64), "save", input=json.dumps(answer), hides=SECRETS)
    check_that_nothing_moved(host, home, thief)


@attack
def an_answer_saved_as_one_says_neither_whose_it_is_nor_where_it_goes(host):
    home, thief = Listener(), Listener()
    bank(host, home.url)
    more = {
        "token_endpoint": thief.url, "api_domain": "https://www.zohoapis.eu", "client_secret": "x", "client_id": "x",
        "user_name": "mallory", "token_endpoint_auth_method": "none", "id": "2", "revision": 7,
    }  # fmt: skip
    before = host.records()[0]
    forms = (["--user", "ann", "--client", "bank"], ["--user", "ann"], ["--answer", "--id", "1"],
             ["--answer", "--user", "ann"], ["--id", "1", "--user", "ann"])  # fmt: skip
    for number, form in enumerate(forms):
        answer = SALESFORCE | more | {"access_token": f"new-{number}", "expires_in": 3600}
        host.accepts("save", *form, input=json.dumps(answer))
        records = host.records()
        host.check(len(records) == 1, f"{form}: there are {len(records)} records")
        differing = {name for name in before | records[0] if before.get(name) != records[0].get(name)}
        taken = {"access_token", "expires_at", "token_type", "revision", "last_used_at"}
        host.check(differing <= taken and "access_token" in differing, f"{form}: {sorted(differing)} differ")
    host.refuses((1, 7, 11, 64), "save", "--user", "ann", "--client", "bank", input='{"error":"invalid_grant"}')
    host.run("refresh", "1", "--force")
    host.check(thief.received() == [], "the attacker's server was called")


@attack
def a_servers_answer_to_a_refresh_says_no_more(host):
    thief = Listener()
    words = {
        "id": "2", "user_name": "mallory", "client_id": "x", "client_secret": "x", "token_endpoint": thief.url,
        "token_endpoint_auth_method": "none", "access_token": "new", "refresh_token": "new-refresh", "expires_in": 60,
    }  # fmt: skip
    server = TokenServer(words)
    bank(host, server.url)
    before = host.records()[0]
    host.must("refresh", "1", "--force")
    after = host.records()[0]
    kept = ("id", "user_name", "client_id", "client_secret", "token_endpoint", "token_endpoint_auth_method")
    host.check(all(before.get(name) == after.get(name) for name in kept), f"the server's words: {after}")
    host.run("refresh", "--all", "--min-ttl", "1h")
    host.check(thief.received() == [] and len(server.bodies) == 2, f"the wrong server: {server.bodies}")
