"""A server that answers like S3 as it was: whatever arrives is kept as it arrives, sums too."""

import datetime
import ipaddress
import ssl
import threading
from collections.abc import Container, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

HERE = "127.0.0.1"


class Bucket(BaseHTTPRequestHandler):
    """Keeps the files of one bucket by their paths, all of long ago, and adds `adds` to each."""

    files: dict[str, bytes]
    adds: bytes
    refused: Container[str]
    protocol_version = "HTTP/1.1"

    def do_PUT(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.files[self.path] = body + self.adds
        self._answer(200)

    def do_GET(self) -> None:
        kept = self.files.get(self.path)
        code = 404 if kept is None else 200
        self._answer(403 if self.command in self.refused else code, kept or b"")

    do_HEAD = do_GET

    def do_DELETE(self) -> None:
        self.files.pop(self.path, None)
        self._answer(204)

    def _answer(self, code: int, body: bytes = b"") -> None:
        self.send_response(code)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("ETag", '"prova"')
        self.send_header("Last-Modified", "Wed, 01 Jan 2020 12:00:00 GMT")
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body)

    def log_message(self, format: str, *values: object) -> None:
        pass


def certificate(folder: Path) -> Path:
    """Write a certificate of this machine, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, HERE)])
    today = datetime.datetime.now(datetime.UTC)
    place = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(HERE))])
    told = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(today - datetime.timedelta(days=1))
        .not_valid_after(today + datetime.timedelta(days=1))
        .add_extension(place, critical=False)
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    file = folder / "prova.pem"
    file.write_bytes(secret + told.public_bytes(serialization.Encoding.PEM))
    return file


@contextmanager
def older_s3(
    certified: Path, *, adds: bytes = b"", refused: Container[str] = ()
) -> Iterator[tuple[str, dict[str, bytes]]]:
    """Serve a bucket over TLS: its address and the files it keeps, by path. Requests by a `refused`
    method (GET, HEAD) are not answered.
    """
    files: dict[str, bytes] = {}
    kind = type("Kept", (Bucket,), {"files": files, "adds": adds, "refused": refused})
    server = ThreadingHTTPServer((HERE, 0), kind)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certified)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    serving = threading.Thread(target=server.serve_forever, daemon=True)
    serving.start()
    try:
        yield f"https://{HERE}:{server.server_port}", files
    finally:
        server.shutdown()
        server.server_close()
        serving.join()
