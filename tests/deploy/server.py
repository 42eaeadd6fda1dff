"""The set-up of `deploy/` started for a test: Debian's nginx before gunicorn, on places of its own.

The files are taken as they stand but for the places they name: socket, addresses, certificate.
"""

import datetime
import http.client
import os
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.project.files import ROOT
from tests.worker import environment

NAME = "registro.esempio.it"
TOKEN = "gettone-di-chi-sorveglia-le-sole-prove"
LONGEST_START = 120
"""Seconds the server may take to start: much, because other tests may keep the machine."""
_MAIN = """
{user}
daemon off;
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 1024; }}
http {{
    include /etc/nginx/mime.types;
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/ptpct.conf;
}}
"""
_HANDING_OVER = """
import os, sys
os.dup2(int(sys.argv[1]), 3)
os.environ.update(LISTEN_FDS="1", LISTEN_PID=str(os.getpid()))
os.execv(sys.argv[2], sys.argv[2:])
"""
"""What systemd does before it starts the site."""


@dataclass(frozen=True)
class Server:
    """A server at work: nginx on a port of this machine, gunicorn at a socket behind it."""

    port: int
    socket: Path
    context: ssl.SSLContext
    access: Path
    """What gunicorn writes of each request, where it is told to."""
    gunicorn: list[subprocess.Popen] = field(default_factory=list)

    def connect(self) -> ssl.SSLSocket:
        """Return a connection of a client, its handshake done."""
        plain = socket.create_connection(("127.0.0.1", self.port), timeout=30)
        return self.context.wrap_socket(plain, server_hostname=NAME)

    def get(self, path: str, headers: dict[str, str] | None = None) -> http.client.HTTPResponse:
        """Return the answer to a request through nginx."""
        return self.asked(path, headers)[0]

    def text(self, path: str, headers: dict[str, str] | None = None) -> str:
        """Return the text of an answer."""
        return self.asked(path, headers)[1].decode()

    def asked(
        self,
        path: str,
        headers: dict[str, str] | None = None,
        form: dict[str, str] | None = None,
    ) -> tuple[http.client.HTTPResponse, bytes]:
        """Return an answer with its content; a `form` is posted."""
        connection = http.client.HTTPConnection(NAME)
        connection.sock = self.connect()
        method, body = ("POST", urlencode(form)) if form else ("GET", None)
        kind = {"Content-Type": "application/x-www-form-urlencoded"} if form else {}
        connection.request(method, path, body, {**kind, **(headers or {})})
        answer = connection.getresponse()
        content = answer.read()
        connection.close()
        return answer, content

    def seconds(self, path: str) -> float:
        """Return how long such an answer takes."""
        begun = time.monotonic()
        self.get(path)
        return time.monotonic() - begun


@contextmanager
def server() -> Iterator[Server]:
    """Start the set-up on the database of the test, and end it with the block."""
    # a short path: that of a socket has a hundred characters
    folder = Path(tempfile.mkdtemp(prefix="ptpct-"))
    site = None
    try:
        context = certificate(folder)
        found = Server(free_port(), folder / "site.sock", context, folder / "access.log")
        configure(folder, found, [f"unix:{found.socket} fail_timeout=0"])
        site = _gunicorn(found)
        found.gunicorn.append(site)
        with nginx(folder) as before:
            _wait(found, before, site)
            yield found
    finally:
        if site:
            site.terminate()
            site.wait()
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def nginx(folder: Path) -> Iterator[subprocess.Popen]:
    """Start nginx as `configure` has told it, and end it with the block."""
    program = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    assert program, "nginx is missing: install nginx-light"
    process = subprocess.Popen([program, "-c", str(folder / "nginx.conf"), "-p", str(folder)])
    try:
        yield process
    finally:
        process.terminate()
        process.wait()


def configure(folder: Path, found: Server, places: list[str]) -> None:
    """Write what nginx is told: the file of `deploy/`, before the sites at some places."""
    text = (ROOT / "deploy/nginx/ptpct.conf").read_text()
    lines = "\n".join(f"    server {place};" for place in places)
    for there, here in {
        "    server unix:/run/ptpct/site.sock fail_timeout=0;": lines,
        "listen 80;": f"listen 127.0.0.1:{free_port()};",
        "listen 443 ssl;": f"listen 127.0.0.1:{found.port} ssl;",
        "    listen [::]:80;\n": "",
        "    listen [::]:443 ssl;\n": "",
        "/etc/ssl/ptpct/fullchain.pem": f"{folder}/certificate.pem",
        "/etc/ssl/ptpct/privkey.pem": f"{folder}/key.pem",
    }.items():
        assert text.count(there) == 1, there
        text = text.replace(there, here)
    (folder / "ptpct.conf").write_text(text)
    user = "user root;" if os.getuid() == 0 else ""
    (folder / "nginx.conf").write_text(_MAIN.format(folder=folder, user=user))


def _gunicorn(found: Server) -> subprocess.Popen:
    """Start the site as systemd does: with the socket it was given, as the third open file."""
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(found.socket))
        listening.listen(512)
        inherited = listening.fileno()
        gunicorn = [sys.executable, "-m", "gunicorn", "ptpct.wsgi"]
        options = ["--config", "deploy/gunicorn.conf.py", "--log-level", "error"]
        options += ["--access-logfile", str(found.access)]
        return subprocess.Popen(
            [sys.executable, "-c", _HANDING_OVER, str(inherited), *gunicorn, *options],
            cwd=ROOT,
            pass_fds=[inherited],
            env=environment()
            | {
                "PTPCT_ALLOWED_HOSTS": NAME,
                "PTPCT_BEHIND_PROXY": "1",
                "PTPCT_OPERATOR_TOKEN": TOKEN,
                "PTPCT_LOG_FORMAT": "json",
            },
        )


def _wait(found: Server, *processes: subprocess.Popen) -> None:
    until = time.monotonic() + LONGEST_START
    while time.monotonic() < until:
        assert all(process.poll() is None for process in processes), "the server does not start"
        with suppress(OSError, http.client.HTTPException):
            if found.get("/accedi/").status == http.client.OK:
                return
        time.sleep(0.1)
    raise AssertionError("the server does not answer")


def free_port() -> int:
    """Return a port nobody listens at just now."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return taken.getsockname()[1]


def certificate(folder: Path) -> ssl.SSLContext:
    """Write a key and its certificate, and return what trusts it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    (folder / "certificate.pem").write_bytes(certificate.public_bytes(pem))
    private = key.private_bytes(
        pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "key.pem").write_bytes(private)
    return ssl.create_default_context(cafile=str(folder / "certificate.pem"))
