"""Acts on many rows: what is shown is what is done, once, and it can be taken back."""

import pytest
from django.core.exceptions import ValidationError

from registry.enums import RiskPresence
from registry.models import Process
from risk.enums import MeasureScope
from risk.models import Assessment, Measure, PlannedMeasure
from risk.services.mapping import bulk
from tests.people import make_person
from tests.register import (
    assess,
    close,
    make_annex,
    make_area,
    make_behaviour,
    make_body,
    make_method,
    make_process,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def annex():
    return make_annex()


@pytest.fixture
def anna():
    return make_person("anna")


def rows(annex) -> list[Process]:
    return list(annex.processes.select_related("risk_area").order_by("position"))


def test_an_area_is_given_to_many_in_one_act(annex, anna):
    area = make_area(annex.plan.administration)
    make_process(annex, "Primo")
    make_process(annex, "Secondo", risk_area=area)
    proposal = bulk.propose_area(processes=rows(annex), area=area)
    assert [(change.before, change.changes) for change in proposal.changes] == [
        ("—", True),
        (area.printed, False),
    ]
    done = bulk.apply_area(
        annex=annex, processes=rows(annex), area=area, digest=proposal.digest, by=anna
    )
    first, second = rows(annex)
    assert (first.risk_area, first.version, second.version) == (area, 2, 1)
    record = first.history.first()
    assert (record.history_user, record.history_change_reason) == (anna, done.mark)
    assert second.history.count() == 1


def test_a_preview_that_has_aged_is_shown_again(annex, anna):
    area = make_area(annex.plan.administration)
    process = make_process(annex, "Primo")
    digest = bulk.propose_area(processes=rows(annex), area=area).digest
    process.title = "Altro"
    process.save()
    with pytest.raises(bulk.ProposalChangedError):
        bulk.apply_area(annex=annex, processes=rows(annex), area=area, digest=digest, by=anna)
    assert Process.objects.get().risk_area is None


def test_an_area_of_another_body_is_refused(annex, anna):
    make_process(annex)
    area = make_area(make_body("c_x002"))
    digest = bulk.propose_area(processes=rows(annex), area=area).digest
    with pytest.raises(ValidationError, match="altra amministrazione"):
        bulk.apply_area(annex=annex, processes=rows(annex), area=area, digest=digest, by=anna)


def test_a_level_needs_a_motivation_and_a_risk(annex, anna):
    method = make_method()
    high = method.levels.get(label="Alto")
    judged = make_process(annex, "Primo", risk_presence=RiskPresence.PRESENT)
    assess(judged, method, "Basso", "Prima.")
    make_process(annex, "Secondo", risk_presence=RiskPresence.PRESENT)
    make_process(annex, "Terzo")
    with pytest.raises(ValidationError, match="motivazione"):
        bulk.apply_level(
            annex=annex, subjects=rows(annex), level=high, motivation=" ", digest="", by=anna
        )
    values = {"subjects": rows(annex), "level": high, "motivation": "Ampia discrezionalità."}
    proposal = bulk.propose_level(**values)
    assert [change.before for change in proposal.changes] == ["Basso: Prima.", "—", ""]
    assert "da accertare" in proposal.changes[2].refusal
    bulk.apply_level(annex=annex, **values, digest=proposal.digest, by=anna)
    found = Assessment.objects.order_by("process__position").values_list(
        "process__title", "level__label", "motivation", "version"
    )
    assert list(found) == [
        ("Primo", "Alto", "Ampia discrezionalità.", 2),
        ("Secondo", "Alto", "Ampia discrezionalità.", 1),
    ]


def test_behaviours_are_judged_too(annex, anna):
    method = make_method()
    behaviour = make_behaviour(make_process(annex, risk_presence=RiskPresence.PRESENT))
    level = method.levels.get(label="Medio")
    values = {"subjects": [behaviour], "level": level, "motivation": "Motivo."}
    digest = bulk.propose_level(**values).digest
    bulk.apply_level(annex=annex, **values, digest=digest, by=anna)
    assert Assessment.objects.get().behaviour == behaviour


def test_a_measure_on_many_rows_is_one_programming(annex, anna):
    measure = Measure.objects.create(code="M", label="Rotazione", character="specific")
    processes = [make_process(annex, title) for title in ("Primo", "Secondo")]
    values = {"targets": processes, "measure": measure}
    digest = bulk.propose_measure(**values).digest
    common = {"annex": annex, "scope": MeasureScope.PROCESSES, "by": anna}
    bulk.apply_measure(**common, **values, digest=digest)
    assert PlannedMeasure.objects.get().targets.count() == 2
    again = bulk.propose_measure(**values)
    assert again.count == 0
    with pytest.raises(ValidationError, match="Nessuna delle righe"):
        bulk.apply_measure(**common, **values, digest=again.digest)


def test_a_closed_annex_is_not_touched(annex, anna):
    area = make_area(annex.plan.administration)
    make_process(annex)
    digest = bulk.propose_area(processes=rows(annex), area=area).digest
    close(annex)
    with pytest.raises(ValidationError):
        bulk.apply_area(annex=annex, processes=rows(annex), area=area, digest=digest, by=anna)
