"""An annex is read when its contents are built and when it is drawn: no move reads it again."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from registry.models import Annex
from risk.content.reading import read_annex
from risk.enums import Verb
from risk.services.annexes.approvals import approve_annex, approve_process
from risk.services.annexes.contents import kept_annex
from risk.services.annexes.issues import issue_annex
from risk.services.annexes.moves import MoveRefusedError, move_annex
from tests.people import client_of
from tests.register import close

pytestmark = pytest.mark.django_db

_OF_EACH_READING = 'FROM "risk_coverage"'
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
@pytest.mark.parametrize("reads", [1, 0], ids=["nothing kept", "kept"])
def test_a_move_reads_the_annex_once_and_never_again(annex, people, state, verb, who, reads):
    if state != "draft":
        close(annex, state)
    if not reads:
        kept_annex(fresh(annex))
    by = people[who]
    act = lambda: move_annex(annex=annex, verb=verb, by=by, reason="Da rivedere.")  # noqa: E731
    assert reads_of(act) == reads


def test_the_approvals_of_the_last_process_and_of_the_whole_annex_read_nothing(annex, people):
    move_annex(annex=annex, verb=Verb.SUBMIT, by=people["editor"])
    process = annex.processes.get()
    assert reads_of(lambda: approve_process(process=process, by=people["head"])) == 0
    move_annex(annex=fresh(annex), verb=Verb.RETURN, by=people["rpct"], reason="Da rivedere.")
    move_annex(annex=fresh(annex), verb=Verb.SUBMIT, by=people["editor"])
    assert reads_of(lambda: approve_annex(annex=annex, by=people["head"])) == 0


def test_an_issue_reads_it_once_before_drawing_and_not_under_the_lock(annex, people):
    close(annex, "validated")
    kept_annex(fresh(annex))
    told = []

    def drawing(done, total, what):
        told.append((done, sum(_OF_EACH_READING in query["sql"] for query in captured)))

    with CaptureQueriesContext(connection) as captured:
        issue_annex(annex=fresh(annex), by=people["rpct"], progress=drawing)
    assert told == [(0, 0), (1, 1), (2, 1)]
    assert sum(_OF_EACH_READING in query["sql"] for query in captured) == 1


def test_who_may_not_move_it_has_nothing_read(annex, people):
    def refused():
        with pytest.raises(MoveRefusedError):
            move_annex(annex=annex, verb=Verb.SUBMIT, by=people["auditor"])

    assert reads_of(refused) == 0


def test_the_pages_of_its_way_of_its_changes_and_of_what_is_missing_read_it_once(annex, people):
    client = client_of(people["head"])
    told = []
    for number, name in enumerate(("workflow", "changes", "completeness")):
        page = reverse(f"risk:{name}", args=[annex.uid])
        reads = reads_of(lambda page=page: told.append(client.get(page).status_code))
        assert (told.pop(), reads) == (200, 0 if number else 1), name
