"""The life cycle as a table: every state, every verb, every role, allowed or the exact refusal."""

import itertools

import pytest

from registry.enums import AnnexState
from registry.models import Annex, TrailRecord
from registry.services.trail_verification import verify_trail
from risk.content.canonical import OF_DIGESTS
from risk.enums import Verb
from risk.models import Transition
from risk.services.annexes.edits import last_editor
from risk.services.annexes.moves import MoveRefusedError, move_annex
from tests.register import close, make_process

pytestmark = pytest.mark.django_db

STATES = list(AnnexState)
ROLES = ("head", "editor", "rpct", "auditor", "colleague", "stranger")

ALLOWED = {
    ("draft", "submit"): ("submitted", {"head", "editor", "rpct"}),
    ("returned", "submit"): ("submitted", {"head", "editor", "rpct"}),
    ("submitted", "approve"): ("approved", {"head"}),
    ("submitted", "return"): ("returned", {"head", "rpct"}),
    ("approved", "validate"): ("validated", {"rpct"}),
    ("approved", "return"): ("returned", {"rpct"}),
    ("validated", "issue"): ("issued", {"rpct"}),
    ("validated", "return"): ("returned", {"rpct"}),
    ("issued", "reopen"): ("returned", {"rpct"}),
}
"""State and verb: where it leads and for whom. All that is not here is refused."""


def refusals(annex, verb, by, reason="Da rivedere.") -> list[str]:
    with pytest.raises(MoveRefusedError) as refused:
        move_annex(annex=annex, verb=verb, by=by, reason=reason)
    return refused.value.reasons


@pytest.mark.parametrize(("state", "verb"), list(itertools.product(STATES, Verb)))
def test_every_state_with_every_verb_and_every_role(annex, people, state, verb):
    if state != AnnexState.DRAFT:
        close(annex, state)
    target, roles = ALLOWED.get((state.value, verb.value), (None, set()))
    for who in ROLES:
        if who in roles:
            continue
        (refusal,) = refusals(annex, verb, people[who])
        expected = "Questo passo spetta a" if target else "questo passo non c’è"
        assert expected in refusal
        assert Annex.objects.get(pk=annex.pk).state == state
    for who in sorted(roles)[:1]:
        moved = move_annex(annex=annex, verb=verb, by=people[who], reason="Da rivedere.")
        assert (moved.from_state, moved.to_state) == (state, target)
        assert Annex.objects.get(pk=annex.pk).state == target


def test_going_back_needs_a_reason(annex, people):
    close(annex)
    assert "Scrivi il motivo" in refusals(annex, Verb.RETURN, people["head"], reason=" ")[0]


def test_what_is_missing_stops_the_submission_and_is_said(annex, people):
    make_process(annex, "Incompleto")
    found = refusals(annex, Verb.SUBMIT, people["editor"])
    assert "n. 2 Incompleto: Manca l’area di rischio." in found


def test_who_edited_last_does_not_approve(annex, people):
    process = annex.processes.get()
    process._history_user = people["head"]
    process.description = "Una modifica del responsabile."
    process.save()
    assert last_editor(annex) == people["head"]
    move_annex(annex=annex, verb=Verb.SUBMIT, by=people["editor"])
    assert "serve un’altra persona" in refusals(annex, Verb.APPROVE, people["head"])[0]


def test_submitting_is_no_edit(annex, people):
    move_annex(annex=annex, verb=Verb.SUBMIT, by=people["head"])
    assert last_editor(annex) != people["head"]
    move_annex(annex=annex, verb=Verb.APPROVE, by=people["head"])
    assert Annex.objects.get(pk=annex.pk).state == AnnexState.APPROVED


def test_the_names_are_copied_when_it_is_submitted(annex, people):
    move_annex(annex=annex, verb=Verb.SUBMIT, by=people["editor"])
    row = Annex.objects.get(pk=annex.pk)
    assert row.office_name == annex.office.name
    assert (row.head_surname, row.head_name) == ("Prova", "Testa")


def test_a_move_and_a_refusal_are_on_the_trail(annex, people):
    move_annex(annex=annex, verb=Verb.SUBMIT, by=people["editor"])
    refusals(annex, Verb.VALIDATE, people["head"])
    told = TrailRecord.objects.filter(subject=f"annex {annex.uid}").order_by("pk")
    assert [(row.kind, row.outcome) for row in told] == [
        ("annex-submit", "done"),
        ("annex-validate", "refused"),
    ]
    assert verify_trail() == []


def test_a_transition_keeps_the_digest_of_what_was_seen(annex, people):
    first = move_annex(annex=annex, verb=Verb.SUBMIT, by=people["editor"])
    approved = move_annex(annex=annex, verb=Verb.APPROVE, by=people["head"])
    assert first.digest == approved.digest
    assert first.digest.startswith(OF_DIGESTS)
    assert len(first.digest) == 66
    assert Transition.objects.count() == 2
