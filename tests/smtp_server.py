"""A mail server on this machine, which refuses, hangs up and dawdles as it is told."""

import socketserver
import threading
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from email import message_from_bytes


class MailServer(socketserver.ThreadingTCPServer):
    """What came in, and what is to be done with what comes (RFC 5321, as much as is needed)."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, *, refused: Collection[str], hangs_up_after: int, stops_at: int) -> None:
        super().__init__(("127.0.0.1", 0), _Conversation)
        self.refused, self.hangs_up_after, self.stops_at = refused, hangs_up_after, stops_at
        self.taken: list[tuple[str, str]] = []
        """Of each mail that was accepted: to whom, and its Message-ID."""
        self.connections = 0
        self.stopped = threading.Event()

    @property
    def port(self) -> int:
        return self.server_address[1]

    @property
    def addresses(self) -> list[str]:
        """To whom the mails were that were accepted, sorted."""
        return sorted(address for address, _id in self.taken)


class _Conversation(socketserver.StreamRequestHandler):
    server: MailServer

    def handle(self) -> None:
        self.server.connections += 1
        here, to = 0, ""
        self._say("220 prova")
        while line := self.rfile.readline().decode().strip():
            verb = line[:4].upper()
            if verb == "RCPT":
                to = line.partition("<")[2].partition(">")[0]
                self._say("550 5.1.1 no such user" if to in self.server.refused else "250 ok")
            elif verb == "DATA":
                self._say("354 go on")
                text = b"".join(iter(self.rfile.readline, b".\r\n"))
                if self.server.stops_at == len(self.server.taken) + 1:
                    self.server.stopped.set()
                    # nothing is accepted: whoever sends it goes away
                    self.rfile.read()
                    return
                self.server.taken.append((to, message_from_bytes(text)["Message-ID"]))
                self._say("250 taken")
                here += 1
                if here == self.server.hangs_up_after:
                    return
            else:
                self._say("221 bye" if verb == "QUIT" else "250 ok")

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


@contextmanager
def mail_server(
    *, refused: Collection[str] = (), hangs_up_after: int = 0, stops_at: int = 0
) -> Iterator[MailServer]:
    """Serve mail on a port of this machine.

    `refused` are addresses there are none of; after `hangs_up_after` mails a connection is cut; the
    mail number `stops_at` is never answered.
    """
    with MailServer(refused=refused, hangs_up_after=hangs_up_after, stops_at=stops_at) as server:
        threading.Thread(target=server.serve_forever, args=[0.02], daemon=True).start()
        try:
            yield server
        finally:
            server.shutdown()
