"""Somebody holds the locks for a minute: who reads reads on, who writes is told, then all goes on.

In `make soak` it is a minute; among all tests it is a little longer than a lock is waited for.
"""

import http.client
import re
import time

import pytest
from django.conf import settings
from django.urls import reverse

from registry.models import Process
from registry.services.jobs import start_job
from tests.deploy.server import NAME, Server, server
from tests.people import client_of, people_of
from tests.register import make_annex, make_process
from tests.registry.jobs.waiting.tasks import KIND
from tests.soak import SOAK
from tests.stuck import stuck_writer
from tests.worker import wait_for, worker

LONGEST_LOCK = 5
"""Seconds a lock is waited for (docs/decisions/0048)."""
HELD = 60 if SOAK else 3 * LONGEST_LOCK
TYPED = "Concessione di contributi che nessuno perde"

pytestmark = [pytest.mark.soak, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def annex():
    annex = make_annex()
    make_process(annex, "Selezioni")
    return annex


@pytest.fixture
def people(annex):
    return people_of(annex)


def headers_of(person) -> dict[str, str]:
    name = settings.SESSION_COOKIE_NAME
    cookie = client_of(person).cookies[name].value
    return {"Cookie": f"{name}={cookie}", "Referer": f"https://{NAME}/"}


def form_of(started: Server, place: str, headers: dict[str, str]) -> dict[str, str]:
    """Open the map, and return what its form for a new process would send."""
    page, content = started.asked(place, headers)
    assert page.status == http.client.OK
    headers["Cookie"] += "; " + page.headers["Set-Cookie"].partition(";")[0]
    token = re.search(rb'name="csrfmiddlewaretoken" value="(\w+)"', content)
    assert token
    return {"csrfmiddlewaretoken": token[1].decode(), "title": TYPED}


def test_a_lock_held_for_a_minute(annex, people, settings, tmp_path):
    settings.TASK_ENGINE = "database"
    (tmp_path / "fine").touch()
    job = start_job(
        kind=KIND,
        by=people["rpct"],
        administration=annex.plan.administration,
        subject="attesa",
        title="Attesa",
        arguments={"until": str(tmp_path / "fine")},
    )
    place, add = (reverse(name, args=[annex.uid]) for name in ("risk:mapping", "risk:mapping_add"))
    with server() as started:
        headers = headers_of(people["editor"])
        form = form_of(started, place, headers)
        with stuck_writer(), worker(settings_of="tests.waiting_worker"):
            told = write_and_read(started, headers, place, add, form)
            assert told > 1
            job.refresh_from_db()
            assert job.state == "waiting"
        assert not Process.objects.filter(title=TYPED).exists()
        # the button of the page that told so
        assert started.asked(add, headers, form)[0].status == http.client.FOUND
        with worker(settings_of="tests.waiting_worker"):
            assert wait_for(lambda one: one.state == "done", job).state == "done"
    assert Process.objects.filter(title=TYPED).count() == 1


def write_and_read(started, headers, place, add, form) -> int:
    """Write again and again while the lock is held, and read between; return how often."""
    until, told = time.monotonic() + HELD, 0
    while time.monotonic() < until:
        answer, content = started.asked(add, headers, form)
        assert answer.status == http.client.SERVICE_UNAVAILABLE
        assert answer.headers["Retry-After"]
        assert TYPED in content.decode()
        told += 1
        for page in ("/salute/", place):
            begun = time.monotonic()
            assert started.asked(page, headers)[0].status == http.client.OK
            assert time.monotonic() - begun < LONGEST_LOCK, page
    return told
