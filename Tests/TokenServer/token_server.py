#!/usr/bin/env python3
"""A token endpoint for tests: refresh tokens that rotate, and every way to misbehave that a test asks for.

    token_server.py [--port-file FILE] [--certificate FILE --key FILE]

Prints the port as the first line of standard output, or writes it to FILE. Lines on standard input are commands:
`log` prints the log as one line of JSON, `reset` clears it, `release` lets every call go on that is held. The process
ends when its standard input does.

POST /token with the refresh token `<family>.<n>`: n is 0 for a family that nobody has heard of, and counts up with
each use. An older one is reuse, and revokes the family. After the token was used and before the answer, three
parameters make the call wait: `?delay=SECONDS` for a time, `?together=N` until N calls are in progress or have been
since the last reset, `?hold=` until the command `release`. A call that is held goes on after LIMIT seconds, so that
a test fails and does not hang. The other paths are in ANSWERS. GET /log, POST /reset.
"""

import argparse
import base64
import json
import os
import select
import socket
import ssl
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, parse_qsl, unquote_plus, urlsplit


LIMIT = 600


class Family:
    def __init__(self):
        self.generation = 0
        self.access = 0
        self.calls = 0
        self.revoked = False


class Families:
    """What the server knows, and the log of it."""

    def __init__(self):
        # A condition is a lock too. It is notified where more calls are in progress than ever, and at a release.
        self.lock = threading.Condition()
        self.in_progress = []
        self.is_released = False
        self.clear()

    def clear(self):
        self.families = {}
        self.calls = []
        self.reuse = 0
        # Those under way go on.
        self.most_in_progress = len(self.in_progress)

    def begin(self, call):
        with self.lock:
            self.calls.append(call)
            self.in_progress.append(id(call))
            if len(self.in_progress) > self.most_in_progress:
                self.most_in_progress = len(self.in_progress)
                self.lock.notify_all()

    def wait_for(self, count):
        """Holds a call until so many have been in progress at once."""
        with self.lock:
            self.lock.wait_for(lambda: self.most_in_progress >= count, LIMIT)

    def hold(self):
        """Holds a call until the release."""
        with self.lock:
            self.lock.wait_for(lambda: self.is_released, LIMIT)

    def release(self):
        with self.lock:
            self.is_released = True
            self.lock.notify_all()

    def end(self, call):
        """Ends a call, once: before its answer is written, since the next call may follow at once."""
        with self.lock:
            if id(call) in self.in_progress:
                self.in_progress.remove(id(call))

    def use(self, call, token, rotates):
        """Takes a refresh token; gives the new tokens, or None where it is of no use."""
        name, _, number = token.rpartition(".")
        if not name or not number.isdecimal():
            return None
        with self.lock:
            call["family"], call["generation"] = name, int(number)
            if name not in self.families and int(number) != 0:
                return None
            family = self.families.setdefault(name, Family())
            family.calls += 1
            if int(number) < family.generation:
                self.reuse += 1
                family.revoked = True
            if family.revoked or int(number) != family.generation:
                return None
            family.access += 1
            if rotates:
                family.generation += 1
            return f"{name}-access-{family.access}", f"{name}.{family.generation}"

    def log(self):
        with self.lock:
            families = self.families.items()
            return {
                "total": len(self.calls),
                "reuse": self.reuse,
                "most_in_progress": self.most_in_progress,
                "revoked": sorted(name for name, family in families if family.revoked),
                "authentication": sorted({call["authentication"] for call in self.calls}),
                "families": {
                    name: {
                        "calls": family.calls,
                        "refresh_token": f"{name}.{family.generation}",
                        "access_token": f"{name}-access-{family.access}",
                    }
                    for name, family in families
                },
                "calls": self.calls,
            }


FAMILIES = Families()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # A client that is gone for good must not keep a thread for ever.
    timeout = LIMIT

    def log_message(self, *arguments):
        pass

    def do_GET(self):
        if urlsplit(self.path).path == "/log":
            self.send(200, FAMILIES.log())
        else:
            self.send(404, {"message": "no such page"})

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        url = urlsplit(self.path)
        if url.path == "/reset":
            with FAMILIES.lock:
                FAMILIES.clear()
            self.send(200, {})
            return
        form = dict(parse_qsl(body, keep_blank_values=True, strict_parsing=bool(body)))
        call = {
            "path": url.path,
            "family": None,
            "generation": None,
            "caller": form.get("caller"),
            "answered": False,
            "body": body,
            "headers": {name.lower(): value for name, value in self.headers.items()},
        }
        call["authentication"], call["client"], call["secret"] = self.client(form)
        self.call = call
        FAMILIES.begin(call)
        try:
            self.answer(url, form, call)
        finally:
            FAMILIES.end(call)

    def client(self, form):
        header = self.headers.get("Authorization")
        if header is None:
            method = "client_secret_post" if "client_secret" in form else "none"
            return method, form.get("client_id"), form.get("client_secret")
        if "client_secret" in form or not header.startswith("Basic "):
            return "several", None, None
        client, _, secret = base64.b64decode(header[6:]).decode().partition(":")
        return "client_secret_basic", unquote_plus(client), unquote_plus(secret)

    def answer(self, url, form, call):
        answer = ANSWERS.get(url.path)
        if answer is None:
            self.send(404, {"message": "no such page"})
        elif not call["client"] or call["authentication"] == "several" or call["secret"] == "wrong":
            self.send(401, {"error": "invalid_client"})
        elif form.get("grant_type") != "refresh_token":
            self.send(400, {"error": "unsupported_grant_type"})
        else:
            answer(self, form, call, parse_qs(url.query, keep_blank_values=True))

    def refresh(self, form, call, query, rotates=True, change=lambda answer: None, send=None):
        tokens = FAMILIES.use(call, form.get("refresh_token", ""), rotates)
        time.sleep(float(query.get("delay", ["0"])[0]))
        if "together" in query:
            FAMILIES.wait_for(int(query["together"][0]))
        if "hold" in query:
            FAMILIES.hold()
        if tokens is None:
            self.send(400, {"error": "invalid_grant"})
            return
        answer = {
            "access_token": tokens[0],
            "refresh_token": tokens[1],
            "expires_in": 3600,
            "token_type": "Bearer",
        }
        change(answer)
        (send or self.send)(200, answer)

    def send(self, status, body, content_type="application/json", headers=()):
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(data)))
        for name, value in headers:
            self.send_header(name, value)
        self.deliver(data)

    def send_half(self, status, body):
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.close_connection = True
        self.deliver(data[: len(data) // 2], is_whole=False)

    def send_unended(self, status, body):
        """All of the answer, and no end of it: neither a length nor a close."""
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.deliver(json.dumps(body).encode())
        while not self.is_gone():
            time.sleep(0.02)
        self.close_connection = True

    def hang(self, status, body):
        """Waits until the client has gone."""
        while not self.is_gone():
            time.sleep(0.02)
        self.close_connection = True

    def deliver(self, data, is_whole=True):
        """Writes headers and body, and notes whether the client was still there."""
        call = getattr(self, "call", {})
        try:
            if self.is_gone():
                raise BrokenPipeError
            self.end_headers()
            # Before: who has the answer may ask for the log at once.
            FAMILIES.end(call)
            call["answered"] = is_whole
            self.wfile.write(data)
        except OSError:
            call["answered"] = False
            self.close_connection = True
            # The headers, which are written when a handler ends.
            self._headers_buffer = []

    def is_gone(self):
        if isinstance(self.connection, ssl.SSLSocket):
            return False
        try:
            readable, _, _ = select.select([self.connection], [], [], 0)
            return bool(readable) and not self.connection.recv(1, socket.MSG_PEEK)
        except OSError:
            return True


def changing(change, **options):
    return lambda handler, form, call, query: handler.refresh(
        form, call, query, change=change, **options
    )


def fixed(*answer, **options):
    return lambda handler, form, call, query: handler.send(*answer, **options)


def dialect(*kept, refusal, refusal_status=200, rotates=True, **members):
    """A server with members of its own in its answers, which has only `kept` of the usual ones beside the token."""

    def change(answer):
        for name in set(answer) - {"access_token", *kept}:
            del answer[name]
        answer.update(members)
        if "created_at" in members:
            answer["created_at"] = int(time.time())

    def answer(handler, form, call, query):
        # Nobody has heard of a family with a later number.
        if form.get("refresh_token", "").endswith(".9"):
            handler.send(refusal_status, refusal)
        else:
            handler.refresh(form, call, query, rotates=rotates, change=change)

    return answer


# As these servers document their answers to a refresh: some keep the refresh token, some refuse with the status of a
# success.
DIALECTS = {
    "/google": dialect(
        "token_type", rotates=False, expires_in=3599, scope="openid https://www.googleapis.com/auth/drive",
        id_token="e30.e30.invented", refresh_token_expires_in=604799,
        refusal={"error": "invalid_grant", "error_description": "Token has been expired or revoked."}, refusal_status=400,
    ),
    "/microsoft": dialect(
        "token_type", "refresh_token", expires_in=4871, ext_expires_in=8000, scope="User.Read profile openid email",
        refusal={"error": "invalid_grant", "error_codes": [700082], "suberror": "token_expired"}, refusal_status=400,
    ),
    "/github": dialect(
        "refresh_token", expires_in=28800, refresh_token_expires_in=15811200, scope="", token_type="bearer",
        refusal={"error": "bad_refresh_token", "error_description": "The refresh token passed is incorrect or expired."},
    ),
    "/gitlab": dialect(
        "token_type", "refresh_token", expires_in=7200, scope="api", created_at=0,
        refusal={"error": "invalid_grant"}, refusal_status=400,
    ),
    "/slack": dialect(
        "refresh_token", ok=True, expires_in=43200, token_type="bot", app_id="A1", team={"id": "T1", "name": "Zylker"},
        refusal={"ok": False, "error": "invalid_refresh_token"},
    ),
    "/zoho-accounts": dialect(
        "token_type", rotates=False, expires_in=3600, api_domain="https://www.zohoapis.com", scope="ZohoCRM.modules.ALL",
        refusal={"error": "invalid_code"},
    ),
}  # fmt: skip

ANSWERS = DIALECTS | {
    "/token": lambda handler, form, call, query: handler.refresh(form, call, query),
    # The token is used, and nobody hears of it.
    "/hang": lambda handler, form, call, query: handler.refresh(
        form, call, query, send=handler.hang
    ),
    "/half": lambda handler, form, call, query: handler.refresh(
        form, call, query, send=handler.send_half
    ),
    "/unended": lambda handler, form, call, query: handler.refresh(
        form, call, query, send=handler.send_unended
    ),
    "/busy": fixed(429, {"error": "rate_limited"}, headers=[("Retry-After", "120")]),
    "/nonrotating": changing(lambda answer: answer.pop("refresh_token"), rotates=False),
    "/negative": changing(lambda answer: answer.update(expires_in=-1)),
    "/noaccess": changing(lambda answer: answer.pop("access_token")),
    "/zoho": changing(
        lambda answer: answer.update(
            expires_in=3_600_000, expires_in_sec=3600, api_domain="https://www.zohoapis.eu"
        )
    ),
    "/500": fixed(500, {"status": 500, "error": "Internal Server Error"}),
    "/redirect": fixed(302, b"", headers=[("Location", "/token")]),
    "/html": fixed(200, b"<html><body>Please log in</body></html>", "text/html; charset=utf-8"),
    "/nonsense": fixed(200, b'{"access_token": "abc'),
    "/big": fixed(200, {"access_token": "a" * 2_000_000}),
    "/refuse": fixed(
        400, {"error": "invalid_grant", "error_description": "The token has been revoked."}
    ),
    "/echo": lambda handler, form, call, query: handler.send(
        400,
        {"error": "invalid_grant", "error_description": f"What is {form['refresh_token']}?"},
    ),
    "/client": fixed(401, {"error": "invalid_client"}, headers=[("WWW-Authenticate", "Basic")]),
    "/ok200error": fixed(200, {"error": "invalid_code"}),
}


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128
    context = None

    def finish_request(self, request, address):
        # Here and not where connections are accepted: a slow handshake holds up nobody else.
        if self.context:
            request = self.context.wrap_socket(request, server_side=True)
        super().finish_request(request, address)

    def handle_error(self, request, address):
        # Clients may be killed at any moment, and may not like the certificate.
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, address)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--port-file")
    parser.add_argument("--certificate")
    parser.add_argument("--key")
    options = parser.parse_args()
    server = Server(("127.0.0.1", 0), Handler)
    if options.certificate:
        server.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        server.context.load_cert_chain(options.certificate, options.key)
    port = server.server_address[1]
    if options.port_file:
        with open(options.port_file + ".new", "w") as file:
            file.write(f"{port}\n")
        os.rename(options.port_file + ".new", options.port_file)
    else:
        print(port, flush=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    for line in sys.stdin:
        if line.strip() == "log":
            print(json.dumps(FAMILIES.log()), flush=True)
        elif line.strip() == "release":
            FAMILIES.release()
            print("{}", flush=True)
        elif line.strip() == "reset":
            with FAMILIES.lock:
                FAMILIES.clear()
            print("{}", flush=True)
    os._exit(0)


main()
