"""Debian's nginx before a measured site, by the file of ``deploy/`` but for its certificate."""

import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from bench_before_checkout import ROOT

HOST = "127.0.0.1"
LONGEST_START = 30
_MAIN = """
user root;
daemon off;
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 1024; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/ptpct.conf;
}}
"""


@contextmanager
def nginx_before(places: Sequence[str], folder: Path) -> Iterator[tuple[subprocess.Popen, int]]:
    """Serve the sites at some places (`address:port`); give the process and its port, plain HTTP.

    Raises `SystemExit` with an Italian sentence where there is no nginx.
    """
    program = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if program is None:
        raise SystemExit("Manca nginx: si installa nginx-light.")
    with socket.create_server((HOST, 0)) as taken:
        port = taken.getsockname()[1]
    (folder / "ptpct.conf").write_text(_configuration(places, port), encoding="utf-8")
    (folder / "nginx.conf").write_text(_MAIN.format(folder=folder), encoding="utf-8")
    process = subprocess.Popen([program, "-c", str(folder / "nginx.conf"), "-p", str(folder)])  # noqa: S603
    try:
        _wait(port)
        yield process, port
    finally:
        process.terminate()
        process.wait()


def _configuration(places: Sequence[str], port: int) -> str:
    text = (ROOT / "deploy/nginx/ptpct.conf").read_text(encoding="utf-8")
    lines = "\n".join(f"    server {place} max_fails=1 fail_timeout=5s;" for place in places)
    text = text.replace("    server unix:/run/ptpct/site.sock fail_timeout=0;", lines)
    # what leads to HTTPS, and HTTPS itself: it costs the same with one host and with two
    text = re.sub(r"server \{\n    listen 80;.*?\n\}\n", "", text, flags=re.DOTALL)
    text = re.sub(r"    ssl_[^;]*;\n|    listen \[::\]:443 ssl;\n", "", text)
    return text.replace("listen 443 ssl;", f"listen {HOST}:{port};")


def _wait(port: int) -> None:
    until = time.monotonic() + LONGEST_START
    while time.monotonic() < until:
        with suppress(OSError), socket.create_connection((HOST, port)):
            return
        time.sleep(0.05)
    raise SystemExit("nginx non risponde")
