"""An identity provider with habits: what it says and how it answers is set test by test."""

import base64
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote_plus

import jwt

CLIENT, SECRET = "registro:uno", "segreto+con%segni:strani"
SIGNING = "una-chiave-qualunque-che-nessuno-guarda-qui"


class Habits:
    """How the provider behaves. `ways`: those in which it takes the secret; `listed`: those it says
    it takes. `identity` and `about` are said over what it usually says; None is not said at all.
    """

    def __init__(self) -> None:
        self.ways, self.listed = ("basic", "post"), None
        self.identity: dict | None = {}
        self.about: dict | None = {}
        self.nonce = ""
        self.status = {}
        self.page = {}
        self.attempts: list[str] = []
        self.address = ""

    def document(self) -> dict:
        found = {
            "issuer": self.address,
            "authorization_endpoint": f"{self.address}/auth",
            "token_endpoint": f"{self.address}/token",
            "jwks_uri": f"{self.address}/keys",
        }
        if self.about is not None:
            found["userinfo_endpoint"] = f"{self.address}/about"
        if self.listed is not None:
            found["token_endpoint_auth_methods_supported"] = [
                f"client_secret_{way}" for way in self.listed
            ]
        return found

    def token(self, head: str, body: dict) -> tuple[int, dict]:
        way, name, secret = "post", *(body.get(k, [""])[0] for k in ("client_id", "client_secret"))
        if head.startswith("Basic "):
            # RFC 6749 § 2.3.1: both parts are encoded as in a form
            pair = base64.b64decode(head.removeprefix("Basic ")).decode().split(":", 1)
            way, (name, secret) = "basic", map(unquote_plus, pair)
        self.attempts.append(way)
        if way not in self.ways or (name, secret) != (CLIENT, SECRET):
            return 401, {"error": "invalid_client"}
        if body["code"] != ["buono"]:
            return 400, {"error": "invalid_grant"}
        answer = {"access_token": "gettone", "token_type": "Bearer"}
        if self.identity is not None:
            now = int(time.time())
            claims = {
                "iss": self.address,
                "aud": CLIENT,
                "sub": "1",
                "iat": now,
                "exp": now + 300,
                "nonce": self.nonce,
            }
            answer["id_token"] = jwt.encode({**claims, **self.identity}, SIGNING)
        return 200, answer


@contextmanager
def running(habits: Habits) -> Iterator[str]:
    """Serve a provider with these habits; give its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            if self.path.startswith("/.well-known/"):
                self.answer("document", 200, habits.document())
            else:
                self.answer("about", 200, {"sub": "1", **(habits.about or {})})

        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            head = self.headers.get("Authorization", "")
            self.answer("token", *habits.token(head, parse_qs(body)))

        def answer(self, name, status, data):
            text = habits.page.get(name, json.dumps(data)).encode()
            self.send_response(habits.status.get(name, status))
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, *args):
            """Say nothing: the tests look at answers."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    habits.address = f"http://127.0.0.1:{server.server_port}"
    try:
        yield habits.address
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
