"""“Da approvare”: one process after the other, decided where it is read."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from registry.enums import AnnexState, TrailOutcome
from registry.models import Annex, Process, TrailRecord
from risk.enums import Verb
from risk.models import Approval, Remark, Transition
from risk.services.annexes.moves import MoveRefusedError, move_annex
from risk.services.annexes.review import review_of
from tests.people import client_of
from tests.register import add_complete_process, complete_annex, make_annex, make_process
from tests.statements import COUNTED

pytestmark = pytest.mark.django_db

TITLES = ("Sgravi", "Rateizzazioni")


@pytest.fixture
def annex():
    annex = complete_annex()
    for title in TITLES:
        add_complete_process(annex, title)
    return annex


@pytest.fixture
def submitted(annex, people):
    return move(annex, Verb.SUBMIT, people["editor"])


def fresh(annex) -> Annex:
    return Annex.objects.with_names().get(pk=annex.pk)


def move(annex, verb, by, reason="Da rivedere."):
    move_annex(annex=fresh(annex), verb=verb, by=by, reason=reason)
    return fresh(annex)


def process_at(annex, position) -> Process:
    return annex.processes.get(position=position)


def edited(process, by, **changes) -> None:
    process._history_user = by
    for name, value in changes.items():
        setattr(process, name, value)
    process.save()


def address(annex, process=None) -> str:
    at = reverse("risk:review", args=[annex.uid])
    return f"{at}?processo={process.uid}" if process else at


def read(annex, person, process=None) -> str:
    answer = client_of(person).get(address(annex, process))
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def decide(annex, person, act, process=None, **data):
    """Send what the page of a process, or of the next one, sends for an act."""
    shown = review_of(annex=fresh(annex), user=person, at=str(process.uid) if process else "")
    sent = {
        "act": act,
        "process": shown.row.process.uid,
        "after": shown.after or "",
        "seen": shown.row.status.digest,
        "texts": shown.changes.texts.digest,
    }
    return client_of(person).post(address(annex), sent | data)


def test_a_head_approves_one_after_the_other_and_the_last_approves_the_annex(submitted, people):
    head = people["head"]
    page = read(submitted, head)
    assert "Approvati 0 di 3. Ne restano 3." in page
    # never approved: its whole text is there, as it is printed
    assert 'class="paper review-sheet"' in page
    assert "Approva e vai al prossimo" in page

    answer = decide(submitted, head, "approve")
    second = process_at(submitted, 2)
    assert answer.url == address(submitted, second)
    page = read(submitted, head, second)
    assert "Approvati 1 di 3. Ne restano 2." in page
    assert second.printed in page

    decide(submitted, head, "approve")
    assert "Approva, e con questo l’allegato" in read(submitted, head)
    answer = decide(submitted, head, "approve")
    assert answer.url == reverse("risk:workflow", args=[submitted.uid])
    assert fresh(submitted).state == AnnexState.APPROVED
    assert Approval.objects.count() == 3


def test_what_is_put_off_comes_again_after_the_last(submitted, people):
    first, last = process_at(submitted, 1), process_at(submitted, 3)
    shown = review_of(annex=submitted, user=people["head"], at=str(last.uid))
    assert shown.after == first.uid
    decide(submitted, people["head"], "approve", last)
    assert review_of(annex=fresh(submitted), user=people["head"]).row.process == first


def test_of_what_was_approved_once_only_the_changes_are_shown(submitted, people):
    move(submitted, Verb.APPROVE, people["head"])
    move(submitted, Verb.RETURN, people["rpct"])
    edited(process_at(submitted, 2), people["editor"], times="Trenta giorni.")
    move(submitted, Verb.SUBMIT, people["editor"])

    page = read(submitted, people["head"])

    assert process_at(submitted, 2).printed in page
    assert "Trenta giorni." in page
    assert "Dall’ultima approvazione: 1 riga cambiata" in page
    assert "review-sheet" not in page
    assert "Approvati 2 di 3. Ne resta 1." in page


def test_what_was_written_since_the_return_is_told_beside_the_other_changes(submitted, people):
    head, editor = people["head"], people["editor"]
    edited_before = process_at(submitted, 2)
    move(submitted, Verb.RETURN, head)
    edited(edited_before, editor, times="Trenta giorni.")
    edited(edited_before, editor, times="Sessanta giorni.")
    move(submitted, Verb.SUBMIT, editor)

    shown = review_of(annex=submitted, user=head, at=str(edited_before.uid))
    told = [(change.before, change.after) for edit in shown.edits for change in edit.changes]
    assert told == [("Trenta giorni.", "Sessanta giorni."), ("—", "Trenta giorni.")]
    page = read(submitted, head, edited_before)
    assert ": 2 modifiche </summary>" in page
    assert "Penna Prova" in page
    # what nobody has written in since says so, and the page costs what it costs with edits
    assert "nessuna modifica." in read(submitted, head, process_at(submitted, 1))


def test_of_many_edits_so_many_are_told_and_that_there_are_more(submitted, people, monkeypatch):
    monkeypatch.setattr("risk.services.annexes.review.EDITS", 1)
    process = process_at(submitted, 1)
    move(submitted, Verb.RETURN, people["head"])
    for n in range(3):
        edited(process, people["editor"], times=f"Giorni {n}.")
    move(submitted, Verb.SUBMIT, people["editor"])
    page = read(submitted, people["head"], process)
    assert "più di 1 modifiche" in page
    assert "Giorni 2." in page


def test_what_was_observed_while_reading_is_told_in_the_return(submitted, people):
    head = people["head"]
    first, second, third = (process_at(submitted, n) for n in (1, 2, 3))
    answer = decide(submitted, head, "remark", first, text="Mancano i tempi.")
    assert answer.url == address(submitted, second)
    decide(submitted, head, "approve", second)
    (remark,) = Remark.objects.all()
    assert f"<strong>{first.printed}</strong>: Mancano i tempi." in read(submitted, head, third)

    answer = decide(
        submitted, head, "return", third, text="Il livello è troppo basso.", remark=[remark.uid]
    )

    assert answer.url == reverse("risk:workflow", args=[submitted.uid])
    returned = Transition.objects.get(verb=Verb.RETURN)
    assert returned.reason.splitlines() == [
        f"{third.printed}: Il livello è troppo basso.",
        f"{first.printed}: Mancano i tempi.",
    ]
    # each stands beside its process, and the office reads where to begin
    assert set(Remark.objects.values_list("process__title", "text")) == {
        (first.title, "Mancano i tempi."),
        (third.title, "Il livello è troppo basso."),
    }
    steps = client_of(people["editor"]).get(answer.url).content.decode()
    assert "Comincia da:" in steps
    for process, is_named in ((first, True), (second, False), (third, True)):
        link = (
            f'<a href="{reverse("risk:process_sheet", args=[process.uid])}">{process.printed}</a>'
        )
        assert (link in steps) is is_named


def test_a_return_for_what_was_observed_needs_no_words_more(submitted, people):
    first, second = process_at(submitted, 1), process_at(submitted, 2)
    decide(submitted, people["head"], "remark", first, text="Mancano i tempi.")
    made = Remark.objects.get()
    decide(submitted, people["head"], "return", second, text="", remark=[made.uid])
    assert Transition.objects.get(verb=Verb.RETURN).reason == f"{first.printed}: Mancano i tempi."
    assert Remark.objects.count() == 1


@pytest.mark.parametrize(
    "reason", ["", "  ", "{0}", "{0}: ", "{0}, {1}", "n. 1 - n. 2", "{0}: ok?"]
)
def test_a_return_needs_a_reason_of_its_own_words(submitted, people, reason):
    names = [process_at(submitted, n).printed for n in (1, 2)]
    told = reason.format(*names)
    if reason.endswith("ok?"):
        move(submitted, Verb.RETURN, people["head"], told)
        assert fresh(submitted).state == AnnexState.RETURNED
        return
    with pytest.raises(MoveRefusedError, match="Scrivi il motivo"):
        move(submitted, Verb.RETURN, people["head"], told)
    assert fresh(submitted).state == AnnexState.SUBMITTED
    refused = TrailRecord.objects.filter(kind="annex-return", outcome=TrailOutcome.REFUSED)
    assert refused.count() == 1


@pytest.mark.parametrize("act", ["return", "remark"])
def test_what_is_refused_is_said_and_nothing_is_written(submitted, people, act):
    answer = decide(submitted, people["head"], act, text=" ")
    assert answer.status_code == 409
    assert "Scrivi" in answer.content.decode()
    assert not Remark.objects.exists()
    assert fresh(submitted).state == AnnexState.SUBMITTED


def test_what_changed_while_it_was_read_is_not_approved(submitted, people):
    answer = decide(submitted, people["head"], "approve", seen="0" * 64)
    assert answer.status_code == 409
    assert "rileggilo, poi approvalo" in answer.content.decode()
    assert not Approval.objects.exists()


def test_who_does_not_approve_now_reads_the_changes(annex, people):
    changes = reverse("risk:changes", args=[annex.uid])
    assert client_of(people["head"]).get(address(annex)).url == changes
    move(annex, Verb.SUBMIT, people["editor"])
    for role in ("editor", "rpct"):
        assert client_of(people[role]).get(address(annex)).url == changes


@pytest.mark.parametrize("sent", [{}, {"act": "approve"}, {"act": "altro"}, {"process": "x"}])
def test_what_the_page_never_sends_is_not_found(submitted, people, sent):
    about = {"act": "approve", "process": "nessuno"} | sent
    assert client_of(people["head"]).post(address(submitted), about).status_code == 404


def test_the_process_of_another_annex_is_not_found(submitted, people):
    other = make_annex(submitted.plan.administration, office="Anagrafe")
    process = make_process(other, title="Certificati")
    sent = {"act": "remark", "process": process.uid, "text": "Non mio."}
    assert client_of(people["head"]).post(address(submitted), sent).status_code == 404
    assert not Remark.objects.exists()


def test_a_larger_annex_costs_no_more_statements(submitted, people):
    client = client_of(people["head"])
    move(submitted, Verb.RETURN, people["rpct"])
    move(submitted, Verb.SUBMIT, people["editor"])
    few = statements_of(lambda: client.get(address(submitted)))
    move(submitted, Verb.RETURN, people["rpct"])
    for n in range(6):
        add_complete_process(submitted, f"Altro {n}")
    move(submitted, Verb.SUBMIT, people["editor"])
    assert statements_of(lambda: client.get(address(submitted))) <= few <= 30


def statements_of(ask) -> int:
    """Return how many statements a page costs that was asked for before."""
    ask()
    with CaptureQueriesContext(connection) as captured:
        assert ask().status_code == 200
    return sum(query["sql"].startswith(COUNTED) for query in captured)


def test_a_return_is_asked_once_with_numbers_and_what_was_written_goes_on(submitted, people):
    head, first, second = people["head"], process_at(submitted, 1), process_at(submitted, 2)
    decide(submitted, head, "remark", second, text="Mancano i tempi.")
    remark = Remark.objects.get()
    sent = {
        "act": "return",
        "process": first.uid,
        "text": "Il livello non è motivato.",
        "remark": [remark.uid],
    }
    ask = reverse("risk:ask_return", args=[submitted.uid])

    answer = client_of(head).post(ask, sent)

    page = " ".join(answer.content.decode().split())
    assert "3 processi, 0 approvati così come sono, 3 mai aperti da te, 2 da correggere." in page
    assert "Il livello non è motivato.</textarea>" in page
    assert f'value="{remark.uid}" checked' in page
    assert f'href="{address(submitted, first)}"' in page
    assert fresh(submitted).state == AnnexState.SUBMITTED
    assert not Transition.objects.filter(verb=Verb.RETURN).exists()

    # what the act would refuse is refused there
    refused = client_of(head).post(ask, {"process": first.uid, "text": " "})
    assert refused.status_code == 409
    assert "Scrivi il motivo" in refused.content.decode()
    assert client_of(people["stranger"]).post(ask, sent).status_code == 404
