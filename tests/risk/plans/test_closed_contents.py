"""What is closed is judged by what it contains: no change of the plan hides one of its own."""

from collections.abc import Callable

import pytest

from registry import triggers
from registry.services.trail_verification import verify_trail
from risk.models import Measure, PlanMethod, PlannedMeasure, TextBlock
from risk.services.annexes.closed_contents import closed_content_findings
from risk.services.plans.issues import adopt_plan
from tests.people import people_of
from tests.register import close, complete_annex, make_method
from tests.risk.plans.proposing import ACT, fresh_plan, propose

pytestmark = pytest.mark.django_db


def sentences() -> list[str]:
    return [finding.sentence for finding in verify_trail()]


@pytest.fixture
def closed(frozen_rows):
    """A submitted annex under a measure and a text of its whole plan."""
    plan = frozen_rows.plan
    TextBlock.objects.create(
        administration=plan.administration, plan=plan, layout="completo", slot="note", text="Nota"
    )
    wide = plan.planned_measures.get(annex=None)
    wide.responsible_office = frozen_rows.office
    wide.save()
    close(frozen_rows)
    return frozen_rows


def wide_of(annex) -> PlannedMeasure:
    return annex.plan.planned_measures.get(annex=None)


def changed(row, **values) -> None:
    for name, value in values.items():
        setattr(row, name, value)
    row.save()


def another_default(annex) -> None:
    changed(annex.plan.methods.get(), is_default=False)
    PlanMethod.objects.create(plan=annex.plan, method=make_method("ALTRO"), is_default=True)


PLAN_CHANGES: dict[str, Callable] = {
    "a measure": lambda annex: changed(wide_of(annex), notes="Altro."),
    "a step": lambda annex: changed(wide_of(annex).steps.get(), description="Altro."),
    "an indicator": lambda annex: changed(wide_of(annex).progress_indicators.get(), label="Altri"),
    "a step more": lambda annex: wide_of(annex).steps.create(position=2, description="Altro."),
    "an indicator less": lambda annex: wide_of(annex).progress_indicators.get().delete(),
    "a measure more": lambda annex: annex.plan.planned_measures.create(
        measure=wide_of(annex).measure, scope="plan"
    ),
    "a measure less": lambda annex: wide_of(annex).delete(),
    "a text": lambda annex: changed(TextBlock.objects.get(plan=annex.plan), text="Altro."),
    "a text less": lambda annex: TextBlock.objects.get(plan=annex.plan).delete(),
    "the method": another_default,
    "the title": lambda annex: changed(annex.plan, title="PTPCT rivisto"),
    "an office": lambda annex: changed(annex.office, name="Rinominato"),
    "the body": lambda annex: changed(annex.plan.administration, name="Rinominato"),
    "nothing": lambda annex: None,
}


@pytest.mark.parametrize("what", PLAN_CHANGES)
def test_a_change_of_the_plan_is_none_of_the_annex_and_hides_none(closed, what):
    PLAN_CHANGES[what](closed)
    assert list(closed_content_findings()) == []
    every = triggers.declared_guards()
    triggers.remove(every)
    # with a history of its own, which no act has written
    changed(closed.processes.get(), objective="Mai trasmesso")
    triggers.install(every)
    (found,) = list(closed_content_findings())
    assert found.startswith("L’allegato «")


def test_words_of_a_measure_that_only_the_plan_names_leave_the_annex_unjudged(closed):
    measure = Measure.objects.create(code="X", label="Solo del piano", character="general")
    changed(wide_of(closed), measure=measure)
    close(closed, "draft")
    close(closed, "submitted")
    changed(measure, label="Con altre parole")
    assert list(closed_content_findings()) == []


def test_what_belongs_to_an_adopted_plan_is_compared_with_what_was_adopted():
    annex = complete_annex()
    measure = annex.planned_measures.get().measure
    wide = annex.plan.planned_measures.create(
        measure=measure, scope="plan", responsible_office=annex.office
    )
    wide.steps.create(position=1, description="Corso per tutti", timing="ogni anno")
    wide.progress_indicators.create(position=1, label="Corsi", kind="quantity")
    people = people_of(annex)
    proposed = propose(annex, people["rpct"])
    adopt_plan(plan=proposed, act=ACT, by=people["rpct"])
    plan = fresh_plan(proposed)
    for office in plan.administration.offices.all():
        changed(office, name=f"Rinominato {office.pk}")
    assert sentences() == []
    every = triggers.declared_guards()
    triggers.remove(every)
    changed(wide_of(annex), notes="Mai adottato")
    changed(plan.annexes.get(exemption__isnull=False).exemption, reason="Altro motivo.")
    changed(plan, act_number="99")
    triggers.install(every)
    told = sentences()
    assert any(
        one.endswith("atto di adozione, uffici esonerati, misure di tutto il piano.")
        for one in told
    )
    # the annex prints the measure too
    assert any(one.startswith("L’allegato «") for one in told)
