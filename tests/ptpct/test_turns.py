"""Those who read are worked on a few at a time: in their turn, and nobody waits long for one."""

import threading
from collections.abc import Callable

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import RequestFactory, override_settings

from ptpct.busy import TURN_SECONDS, PlacesMiddleware

LONG = 20


class Site:
    """A site of one turn, whose pages stay open until they are let go; it notes who came in."""

    def __init__(self, view: Callable[[str], None] = lambda _name: None) -> None:
        self.entered = {name: threading.Event() for name in ("first", "second")}
        self.go = {name: threading.Event() for name in self.entered}
        self.view = view
        with override_settings(READERS_AT_ONCE=1):
            self.middleware = PlacesMiddleware(self.answer)

    def answer(self, request) -> HttpResponse:
        name = request.path.strip("/")
        self.view(name)
        self.entered[name].set()
        self.go[name].wait(LONG)
        return HttpResponse()

    def ask(self, name: str, method: str = "get") -> threading.Thread:
        request = getattr(RequestFactory(), method)(f"/{name}/")
        asking = threading.Thread(target=self.middleware, args=(request,))
        asking.start()
        return asking

    def end(self, *asking: threading.Thread) -> None:
        for event in self.go.values():
            event.set()
        for one in asking:
            one.join(LONG)


def test_the_second_comes_in_when_the_first_has_ended(monkeypatch):
    monkeypatch.setattr("ptpct.busy.TURN_SECONDS", 2 * LONG)
    site = Site()
    first = site.ask("first")
    assert site.entered["first"].wait(LONG)
    second = site.ask("second")
    assert not site.entered["second"].wait(TURN_SECONDS / 5)

    site.go["first"].set()

    assert site.entered["second"].wait(LONG)
    site.end(first, second)


def test_who_has_waited_long_enough_comes_in_beside_the_first():
    site = Site()
    first = site.ask("first")
    assert site.entered["first"].wait(LONG)
    second = site.ask("second")
    assert site.entered["second"].wait(LONG)
    assert first.is_alive()
    site.end(first, second)


def test_the_turn_is_free_again_after_those_who_waited_in_vain():
    site = Site()
    both = [site.ask("first")]
    assert site.entered["first"].wait(LONG)
    both.append(site.ask("second"))
    assert site.entered["second"].wait(LONG)
    site.end(*both)
    turns = site.middleware.turns
    assert turns.acquire(blocking=False)
    assert not turns.acquire(blocking=False)


def test_who_writes_needs_no_turn(monkeypatch):
    monkeypatch.setattr("ptpct.busy.TURN_SECONDS", 2 * LONG)
    site = Site()
    first = site.ask("first")
    assert site.entered["first"].wait(LONG)
    second = site.ask("second", method="post")
    assert site.entered["second"].wait(LONG)
    site.end(first, second)


@pytest.mark.django_db(transaction=True)
def test_a_reader_who_begins_to_write_passes_the_turn_on(monkeypatch):
    monkeypatch.setattr("ptpct.busy.TURN_SECONDS", 2 * LONG)

    def write(name: str) -> None:
        if name == "first":
            with connection.cursor() as cursor:
                cursor.execute("DELETE FROM django_session WHERE session_key = 'nessuna'")
            connection.close()

    site = Site(write)
    first = site.ask("first")
    assert site.entered["first"].wait(LONG)
    second = site.ask("second")
    assert site.entered["second"].wait(LONG)
    site.end(first, second)
