"""Debian's PgBouncer before the PostgreSQL of the tests, in the mode of transactions."""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

LONGEST_START = 60
"""Seconds it may take to begin: much, because other tests may keep the machine."""
PORT = 6432
"""Part of the name of its socket; it listens on the network where it is told to."""
CONNECTIONS = 3
"""To the server: fewer than those who ask, who have them in turns."""
_TOLD = """
[databases]
* = host={server} user=postgres

[pgbouncer]
listen_addr = {address}
listen_port = {port}
tcp_keepidle = 1
tcp_keepintvl = 1
tcp_keepcnt = 2
tcp_user_timeout = 2000
unix_socket_dir = {folder}
unix_socket_mode = 0777
auth_type = any
pool_mode = transaction
default_pool_size = {connections}
max_client_conn = 200
ignore_startup_parameters = extra_float_digits
logfile = {folder}/log
"""


@contextmanager
def pgbouncer(database_url: str, at: tuple[str, int] = ("", PORT)) -> Iterator[str]:
    """Give the address of a database behind a pool, which ends with the block.

    It listens `at` an address and port of the network too, and lets go of who is silent there.
    """
    program = shutil.which("pgbouncer", path=f"{os.environ['PATH']}:/usr/sbin")
    assert program, "pgbouncer is missing: install pgbouncer"
    # a short path: that of a socket has a hundred characters
    folder = Path(tempfile.mkdtemp(prefix="pool-"))
    address = urlsplit(database_url)
    server = Path(unquote(address.hostname or ""))
    told = folder / "pgbouncer.ini"
    told.write_text(
        _TOLD.format(
            server=server, address=at[0], port=at[1], folder=folder, connections=CONNECTIONS
        )
    )
    command = [program, "-q", str(told)]
    if os.getuid() == 0:
        # it does not work as root, and reaches the server as whoever runs that
        shutil.chown(folder, server.owner())
        command = [program, "-q", "-u", server.owner(), str(told)]
    process = subprocess.Popen(command)
    try:
        _wait(folder / f".s.PGSQL.{at[1]}", process)
        place = at[0] or quote(str(folder), safe="")
        yield f"postgresql://postgres@{place}:{at[1]}{address.path}"
    finally:
        # from 1.23 on, that of Debian 13, told to end it waits until everybody has left
        process.kill()
        process.wait()
        shutil.rmtree(folder, ignore_errors=True)


def _wait(place: Path, process: subprocess.Popen) -> None:
    until = time.monotonic() + LONGEST_START
    while time.monotonic() < until:
        assert process.poll() is None, "pgbouncer does not start"
        with suppress(OSError), socket.socket(socket.AF_UNIX) as asking:
            asking.connect(str(place))
            return
        time.sleep(0.02)
    raise AssertionError("pgbouncer does not answer")
