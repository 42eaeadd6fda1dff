"""Two people move, edit and issue an annex at the same instant: it is as if one had come first."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from registry.models import Administration, Annex
from registry.services.trail_verification import verify_trail
from risk.content.canonical import digest_like
from risk.content.reading import read_annex
from risk.enums import Verb
from risk.models import AnnexIssue, PlannedMeasure, Transition
from risk.services.annexes.contents import kept_annex
from risk.services.annexes.issues import issue_annex
from risk.services.annexes.moves import MoveRefusedError, move_annex
from risk.services.assessment.assessments import save_assessment
from risk.services.assessment.page import page_of
from tests.concurrency import race
from tests.people import client_of, make_member, people_of
from tests.register import close, make_absent_process
from tests.soak import rounds

pytestmark = [
    pytest.mark.soak,
    pytest.mark.django_db(transaction=True),
    pytest.mark.parametrize("round", rounds(1, soak=50)),
]


@pytest.fixture
def people(annex):
    body, office = annex.plan.administration, annex.office
    deputy = make_member("vice", "head", body=body, office=office)
    second = make_member("rpct2", "rpct", body=body)
    return {**people_of(annex), "deputy": deputy, "second": second}


def fresh(annex) -> Annex:
    return Annex.objects.with_names().get(pk=annex.pk)


def is_whole(annex) -> None:
    """Fail unless a closed annex is what was moved, every state was moved to, and the trail holds.

    A closed annex that differs from its last move is one somebody approved without seeing it.
    """
    annex = fresh(annex)
    moves = list(Transition.objects.filter(annex=annex).order_by("id"))
    assert annex.state == (moves[-1].to_state if moves else "draft")
    assert [move.from_state for move in moves[1:]] == [move.to_state for move in moves[:-1]]
    if not annex.is_open:
        assert digest_like(moves[-1].digest, read_annex(annex)) == moves[-1].digest
    assert verify_trail() == []


def press(client, annex, verb, reason="", seen="") -> int:
    page = reverse("risk:workflow", args=[annex.uid])
    return client.post(page, {"verb": verb, "reason": reason, "seen": seen}).status_code


def read(annex) -> str:
    """Return what the page of an annex to approve sends back: the digest of what it showed."""
    return kept_annex(annex).seen


def type_words(client, process, words) -> int:
    page = reverse("risk:process_sheet_part", args=[process.uid, "condizioni"])
    return client.post(page, {"constraints": words, "version": process.version}).status_code


def unexpected(ends, *allowed) -> list:
    """Return what went wrong otherwise than as foreseen: a deadlock, say."""
    return [end for end in ends if isinstance(end, Exception) and not isinstance(end, allowed)]


def test_one_submits_while_another_types(annex, people, round):
    process = annex.processes.get()
    head, editor = client_of(people["head"]), client_of(people["editor"])

    def submit(go):
        go()
        return press(head, annex, "submit")

    def edit(go):
        go()
        return type_words(editor, process, f"Parole del giro {round}.")

    submitted, edited = race(submit, edit)
    assert submitted == 302
    process.refresh_from_db()
    assert (edited == 302) == (process.constraints == f"Parole del giro {round}.")
    is_whole(annex)


def test_one_approves_while_another_returns_it_and_types(annex, people, round):
    close(annex)
    process = annex.processes.get()
    head, deputy = client_of(people["head"]), client_of(people["deputy"])
    seen = read(annex)

    def approve(go):
        go()
        return press(head, annex, "approve", seen=seen)

    def edit(go):
        go()
        returned = press(deputy, annex, "return", "Manca una parola.")
        return returned, type_words(deputy, process, "Una parola.")

    approved, (returned, typed) = race(approve, edit)
    assert sorted([approved, returned]) == [302, 409]
    assert (returned == 302) == (typed == 302)
    process.refresh_from_db()
    assert bool(process.constraints) == (typed == 302)
    assert fresh(annex).state == ("approved" if approved == 302 else "returned")
    is_whole(annex)


def test_two_approve(annex, people, round):
    close(annex)
    clients = [client_of(people[who]) for who in ("head", "deputy")]
    seen = read(annex)

    def approve(client):
        def run(go):
            go()
            return press(client, annex, "approve", seen=seen)

        return run

    assert sorted(race(*map(approve, clients))) == [302, 409]
    assert Transition.objects.filter(verb="approve").count() == 1
    is_whole(annex)


def test_one_approves_while_a_measure_of_the_whole_plan_comes(annex, people, round):
    """What changes under an annex after the approval stops the validation."""
    close(annex)
    head, measure = people["head"], annex.planned_measures.get().measure

    def approve(go):
        go()
        return move_annex(annex=annex, verb=Verb.APPROVE, by=head)

    def plan(go):
        go()
        return PlannedMeasure.objects.create(plan=annex.plan, measure=measure, scope="plan")

    assert not unexpected(race(approve, plan))
    approved = Transition.objects.get(verb="approve")
    if approved.digest == digest_like(approved.digest, read_annex(fresh(annex))):
        move_annex(annex=fresh(annex), verb=Verb.VALIDATE, by=people["rpct"])
    else:
        with pytest.raises(MoveRefusedError, match="cambiato dopo"):
            move_annex(annex=fresh(annex), verb=Verb.VALIDATE, by=people["rpct"])
    assert verify_trail() == []


def test_two_issue_the_same_annex(annex, people, round):
    close(annex, "validated")

    def issue(who):
        def run(go):
            def at_the_end(step, total, message):
                if step == 2:
                    go()

            return issue_annex(annex=fresh(annex), by=people[who], progress=at_the_end)

        return run

    ends = race(issue("rpct"), issue("second"))
    (won,) = AnnexIssue.objects.all()
    assert won.number == 1
    assert [type(end) for end in ends].count(MoveRefusedError) == 1
    assert not unexpected(ends, MoveRefusedError)
    is_whole(annex)


def test_two_annexes_are_issued_at_once(annex, people, round):
    body = annex.plan.administration
    other = Administration.objects.get(pk=body.pk).offices.create(code="U9", name="Anagrafe")
    second = Annex.objects.create(plan=annex.plan, office=other)
    make_absent_process(second, like=annex.processes.get())
    for row in (annex, second):
        close(row, "validated")

    def issue(row):
        def run(go):
            def at_the_end(step, total, message):
                if step == 2:
                    go()

            return issue_annex(annex=fresh(row), by=people["rpct"], progress=at_the_end)

        return run

    ends = race(issue(annex), issue(second))
    assert not unexpected(ends)
    assert sorted(AnnexIssue.objects.values_list("number", flat=True)) == [1, 2]
    for row in (annex, second):
        is_whole(row)


def test_one_issues_while_another_returns(annex, people, round):
    close(annex, "validated")
    rpct, second = people["rpct"], people["second"]

    def issue(go):
        def at_the_end(step, total, message):
            if step == 2:
                go()

        return issue_annex(annex=fresh(annex), by=rpct, progress=at_the_end)

    def send_back(go):
        seen = fresh(annex)
        go()
        return move_annex(annex=seen, verb=Verb.RETURN, by=second, reason="Da rivedere.")

    ends = race(issue, send_back)
    assert [type(end) for end in ends].count(MoveRefusedError) == 1, ends
    assert not unexpected(ends, MoveRefusedError)
    issued = AnnexIssue.objects.count()
    assert fresh(annex).state == ("issued" if issued else "returned")
    is_whole(annex)


def test_one_submits_while_another_assesses(annex, people, round):
    process = annex.processes.get()
    assessed = process.assessments.get()
    editor, head = people["editor"], people["head"]
    page = page_of(process=process, method="naz:PROVA:1", subject="", moment="")

    def submit(go):
        go()
        return move_annex(annex=annex, verb=Verb.SUBMIT, by=head)

    def assess(go):
        values = page.values | {"motivation": f"Motivo del giro {round}."}
        known = {"version": assessed.version, "moment": page.moment, "by": editor}
        go()
        return save_assessment(subject=process, sheet=page.sheet, values=values, **known)

    submitted, written = race(submit, assess)
    assert not isinstance(submitted, Exception), submitted
    assert not unexpected([written], ValidationError), written
    assessed.refresh_from_db()
    came = assessed.motivation == f"Motivo del giro {round}."
    assert came == (not isinstance(written, Exception))
    is_whole(annex)
