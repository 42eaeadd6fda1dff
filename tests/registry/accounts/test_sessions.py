"""Sessions end after idle time, without a write on every request."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ptpct.signin.sessions import SEEN_AT
from tests.people import client_of
from tests.register import make_process

HTMX = {"HX-Request": "true", "HX-Current-URL": "http://testserver/accesso/"}


@pytest.fixture
def client(people):
    return client_of(people["editor"])


def go_back(client, seconds: int) -> None:
    """Pretend that the session was last used so many seconds ago."""
    session = client.session
    session[SEEN_AT] -= seconds
    session.save()


def written(client, address: str) -> list[str]:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        client.get(address)
    return [row["sql"] for row in queries if row["sql"].split()[0] in {"INSERT", "UPDATE"}]


def test_after_an_hour_the_door_is_shut(client, announced, settings):
    go_back(client, 3_601)

    answer = client.get("/accesso/", follow=True)

    assert answer.redirect_chain == [("/accedi/?next=/accesso/", 302)]
    assert "dopo 60 minuti senza attività" in answer.content.decode()
    assert announced == [("out", "penna")]


def test_who_works_stays_in(client):
    for _page in range(3):
        go_back(client, 3_000)
        assert client.get("/accesso/").status_code == 200


def test_the_minutes_are_a_setting(client, settings):
    settings.IDLE_MINUTES = 5
    go_back(client, 301)

    assert client.get("/accesso/").status_code == 302


def test_pages_write_the_session_at_most_once_a_minute(client):
    assert written(client, "/accesso/") == []
    go_back(client, 61)
    assert len(written(client, "/accesso/")) == 1
    assert written(client, "/accesso/") == []


def test_a_page_left_open_is_nobody_at_the_keyboard(client, annex):
    process = make_process(annex)
    go_back(client, 3_000)

    assert client.get(f"/processi/{process.uid}/presenti/", headers=HTMX).status_code == 200
    go_back(client, 601)
    assert client.get("/accesso/").status_code == 302


def test_a_fragment_sends_the_whole_page_to_the_door(client):
    go_back(client, 3_601)

    answer = client.post("/accesso/", headers=HTMX)

    assert (answer.status_code, answer["HX-Redirect"]) == (200, "/accedi/?next=/accesso/")
