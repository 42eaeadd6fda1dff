"""Clients that send or read a byte a second, however many, keep the site from nobody."""

import json
import re
import signal
import socket
import statistics
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress

import pytest
from django.conf import settings
from django.db import transaction
from django.templatetags.static import static

from registry import trail
from tests.deploy.server import LONGEST_START, NAME, TOKEN, Server, server

OF_A_STRANGER = "0123456789abcdef0123456789abcdef"
SLOW = 200
MOST_DELAY = 1.0
"""Seconds `/salute/` may take longer because of them."""
TRIES = 7
UNFINISHED = (
    f"GET /salute/ HTTP/1.1\r\nHost: {NAME}\r\nX-Lento: ",
    f"POST /verifica/ HTTP/1.1\r\nHost: {NAME}\r\nContent-Length: 1000000\r\n"
    "Content-Type: application/x-www-form-urlencoded\r\n\r\n",
)
"""What a slow client has sent so far: part of the head, or part of the body."""
UNREAD = "GET {} HTTP/1.1\r\nHost: {}\r\n\r\n"
"""An answer of a megabyte that nobody reads."""

pytestmark = pytest.mark.django_db(transaction=True)


@contextmanager
def slow_clients(started: Server, number: int) -> Iterator[None]:
    """Keep so many clients going, each of which sends a byte a second and reads nothing."""
    over = threading.Event()
    unread = UNREAD.format(static("js/bootstrap-italia.bundle.min.js"), NAME)
    with ExitStack() as stack:
        clients = []
        for place in range(number):
            client = stack.enter_context(started.connect())
            client.sendall((*UNFINISHED, unread)[place % 3].encode())
            clients.append(client)

        def go_on() -> None:
            while not over.wait(1):
                for place, client in enumerate(clients):
                    if place % 3 < len(UNFINISHED):
                        with suppress(OSError):
                            client.sendall(b"x")

        sending = threading.Thread(target=go_on, daemon=True)
        sending.start()
        try:
            yield
        finally:
            over.set()
            sending.join()


def usual_seconds(started: Server) -> float:
    return statistics.median(started.seconds("/salute/") for _try in range(TRIES))


def test_slow_clients_delay_nobody_and_only_nginx_is_why():
    figures = settings.METRICS_DIR / "counter_1.db"
    figures.parent.mkdir(exist_ok=True)
    figures.touch()
    with server() as started:
        # those of a process that is gone
        assert not figures.exists()
        alone = usual_seconds(started)
        with slow_clients(started, SLOW):
            beside = usual_seconds(started)
        assert beside - alone < MOST_DELAY
        assert_the_site_alone_would_wait(started)
        assert_who_writes_delays_no_reader(started, alone)
        answer = started.get("/accedi/", {"X-Request-ID": OF_A_STRANGER})
        # what nginx is told to say of the request has arrived: no redirection to HTTPS, and HSTS
        assert answer.status == 200
        assert "max-age" in answer.headers["Strict-Transport-Security"]
        # nor is the id a client gives itself taken for that of nginx
        assert len(answer.headers["X-Request-ID"]) == len(OF_A_STRANGER)
        assert answer.headers["X-Request-ID"] != OF_A_STRANGER
        assert_gunicorn_names_the_request(started, answer.headers["X-Request-ID"])
        assert_figures_outlive_their_process(started)


def assert_the_site_alone_would_wait(started: Server) -> None:
    """Ask gunicorn itself beside as many: neither of its processes has a thread for the answer.

    On a machine that is busy one of them may have taken nearly all; then there come more.
    """
    with ExitStack() as stack:
        for number in (SLOW, *[SLOW // 4] * TRIES):
            for _client in range(number):
                client = stack.enter_context(socket.socket(socket.AF_UNIX))
                client.connect(str(started.socket))
                client.sendall(UNFINISHED[0].encode())
            asking = stack.enter_context(socket.socket(socket.AF_UNIX))
            asking.settimeout(MOST_DELAY)
            asking.connect(str(started.socket))
            asking.sendall(f"GET /salute/ HTTP/1.0\r\nHost: {NAME}\r\n\r\n".encode())
            try:
                asking.recv(1)
            except TimeoutError:
                return
    raise AssertionError("the site has answered beside all of them")


def assert_who_writes_delays_no_reader(started: Server, alone: float) -> None:
    """Hold the trail while more people write than the site has places for: some are told so."""
    answers: list[int] = []
    writing = [threading.Thread(target=lambda: answers.append(sign_in(started))) for _ in range(16)]
    with transaction.atomic():
        trail.write(kind="sign-in", by=None)
        for one in writing:
            one.start()
        time.sleep(1)
        beside = usual_seconds(started)
        for one in writing:
            one.join()
        transaction.set_rollback(True)
    assert beside - alone < MOST_DELAY
    assert answers.count(503) >= len(writing) // 2, answers


def sign_in(started: Server) -> int:
    """Try a wrong password, as a browser does, and return the status of the answer."""
    page, content = started.asked("/accedi/")
    cookie = page.headers["Set-Cookie"].partition(";")[0]
    found = re.search(rb'name="csrfmiddlewaretoken" value="(\w+)"', content)
    assert found
    fields = {"login": "nessuno", "password": "Nessuna di queste"}
    fields["csrfmiddlewaretoken"] = found[1].decode()
    headers = {"Cookie": cookie, "Referer": f"https://{NAME}/accedi/"}
    return started.asked("/accedi/", headers, fields)[0].status


def assert_gunicorn_names_the_request(started: Server, request_id: str) -> None:
    """Look for the line gunicorn has written of a request, by the id its answer had."""
    until = time.monotonic() + LONGEST_START
    # it is written after the answer
    while request_id not in (written := started.access.read_text()):
        assert time.monotonic() < until, written[-2000:]
        time.sleep(0.1)
    lines = [json.loads(line) for line in written.splitlines()]
    (line,) = [line for line in lines if line["request_id"] == request_id]
    assert "GET /accedi/" in line["message"]


def assert_figures_outlive_their_process(started: Server) -> None:
    """Let each process be replaced, as after so many requests: the sums stay, its files go."""
    before, old = sign_ins(started), processes()
    assert before
    started.gunicorn[0].send_signal(signal.SIGHUP)
    until = time.monotonic() + LONGEST_START
    while processes() & old:
        assert time.monotonic() < until, "files of processes that are gone"
        time.sleep(0.1)
    assert sign_ins(started) == before


def processes() -> set[str]:
    """Return the processes that keep a file of figures."""
    stems = [file.stem.rpartition("_")[2] for file in settings.METRICS_DIR.glob("*.db")]
    return {stem for stem in stems if stem.isdecimal()}


def sign_ins(started: Server) -> int:
    """Return how often the page of the sign-in was asked for, by the figures of the site."""
    text = started.text("/metriche/", {"Authorization": f"Bearer {TOKEN}"})
    counts = re.findall(r'^ptpct_http_requests_total\{.*view="account_login"\} (\d+)', text, re.M)
    return sum(map(int, counts))
