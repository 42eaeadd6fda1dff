"""An annex is read once for each move: before it is drawn, and once under the lock."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from registry.models import Annex
from risk.content.reading import read_annex
from risk.enums import Verb
from risk.services.annexes.approvals import approve_annex, approve_process
from risk.services.annexes.issues import issue_annex
from risk.services.annexes.moves import MoveRefusedError, move_annex
from tests.people import client_of
from tests.register import close

pytestmark = pytest.mark.django_db

_OF_EACH_READING = 'FROM "risk_textblock"'
"""What every reading asks for once, and nothing else on the way of an annex."""


def fresh(annex) -> Annex:
    return Annex.objects.with_names().get(pk=annex.pk)


def reads_of(act) -> int:
    with CaptureQueriesContext(connection) as captured:
        act()
    return sum(_OF_EACH_READING in query["sql"] for query in captured)


def test_a_reading_is_counted(annex):
    assert reads_of(lambda: read_annex(fresh(annex))) == 1
    assert reads_of(lambda: (read_annex(fresh(annex)), read_annex(fresh(annex)))) == 2


@pytest.mark.parametrize(
    ("state", "verb", "who"),
    [
        ("draft", Verb.SUBMIT, "editor"),
        ("submitted", Verb.RETURN, "head"),
        ("submitted", Verb.APPROVE, "head"),
        ("approved", Verb.VALIDATE, "rpct"),
        ("issued", Verb.REOPEN, "rpct"),
    ],
)
def test_a_move_reads_the_annex_once(annex, people, state, verb, who):
    if state != "draft":
        close(annex, state)
    by = people[who]
    assert reads_of(lambda: move_annex(annex=annex, verb=verb, by=by, reason="Da rivedere.")) == 1


def test_the_approvals_of_the_last_process_and_of_the_whole_annex_read_it_once(annex, people):
    move_annex(annex=annex, verb=Verb.SUBMIT, by=people["editor"])
    process = annex.processes.get()
    assert reads_of(lambda: approve_process(process=process, by=people["head"])) == 1
    move_annex(annex=fresh(annex), verb=Verb.RETURN, by=people["rpct"], reason="Da rivedere.")
    move_annex(annex=fresh(annex), verb=Verb.SUBMIT, by=people["editor"])
    assert reads_of(lambda: approve_annex(annex=annex, by=people["head"])) == 1


def test_an_issue_reads_it_once_before_drawing_and_once_under_the_lock(annex, people):
    close(annex, "validated")
    told = []

    def drawing(done, total, what):
        told.append((done, sum(_OF_EACH_READING in query["sql"] for query in captured)))

    with CaptureQueriesContext(connection) as captured:
        issue_annex(annex=fresh(annex), by=people["rpct"], progress=drawing)
    assert told == [(0, 0), (1, 1), (2, 1)]
    assert sum(_OF_EACH_READING in query["sql"] for query in captured) == 2


def test_who_may_not_move_it_has_nothing_read(annex, people):
    def refused():
        with pytest.raises(MoveRefusedError):
            move_annex(annex=annex, verb=Verb.SUBMIT, by=people["auditor"])

    assert reads_of(refused) == 0


def test_the_pages_of_its_way_and_of_its_changes_read_it_once(annex, people):
    client = client_of(people["head"])
    for name in ("workflow", "changes"):
        page = reverse(f"risk:{name}", args=[annex.uid])
        assert reads_of(lambda page=page: client.get(page)) == 1, name
