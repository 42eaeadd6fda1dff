"""Where a measure is put: each process once, by whatever way it is reached."""

import pytest

from risk.models import Measure, PlannedMeasure
from risk.services.treatment.places import place_of, with_place
from tests.register import make_annex, make_behaviour, make_process

pytestmark = pytest.mark.django_db


def test_a_process_reached_by_several_behaviours_is_counted_once():
    annex = make_annex()
    processes = [
        make_process(annex, title) for title in ("Autorizzazioni", "Rimborsi", "Concessioni")
    ]
    measure = Measure.objects.create(code="m", label="Rotazione", character="specific")
    planned = PlannedMeasure.objects.create(
        plan=annex.plan, annex=annex, measure=measure, scope="behaviours"
    )
    for place, expected in (
        (processes[1], "n. 2 Rimborsi"),
        (processes[1], "n. 2 Rimborsi"),
        (processes[2], "n. 2 Rimborsi, e un altro processo"),
        (processes[0], "n. 1 Autorizzazioni, e altri 2 processi"),
    ):
        planned.targets.create(behaviour=make_behaviour(place))
        row = with_place(PlannedMeasure.objects.all()).get(pk=planned.pk)
        assert place_of(row, row) == expected
