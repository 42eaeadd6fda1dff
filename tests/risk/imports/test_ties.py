"""Rows that tie two others, written without an object each, are what they would be by a save."""

import pytest

from registry.acts import act
from registry.models import Phase, User
from registry.services.bulk import MANY, create_in_bulk
from registry.services.bulk_ties import tie_in_bulk
from registry.services.new_rows import new_row
from registry.services.trail_verification import verify_trail
from risk.models import Coverage, RiskBehaviour
from tests.register import make_annex, make_behaviour, make_process

pytestmark = pytest.mark.django_db


def plain(row):
    """All columns of a row but those that are never alike."""
    own = {"id", "uid", "history_id", "history_date", "history_change_reason"}
    columns = [field.attname for field in row._meta.concrete_fields]
    return {name: getattr(row, name) for name in columns if name not in own}


@pytest.mark.parametrize("many", [2, MANY])
def test_rows_that_tie_two_others_are_those_of_a_save(many):
    by = User.objects.create(username="chi-importa")
    process = make_process(make_annex())
    with act("prova", by=by):
        phases = [Phase.objects.create(process=process, position=n, title="F") for n in (1, 2)]
        saved = Coverage.objects.create(behaviour=make_behaviour(process), phase=phases[0])
        rows = [
            new_row(RiskBehaviour, process=process, position=n, text="B") for n in range(9, 509)
        ]
        create_in_bulk(rows, kind="prova", by=by)
        pairs = [(row, phases[1]) for row in rows[:many]]
        assert tie_in_bulk(Coverage, {("behaviour", "phase"): pairs}, kind="prova", by=by) == many
    tied = list(Coverage.objects.filter(phase=phases[1]).order_by("pk"))
    assert [one.behaviour_id for one in tied] == [row.pk for row in rows[:many]]
    assert len({saved.uid, *(one.uid for one in tied)}) == many + 1
    own = {"behaviour_id": rows[0].pk, "phase_id": phases[1].pk}
    assert plain(tied[0]) == plain(saved) | own
    assert plain(tied[0].history.get()) == plain(saved.history.get()) | own
    assert verify_trail() == []
