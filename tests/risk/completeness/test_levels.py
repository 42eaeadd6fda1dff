"""A level judged lower asks for a measure on the process: when exactly, and at what cost."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from registry.models import Action, Annex, Plan
from risk.models import Assessment, Measure, MeasureTarget, PlannedMeasure
from risk.services.annexes.contents import kept_annex
from risk.services.completeness.points import RULES, blocking_points
from tests.register import (
    assess,
    make_annex,
    make_behaviour,
    make_method,
    make_phase,
    make_process,
    use_method,
)

pytestmark = pytest.mark.django_db

(RULE,) = (rule for rule in RULES if rule.code == "level-lowered")


@pytest.fixture
def annex():
    return make_annex()


@pytest.fixture
def method(annex):
    method = make_method(has_residual=True)
    use_method(annex, method)
    return method


@pytest.fixture
def process(annex, method):
    return make_process(annex, risk_presence="present")


@pytest.fixture
def before(annex, method):
    """The same process in the edition of before, with its behaviour, both judged high."""
    plan = Plan.objects.create(
        administration=annex.plan.administration,
        title="PTPCT 2020/2022",
        first_year=2020,
        last_year=2022,
    )
    row = make_process(
        Annex.objects.create(plan=plan, office=annex.office), risk_presence="present"
    )
    behaviour = make_behaviour(row)
    for subject in (row, behaviour):
        assess(subject, method, "Alto", "Discrezionalità ampia.")
    return row


@pytest.fixture
def after(annex, before):
    """The process of `before` in this edition, not judged yet."""
    row = make_process(annex, risk_presence="present", origin=before, origin_uid=before.uid)
    behaviour, old = make_behaviour(row), before.behaviours.get()
    behaviour.origin, behaviour.origin_uid = old, old.uid
    behaviour.save()
    return row


def residual(subject, method, level):
    column = "process" if hasattr(subject, "annex") else "behaviour"
    Assessment.objects.create(
        method=method,
        moment="residual",
        level=method.levels.get(label=level),
        motivation="Dopo le misure.",
        **{column: subject},
    )


def put(annex, scope, **target):
    measure = Measure.objects.create(
        code=f"M{Measure.objects.count()}", label="Rotazione", character="specific"
    )
    of = None if scope == "plan" else annex
    row = PlannedMeasure.objects.create(plan=annex.plan, annex=of, measure=measure, scope=scope)
    if target:
        MeasureTarget.objects.create(planned_measure=row, **target)


def lowered(annex) -> list[tuple[str, str]]:
    return [(gap.values["before"], gap.values["now"]) for gap in RULE.gaps(kept_annex(annex))]


@pytest.mark.parametrize(
    ("level", "found"), [("Basso", [("Medio", "Basso")]), ("Medio", []), ("Alto", [])]
)
def test_a_residual_level_below_the_inherent_one(annex, process, method, level, found):
    assess(process, method, "Medio", "Discrezionalità ampia.")
    residual(process, method, level)
    assert lowered(annex) == found


def test_of_a_behaviour_too(annex, process, method):
    behaviour = make_behaviour(process)
    assess(behaviour, method, "Alto", "Discrezionalità ampia.")
    residual(behaviour, method, "Basso")
    assert lowered(annex) == [("Alto", "Basso")]


def test_each_method_is_compared_with_itself(annex, process, method):
    assess(process, make_method("ALTRO", has_residual=True), "Alto", "Discrezionalità ampia.")
    residual(process, method, "Basso")
    assert lowered(annex) == []


def test_a_risk_found_absent_asks_for_nothing(annex, process, method):
    assess(process, method, "Alto", "Discrezionalità ampia.")
    residual(process, method, "Basso")
    process.risk_presence = "absent"
    process.save()
    assert lowered(annex) == []


@pytest.mark.parametrize("kind", ["process", "phase", "action", "behaviour"])
def test_a_measure_on_the_process_or_on_any_part_explains_it(annex, process, method, kind):
    assess(process, method, "Alto", "Discrezionalità ampia.")
    residual(process, method, "Basso")
    phase = make_phase(process)
    rows = {
        "process": process,
        "phase": phase,
        "action": Action.objects.create(phase=phase, position=1, title="Visto"),
        "behaviour": make_behaviour(process),
    }
    other = make_process(annex, "Altro processo", risk_presence="present")
    put(annex, "processes", process=other)
    assert lowered(annex) == [("Alto", "Basso")]
    put(annex, "processes" if kind == "process" else f"{kind}s", **{kind: rows[kind]})
    assert lowered(annex) == []


@pytest.mark.parametrize("scope", ["plan", "annex"])
def test_a_measure_for_everybody_explains_none(annex, process, method, scope):
    assess(process, method, "Alto", "Discrezionalità ampia.")
    residual(process, method, "Basso")
    put(annex, scope)
    assert lowered(annex) == [("Alto", "Basso")]


def test_a_level_below_that_of_the_edition_before(annex, before, after, method):
    assess(after, method, "Medio", "Procedura rivista.")
    assert lowered(annex) == [("Alto", "Medio")]
    assess(after.behaviours.get(), method, "Basso", "Procedura rivista.")
    assert lowered(annex) == [("Alto", "Medio"), ("Alto", "Basso")]


def test_the_same_level_a_higher_one_and_another_method_are_not_lower(annex, before, after, method):
    assess(after, method, "Alto", "Nulla è cambiato.")
    assess(after, make_method("ALTRO"), "Basso", "Nulla è cambiato.")
    assert lowered(annex) == []


def test_a_measure_of_the_edition_before_explains_the_level_of_now(annex, before, after, method):
    assess(after, method, "Medio", "Procedura rivista.")
    put(before.annex, "behaviours", behaviour=before.behaviours.get())
    assert lowered(annex) == []
    # but what is left after the measures of now needs one of now
    residual(after, method, "Basso")
    assert lowered(annex) == [("Medio", "Basso")]


def test_a_measure_of_now_explains_it_as_well(annex, before, after, method):
    assess(after, method, "Medio", "Procedura rivista.")
    put(annex, "processes", process=after)
    assert lowered(annex) == []


def test_it_stops_the_submission_with_a_sentence(annex, process, method):
    assess(process, method, "Alto", "Discrezionalità ampia.")
    residual(process, method, "Basso")
    points = {point.rule.code: point for point in blocking_points(kept_annex(annex))}
    point = points["level-lowered"]
    assert (point.process, point.anchor) == (process, "trattamento")
    assert "è sceso da «Alto» a «Basso»" in point.sentence


def test_one_query_however_many(annex, before, after, method):
    assess(after, method, "Medio", "Procedura rivista.")
    for number in range(5):
        old = make_process(before.annex, f"Processo {number}", risk_presence="present")
        assess(old, method, "Alto", "Discrezionalità ampia.")
        new = make_process(annex, f"Processo {number}", risk_presence="present", origin=old)
        assess(new, method, "Basso", "Procedura rivista.")
    loaded = kept_annex(annex)
    with CaptureQueriesContext(connection) as queries:
        assert len(list(RULE.gaps(loaded))) == 6
    assert len(queries) == 1
