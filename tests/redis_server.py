"""A Redis of Debian beside the test, in a folder of its own, to be stopped and begun again."""

import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

LONGEST_START = 60
"""Seconds it may take to begin: much, because other tests may keep the machine."""


class RedisServer:
    """A server at a socket in a folder; what it kept is in the folder when it begins again."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.socket = folder, folder / "redis.sock"
        self.address = f"unix://{self.socket}"
        self.process: subprocess.Popen | None = None

    def start(self) -> None:
        """Begin, and return when it answers."""
        program = shutil.which("redis-server")
        assert program, "redis-server is missing: install redis-server"
        told = ["--port", "0", "--unixsocket", str(self.socket), "--dir", str(self.folder)]
        kept = ["--save", "", "--appendonly", "yes", "--loglevel", "warning"]
        self.process = subprocess.Popen([program, *told, *kept], stdout=subprocess.DEVNULL)
        until = time.monotonic() + LONGEST_START
        while time.monotonic() < until:
            with suppress(OSError), socket.socket(socket.AF_UNIX) as asking:
                asking.connect(str(self.socket))
                asking.sendall(b"PING\r\n")
                if asking.recv(7).startswith(b"+PONG"):
                    return
            time.sleep(0.02)
        raise AssertionError("Redis does not answer")

    @property
    def pid(self) -> int:
        """The process of the server."""
        assert self.process
        return self.process.pid

    def kill(self) -> None:
        """End it as a machine without power does."""
        if self.process:
            self.process.kill()
            self.process.wait()
            self.process = None


@contextmanager
def redis_server() -> Iterator[RedisServer]:
    """Give a server that has begun, and end it with the block."""
    # a short path: that of a socket has a hundred characters
    folder = Path(tempfile.mkdtemp(prefix="redis-"))
    found = RedisServer(folder)
    try:
        found.start()
        yield found
    finally:
        if found.process:
            found.process.kill()
            found.process.wait()
        shutil.rmtree(folder, ignore_errors=True)
