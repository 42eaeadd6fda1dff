"""What a method is made of is on the trail since an annex that was assessed by it was submitted."""

from collections.abc import Callable

import pytest

from registry import triggers
from registry.models import Annex, TrailRecord
from registry.services.trail_verification import verify_trail
from risk.enums import Verb
from risk.guards.catalogues import parts_of
from risk.models import Method
from risk.services.annexes.moves import move_annex
from risk.services.assessment.frozen_methods import PARTS, method_findings
from tests.people import people_of
from tests.register import complete_annex

pytestmark = pytest.mark.django_db


@pytest.fixture
def annex():
    """An annex assessed by a method that has a part of each kind."""
    annex = complete_annex()
    method = Method.objects.get()
    indicator = method.indicators.create(code="I", position=1, label="Indicatore")
    indicator.answers.create(position=1, label="Sì", score=1)
    first, second, *_others = method.levels.all()
    method.matrix_cells.create(probability=first, impact=first, result=second)
    return annex


@pytest.fixture
def people(annex):
    return people_of(annex)


def moved(annex, verb: Verb, by) -> None:
    fresh = Annex.objects.with_names().get(pk=annex.pk)
    move_annex(annex=fresh, verb=verb, by=by, reason="Da rivedere.")


FORGED: dict[str, Callable[[Method], object]] = {
    "a level": lambda m: m.levels.filter(ordinal=1).update(label="Trascurabile"),
    "a band": lambda m: m.levels.filter(ordinal=1).update(max_score="1.500"),
    "an indicator": lambda m: m.indicators.update(label="Altro"),
    "an answer": lambda m: m.indicators.get().answers.update(score=5),
    "a cell": lambda m: m.matrix_cells.update(result=m.levels.get(ordinal=3)),
    "an answer more": lambda m: m.indicators.get().answers.create(position=2, label="No", score=0),
    "a cell less": lambda m: m.matrix_cells.all().delete(),
}


def forge(change: Callable[[Method], object]) -> None:
    """Change a method past the guards, which are there again afterwards."""
    every = triggers.declared_guards()
    triggers.remove(every)
    change(Method.objects.get())
    triggers.install(every)


@pytest.mark.parametrize("what", FORGED)
def test_a_part_changed_past_the_guards_is_found(annex, people, what):
    moved(annex, Verb.SUBMIT, people["editor"])
    assert list(method_findings()) == []
    forge(FORGED[what])
    (found,) = method_findings()
    assert found.startswith("Livelli, indicatori, risposte o matrice del metodo «Metodo PROVA»")


def test_the_verification_of_the_trail_asks_for_it(annex, people):
    moved(annex, Verb.SUBMIT, people["editor"])
    assert verify_trail() == []
    forge(FORGED["an answer"])
    (found,) = verify_trail()
    assert found.sentence in list(method_findings())


def test_while_nothing_closed_uses_it_a_method_may_change(annex, people):
    moved(annex, Verb.SUBMIT, people["editor"])
    moved(annex, Verb.RETURN, people["head"])
    Method.objects.get().indicators.update(label="Con altre parole")
    assert list(method_findings()) == []
    moved(annex, Verb.SUBMIT, people["editor"])
    assert list(method_findings()) == []
    digests = [
        record.detail["methods"]["/PROVA/1"]
        for record in TrailRecord.objects.filter(kind="annex-submit")
    ]
    assert len(set(digests)) == 2


def test_every_part_of_a_list_has_a_history_or_a_digest():
    without = {model for model, _list, _key in parts_of([Method]) if not hasattr(model, "history")}
    assert without == set(PARTS)
