"""While an annex is closed, what the whole plan says may still change what it prints."""

import pytest

from registry.models import Annex
from risk.enums import Verb
from risk.models import PlannedMeasure
from risk.services.annexes.issues import issue_annex
from risk.services.annexes.moves import MoveRefusedError, move_annex
from tests.people import people_of
from tests.register import close, complete_annex

pytestmark = pytest.mark.django_db


def fresh(annex) -> Annex:
    return Annex.objects.with_names().get(pk=annex.pk)


def move(verb: str, annex, by) -> None:
    if verb == "issue":
        issue_annex(annex=annex, by=by)
    else:
        move_annex(annex=annex, verb=Verb(verb), by=by)


@pytest.mark.parametrize(("state", "verb"), [("approved", "validate"), ("validated", "issue")])
def test_a_change_of_a_measure_of_the_plan_stops_the_next_step(frozen_rows, state, verb):
    annex = frozen_rows
    rpct = people_of(annex)["rpct"]
    close(annex, state)
    PlannedMeasure.objects.filter(annex=None).update(notes="Cambiata dopo l’approvazione.")
    with pytest.raises(MoveRefusedError, match="Il contenuto è cambiato dopo «"):
        move(verb, fresh(annex), rpct)
    assert fresh(annex).state == state


def test_the_same_content_goes_on():
    annex = complete_annex()
    rpct = people_of(annex)["rpct"]
    close(annex, "approved")
    moved = move_annex(annex=fresh(annex), verb=Verb.VALIDATE, by=rpct)
    assert moved.to_state == "validated"
