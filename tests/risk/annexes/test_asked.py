"""Acts on a whole annex are asked once, with numbers; what was opened only its head is told."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from registry.enums import AnnexState
from registry.models import Annex, Process, TrailRecord
from risk.enums import Verb
from risk.models import ProcessReading
from risk.services.annexes.approvals import approve_process
from risk.services.annexes.asked import AFTERWARDS
from risk.services.annexes.moves import move_annex
from risk.workflow import MOVES
from tests.people import client_of
from tests.register import add_complete_process, close, complete_annex
from tests.statements import COUNTED

pytestmark = pytest.mark.django_db


@pytest.fixture
def annex():
    annex = complete_annex()
    for title in ("Sgravi", "Rateizzazioni"):
        add_complete_process(annex, title)
    return annex


def ask(annex, person, verb, **data):
    address = reverse("risk:ask_move", args=[annex.uid])
    answer = client_of(person).post(address, {"verb": verb} | data)
    return answer.status_code, " ".join(answer.content.decode().split())


def opens(person, process) -> None:
    sheet = reverse("risk:process_sheet", args=[process.uid])
    assert client_of(person).get(sheet).status_code == 200


def moved(annex, verb, by) -> None:
    move_annex(
        annex=Annex.objects.with_names().get(pk=annex.pk), verb=verb, by=by, reason="Da rivedere."
    )


def bring(annex, state, people) -> None:
    if state == "draft":
        return
    close(annex, "issued" if state == "issued" else "submitted")
    if state in ("approved", "validated"):
        moved(annex, Verb.APPROVE, people["head"])
    if state == "validated":
        moved(annex, Verb.VALIDATE, people["rpct"])


def test_every_move_says_what_follows_from_it():
    assert set(AFTERWARDS) == {move.verb for move in MOVES}


@pytest.mark.parametrize(
    ("state", "verb", "who", "numbers"),
    [
        ("draft", Verb.SUBMIT, "editor", "3 processi, 3 da approvare."),
        (
            "submitted",
            Verb.APPROVE,
            "head",
            "3 processi, 0 approvati così come sono, 3 mai aperti da te.",
        ),
        (
            "submitted",
            Verb.RETURN,
            "head",
            "3 processi, 0 approvati così come sono, 3 mai aperti da te.",
        ),
        ("submitted", Verb.RETURN, "rpct", "3 processi, 0 approvati così come sono."),
        ("approved", Verb.VALIDATE, "rpct", "3 processi, 3 approvati così come sono."),
        ("validated", Verb.ISSUE, "rpct", "3 processi, 3 approvati così come sono."),
        # issued without a step: there is nothing to draw here
        ("issued", Verb.REOPEN, "rpct", "3 processi, 0 approvati così come sono."),
    ],
)
def test_an_act_on_the_whole_annex_is_asked_with_its_numbers_and_nothing_is_done_yet(
    annex, people, state, verb, who, numbers
):
    bring(annex, state, people)
    records = TrailRecord.objects.filter(kind__startswith="annex").count()
    code, page = ask(annex, people[who], verb, reason="Mancano i tempi.")
    assert code == 200
    assert numbers in page
    assert str(AFTERWARDS[verb]) in page
    assert Annex.objects.get(pk=annex.pk).state == state
    assert TrailRecord.objects.filter(kind__startswith="annex").count() == records
    # what was written of it goes on with the answer
    assert ("Mancano i tempi.</textarea>" in page) == (verb in (Verb.RETURN, Verb.REOPEN))


def test_what_could_not_be_done_is_refused_before_it_is_asked_and_told_on_the_trail(annex, people):
    close(annex, "submitted")
    code, page = ask(annex, people["head"], Verb.RETURN, reason=" ")
    assert code == 409
    assert "Scrivi il motivo" in page
    title = Process.objects.filter(annex=annex).first().printed
    code, page = ask(annex, people["head"], Verb.RETURN, reason=f"{title}: ")
    assert code == 409
    assert "con parole tue" in page
    code, page = ask(annex, people["editor"], Verb.APPROVE)
    assert code == 409
    assert "Questo passo spetta a" in page
    assert TrailRecord.objects.filter(outcome="refused").count() == 3
    assert ask(annex, people["head"], "nonsense")[0] == 404
    assert ask(annex, people["stranger"], Verb.APPROVE)[0] == 404


def test_what_the_head_opened_or_approved_is_not_counted_whichever_page_they_read(annex, people):
    close(annex, "submitted")
    head = people["head"]
    first, second, third = Process.objects.filter(annex=annex).order_by("position")
    opens(head, first)
    opens(head, first)
    assert "2 mai aperti da te" in ask(annex, head, Verb.APPROVE)[1]
    review = reverse("risk:review", args=[annex.uid])
    client_of(head).get(f"{review}?processo={second.uid}")
    assert "1 mai aperto da te" in ask(annex, head, Verb.APPROVE)[1]
    approve_process(process=third, by=head)
    assert "mai apert" not in ask(annex, head, Verb.APPROVE)[1]


def test_nothing_is_kept_of_others_nor_of_an_annex_that_does_not_wait(annex, people):
    process = Process.objects.filter(annex=annex).first()
    opens(people["head"], process)
    close(annex, "submitted")
    for who in ("editor", "rpct", "auditor"):
        opens(people[who], process)
    assert not ProcessReading.objects.exists()
    opens(people["head"], process)
    assert ProcessReading.objects.get().person == people["head"]


def test_an_annex_that_comes_again_is_another_one(annex, people):
    close(annex, "submitted")
    process = Process.objects.filter(annex=annex).first()
    opens(people["head"], process)
    moved(annex, Verb.RETURN, people["head"])
    moved(annex, Verb.SUBMIT, people["editor"])
    assert "3 mai aperti da te" in ask(annex, people["head"], Verb.APPROVE)[1]
    opens(people["head"], process)
    assert "2 mai aperti da te" in ask(annex, people["head"], Verb.APPROVE)[1]


def test_what_is_known_to_be_opened_is_not_written_again(annex, people):
    close(annex, "submitted")
    process, client = Process.objects.filter(annex=annex).first(), client_of(people["head"])
    sheet = reverse("risk:process_sheet", args=[process.uid])
    client.get(sheet)
    with CaptureQueriesContext(connection) as captured:
        client.get(sheet)
    assert not [query for query in captured if "risk_processreading" in query["sql"]]


@pytest.mark.parametrize("verb", [Verb.APPROVE, Verb.RETURN])
def test_what_was_opened_is_forgotten_when_the_annex_leaves_the_hands_of_its_head(
    annex, people, verb
):
    close(annex, "submitted")
    opens(people["head"], Process.objects.filter(annex=annex).first())
    moved(annex, verb, people["head"])
    assert not ProcessReading.objects.exists()


def test_asking_costs_the_same_at_any_size(annex, people):
    close(annex, "submitted")

    def statements() -> int:
        ask(annex, people["head"], Verb.APPROVE)
        with CaptureQueriesContext(connection) as captured:
            ask(annex, people["head"], Verb.APPROVE)
        return sum(query["sql"].startswith(COUNTED) for query in captured)

    before = statements()
    moved(annex, Verb.RETURN, people["head"])
    for number in range(6):
        add_complete_process(Annex.objects.get(pk=annex.pk), f"Altro processo {number}")
    moved(annex, Verb.SUBMIT, people["editor"])
    assert Annex.objects.get(pk=annex.pk).state == AnnexState.SUBMITTED
    assert statements() == before
