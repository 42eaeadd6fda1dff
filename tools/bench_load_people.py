"""Invented people at work on a served site: each asks, reads, thinks, and asks again.

Knows nothing of the application but addresses, which both compared versions have: who the people
are is told by `bench_load_speaker.py`.
"""

import gzip
import itertools
import re
import statistics
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from random import Random
from typing import Any
from urllib.parse import urlencode, urlsplit

THINK_SECONDS = 4
"""Between an answer and the next request of a person: from half to one and a half of it."""
LONGEST = 120
UNANSWERED = 0
"""In the place of a code, where the site has closed the connection or said nothing so long."""
SAVE = "save"
# twenty requests of somebody's work, of which two save
MIX = {
    "/": 2,
    "/allegati/{annex}/mappa/": 3,
    "/processi/{process}/": 4,
    "/processi/{process}/valutazione/": 2,
    "/processi/{process}/trattamento/": 2,
    "/allegati/{annex}/catalogo/": 1,
    "/allegati/{annex}/schede/": 1,
    "/allegati/{annex}/che-cosa-manca/": 1,
    "/piani/{plan}/processi/": 1,
    "/piani/{plan}/quadro/": 1,
    SAVE: 2,
}
EARLIER = {"/allegati/{annex}/che-cosa-manca/": "/allegati/{annex}/mancanze/"}
"""The addresses that had another word at the earlier commit, and lead on from it now."""
CARDS = tuple(what for what, times in MIX.items() for _time in range(times))
READING = tuple(what for what in CARDS if what != SAVE)
_GZIP = b"\x1f\x8b"
_VERSION = re.compile(r'name="version"\s+value="(\d+)"')


@dataclass(frozen=True)
class Answered:
    """One request: what for, the moment it was asked, how long it took, the code it got."""

    what: str
    at: float
    seconds: float
    status: int

    @property
    def is_well(self) -> bool:
        """Whether it was answered as it should be."""
        return self.status == HTTPStatus.OK


@dataclass
class Person:
    """Somebody signed in, who works on one annex and saves one process of it."""

    address: str
    session: str
    annex: str
    plan: str
    own: str
    version: int
    processes: list[str]
    random: Random
    renamed: dict[str, str]
    answers: list[Answered] = field(default_factory=list)

    def __post_init__(self) -> None:
        token = "0" * 32
        self.at = urlsplit(self.address).netloc
        self.told = {
            "Cookie": f"sessionid={self.session}; csrftoken={token}",
            "X-CSRFToken": token,
            "Accept-Encoding": "gzip",
            # each request opens a connection, as those of the web server before the site do
            "Connection": "close",
        }

    def work(self, until: float, cards: Sequence[str], think: float) -> None:
        """Go through some requests over and over, thinking in between, until it is so late."""
        time.sleep(self.random.uniform(0, think))
        for what in self._turns(cards):
            if time.perf_counter() >= until:
                return
            self.ask(what)
            time.sleep(self.random.uniform(0.5, 1.5) * think)

    def go_through(self, cards: Sequence[str]) -> None:
        """Ask for each once, in an order of chance, without thinking."""
        for what in self.random.sample(cards, len(cards)):
            self.ask(what)

    def _turns(self, cards: Sequence[str]) -> Iterator[str]:
        for _round in itertools.count():
            yield from self.random.sample(cards, len(cards))

    def ask(self, what: str) -> Answered:
        """Ask for something of the mix, and note the answer."""
        began = time.perf_counter()
        try:
            status = self.save() if what == SAVE else self.read(what)
        except (OSError, HTTPException):
            status = UNANSWERED
        answer = Answered(what, began, time.perf_counter() - began, status)
        self.answers.append(answer)
        return answer

    def read(self, what: str) -> int:
        """Ask for a page; return the code."""
        process = self.random.choice(self.processes)
        place = self.renamed.get(what, what).format(
            annex=self.annex, plan=self.plan, process=process
        )
        # to be led away, as to the page where one signs in, is no answer
        return self.sent("GET", place)[0]

    def save(self) -> int:
        """Save a part of the description as the page does while one types; return the code."""
        values: dict[str, Any] = {
            "version": self.version,
            "constraints": f"Bilancio di previsione e vincoli di spesa ({self.version}).",
        }
        status, page = self.sent("POST", f"/processi/{self.own}/descrizione/condizioni/", values)
        if status == HTTPStatus.OK:
            said = (gzip.decompress(page) if page.startswith(_GZIP) else page).decode()
            if told := _VERSION.search(said):
                self.version = int(told[1])
        return status

    def sent(
        self, method: str, place: str, values: dict[str, Any] | None = None
    ) -> tuple[int, bytes]:
        """Send a request, a form where there are values; return the code and the bytes.

        By the plain library: the people have the same cores as the site, which are to be its own.
        """
        headers, body = self.told, None
        if values is not None:
            form = {"Content-Type": "application/x-www-form-urlencoded", "HX-Request": "true"}
            headers, body = headers | form, urlencode(values)
        connection = HTTPConnection(self.at, timeout=LONGEST)
        try:
            connection.request(method, place, body, headers)
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()


def people_of(
    told: list[dict[str, Any]], address: str, count: int, renamed: dict[str, str]
) -> list[Person]:
    """Return the first so many people, as the site at an address knows them and its pages."""
    # the same work every time, and no secret depends on it
    return [
        Person(address=address, random=Random(n), renamed=renamed, **one)  # noqa: S311
        for n, one in enumerate(told[:count])
    ]


def at_work(
    people: Iterable[Person],
    until: float,
    cards: Sequence[str] = CARDS,
    think: float = THINK_SECONDS,
) -> list[threading.Thread]:
    """Let all work until it is so late; return what to join."""
    threads = [threading.Thread(target=one.work, args=(until, cards, think)) for one in people]
    for thread in threads:
        thread.start()
    return threads


def go_through(people: Sequence[Person], cards: Sequence[str] = CARDS) -> None:
    """Let each person go through the mix once, as fast as the site answers; forget the answers."""
    threads = [threading.Thread(target=one.go_through, args=(cards,)) for one in people]
    for thread in threads:
        thread.start()
    for thread, one in zip(threads, people, strict=True):
        thread.join()
        one.answers.clear()


def failures(answers: Iterable[Answered]) -> list[tuple[str, int]]:
    """Return what was not answered well, and how, each once."""
    return sorted({(one.what, one.status) for one in answers if not one.is_well})


def answers_between(people: list[Person], begin: float, end: float) -> list[Answered]:
    """Return what was answered between two moments."""
    answers = [answer for one in people for answer in one.answers]
    return [answer for answer in answers if begin <= answer.at + answer.seconds < end]


def slow(answers: list[Answered]) -> float:
    """Return the 95th percentile of the seconds."""
    return statistics.quantiles((answer.seconds for answer in answers), n=20)[-1]


def by_kind(answers: list[Answered]) -> str:
    """Return a line for each kind: how many, median and 95th percentile in milliseconds."""
    lines = []
    for what in MIX:
        seconds = [answer.seconds * 1000 for answer in answers if answer.what == what]
        if len(seconds) > 1:
            high = statistics.quantiles(seconds, n=20)[-1]
            middle = statistics.median(seconds)
            lines.append(f"    {what:<36}{len(seconds):>5}{middle:>8.0f}{high:>8.0f}")
    return "\n".join(lines)
