"""An annex that was sent back says where to begin: on the desk, in the mail, on its sheets."""

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from registry.models import Annex, Process
from risk.enums import RowKind, Verb
from risk.services.annexes.moves import move_annex
from risk.services.annexes.remarks import add_remark
from risk.services.annexes.returns import sent_back
from risk.services.annexes.review import return_annex
from risk.services.notices.mails import send_notices
from tests.people import client_of
from tests.register import add_complete_process, complete_annex
from tests.statements import COUNTED

pytestmark = pytest.mark.django_db

TITLES = ("Sgravi", "Rateizzazioni", "Accertamenti")


@pytest.fixture
def annex():
    annex = complete_annex()
    for title in TITLES:
        add_complete_process(annex, title)
    return annex


@pytest.fixture
def returned(annex, people):
    """An annex sent back for its third process, and the second that had been remarked on."""
    move_annex(annex=fresh(annex), verb=Verb.SUBMIT, by=people["editor"])
    _first, second, third, _last = processes_of(annex)
    about = {"row": second, "kind": RowKind.PROCESS, "process": second}
    remark = add_remark(annex=annex, text="Mancano i tempi.", by=people["head"], **about)
    reason = "Il livello non è motivato."
    return_annex(
        annex=fresh(annex), by=people["head"], reason=reason, process=third, remarks=[remark]
    )
    return fresh(annex)


def fresh(annex) -> Annex:
    return Annex.objects.with_names().get(pk=annex.pk)


def processes_of(annex) -> list[Process]:
    return list(Process.objects.filter(annex=annex).order_by("position"))


def sheet_of(process) -> str:
    return reverse("risk:process_sheet", args=[process.uid])


def page(person, path) -> str:
    return " ".join(client_of(person).get(path).content.decode().split())


def test_the_desk_and_the_mail_lead_to_the_process_to_begin_with(returned, people):
    second = processes_of(returned)[1]
    desk = page(people["editor"], "/")
    assert f'<a href="{sheet_of(second)}">' in desk
    assert "Si comincia dal processo n. 2." in desk
    assert "Apri il processo n. 2" in desk
    people["editor"].email = "penna@ente.example"
    people["editor"].save()
    send_notices()
    (letter,) = [one for one in mail.outbox if one.to == ["penna@ente.example"]]
    assert "Si comincia dal processo n. 2." in letter.body
    assert sheet_of(second) in letter.body


def test_each_sheet_says_what_is_to_be_corrected_and_where_one_goes_on(returned, people):
    first, second, third, last = processes_of(returned)
    shown = page(people["editor"], sheet_of(second))
    assert "Qui va corretto: </p> <ul> <li> <strong>Mancano i tempi.</strong>" in shown
    assert f'Poi: <a href="{sheet_of(third)}">' in shown
    shown = page(people["editor"], sheet_of(third))
    assert "<strong>Il livello non è motivato.</strong>" in shown
    assert "Poi:" not in shown
    for other in (first, last):
        shown = page(people["editor"], sheet_of(other))
        assert "Di questo processo non è stato detto nulla." in shown
        assert f'Si comincia da: <a href="{sheet_of(second)}">' in shown


def test_a_reason_for_the_whole_annex_is_a_step_away_from_each_sheet_for_who_writes(annex, people):
    move_annex(annex=fresh(annex), verb=Verb.SUBMIT, by=people["editor"])
    move_annex(annex=fresh(annex), verb=Verb.RETURN, by=people["rpct"], reason="Rivedi i tempi.")
    sheet = sheet_of(processes_of(annex)[0])
    steps = reverse("risk:workflow", args=[annex.uid])
    told = f'L’allegato è tornato all’ufficio. <a href="{steps}">Leggi perché</a>'
    assert told in page(people["editor"], sheet)
    assert told not in page(people["auditor"], sheet)


def test_a_remark_of_before_of_another_or_closed_is_no_place_to_begin(annex, people):
    first, second, third, last = processes_of(annex)

    def remark(process, who):
        about = {"row": process, "kind": RowKind.PROCESS, "process": process}
        return add_remark(annex=annex, text="Da rivedere.", by=people[who], **about)

    remark(first, "head")
    move_annex(annex=fresh(annex), verb=Verb.SUBMIT, by=people["editor"])
    remark(second, "rpct")
    remark(third, "head")
    move_annex(annex=fresh(annex), verb=Verb.RETURN, by=people["head"], reason="Da rivedere.")
    remark(last, "head")
    back = sent_back([fresh(annex)])[annex.pk]
    assert back.processes == [third]
    assert back.after(first) == third
    assert back.after(third) is None


def test_where_to_begin_costs_the_same_at_any_size(returned, people):
    def statements() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert sent_back([fresh(returned)])[returned.pk].processes
        return sum(query["sql"].startswith(COUNTED) for query in captured)

    before = statements()
    move_annex(annex=fresh(returned), verb=Verb.SUBMIT, by=people["editor"])
    for process in processes_of(returned):
        about = {"row": process, "kind": RowKind.PROCESS, "process": process}
        add_remark(annex=returned, text="Da rivedere.", by=people["head"], **about)
    move_annex(annex=fresh(returned), verb=Verb.RETURN, by=people["head"], reason="Rivedi tutto.")
    assert len(sent_back([fresh(returned)])[returned.pk].processes) == 4
    assert statements() == before


def test_a_sheet_of_what_was_sent_back_costs_what_it_did(annex, people):
    client, sheet = client_of(people["editor"]), sheet_of(processes_of(annex)[1])

    def statements() -> int:
        client.get(sheet)
        with CaptureQueriesContext(connection) as captured:
            client.get(sheet)
        return sum(query["sql"].startswith(COUNTED) for query in captured)

    before = statements()
    move_annex(annex=fresh(annex), verb=Verb.SUBMIT, by=people["editor"])
    return_annex(
        annex=fresh(annex), by=people["head"], reason="Rivedi.", process=processes_of(annex)[1]
    )
    assert statements() == before
