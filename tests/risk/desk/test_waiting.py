"""What waits for a person stands first on the start page, and leads where it is done."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from registry.models import Annex
from risk.enums import RowKind
from risk.services.annexes.moves import move_annex
from risk.services.annexes.remarks import add_remark
from risk.services.plans.exemptions import exempt_annex
from tests.people import client_of
from tests.register import close, make_annex

pytestmark = pytest.mark.django_db


def desk_of(person) -> str:
    return client_of(person).get("/").content.decode()


def line(page: str, annex, *, words: str) -> str:
    """Return what of the desk is written as a link with these words."""
    return f'<a href="{reverse(page, args=[annex.uid])}">Tributi, PTPCT 2021/2023: {words}</a>'


def move(annex, verb: str, by, reason: str = "") -> None:
    move_annex(annex=Annex.objects.get(pk=annex.pk), verb=verb, by=by, reason=reason)


def test_each_step_waits_on_the_desk_of_whom_it_is_for(annex, people):
    steps = [
        ("submit", "editor", "head", "risk:review", "da approvare."),
        ("approve", "head", "rpct", "risk:changes", "da validare."),
        ("validate", "rpct", "rpct", "risk:workflow", "da emettere."),
    ]
    for verb, by, waits, page, words in steps:
        move(annex, verb, people[by])
        told = line(page, annex, words=words)
        found = {name for name, person in people.items() if told in desk_of(person)}
        assert found == {waits}, verb


def test_what_was_sent_back_says_why_to_the_office(annex, people):
    move(annex, "submit", people["editor"])
    move(annex, "return", people["head"], "Manca la fase finale.")
    words = "restituito. Motivo: Manca la fase finale."
    told = line("risk:workflow", annex, words=words)
    found = {name for name, person in people.items() if told in desk_of(person)}
    assert found == {"head", "editor"}


def test_the_one_open_remark_is_a_link_to_itself(annex, people):
    said = {"kind": RowKind.ANNEX, "text": "Chi controlla?", "by": people["rpct"]}
    remark = add_remark(annex=annex, row=annex, **said)
    assert f'<a href="{reverse("risk:remark", args=[remark.uid])}">' in desk_of(people["editor"])
    add_remark(annex=annex, row=annex, **said)
    page = desk_of(people["editor"])
    assert f'<a href="{reverse("risk:remarks", args=[annex.uid])}">Tributi' in page


def test_an_exempted_office_has_nothing_to_do_and_reads_so(annex, people):
    exempt_annex(annex=annex, by=people["rpct"], reason="Istituito a dicembre.")
    page = desk_of(people["editor"])
    assert "Da fare adesso" not in page
    assert ">esonerato</span>" in page


def test_the_desk_costs_the_same_however_much_waits(annex, people):
    costs: list[int] = []
    said = {"kind": RowKind.ANNEX, "text": "Chi controlla?", "by": people["rpct"]}
    client, body = client_of(people["rpct"]), annex.plan.administration
    for times in (1, 5):
        for index in range(times):
            other = make_annex(body, office=f"Ufficio {times}.{index}")
            add_remark(annex=other, row=other, **said)
            close(other, "approved")
        with CaptureQueriesContext(connection) as counted:
            page = client.get("/").content.decode()
        assert page.count(": da validare.") == (1 if times == 1 else 6)
        costs.append(len(counted))
    assert costs[0] == costs[1]
