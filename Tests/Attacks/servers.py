"""Servers of this machine: one that only listens, and a token endpoint that answers what it is told to."""

import json
import queue
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Listener:
    """A server that answers nothing, and keeps what came in each connection."""

    MARK = b"the end of what came\r\n\r\n"

    def __init__(self):
        self.socket = socket.create_server(("127.0.0.1", 0), backlog=100)
        self.port = self.socket.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}/token"
        self.heads = queue.Queue()
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            connection, _ = self.socket.accept()
            with connection:
                self.heads.put(self.head(connection))

    def received(self):
        """What has come in each connection since this was asked last; connections are served in their order."""
        with socket.create_connection(self.socket.getsockname()) as mark:
            mark.sendall(self.MARK)
            return list(iter(self.heads.get, self.MARK))

    @staticmethod
    def head(connection):
        text = b""
        while not text.endswith(b"\r\n\r\n"):
            try:
                data = connection.recv(65536)
            except OSError:
                break
            if not data:
                break
            text += data
            if b"\r\n\r\n" in text:
                break
        return text


class TokenServer:
    """A token endpoint that returns the answers of a list, and then the last one again; keeps the bodies."""

    def __init__(self, *answers):
        self.answers, self.bodies = [json.dumps(answer).encode() for answer in answers], []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                outer.bodies.append(self.rfile.read(int(self.headers["Content-Length"])).decode())
                data = outer.answers[min(len(outer.bodies), len(outer.answers)) - 1]
                self.send_response(400 if b'"error"' in data else 200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *arguments):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}/token"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
