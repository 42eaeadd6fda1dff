"""What the tests of the plan's way start from."""

import uuid

import pytest

from tests.load_once import made_once
from tests.register import complete_annex, reconfirm


@pytest.fixture
@made_once
def frozen_rows():
    """A draft annex with a row in every table an adoption freezes, one measure of the whole plan
    among them."""
    annex = complete_annex()
    process = annex.processes.get()
    behaviour = process.behaviours.get()
    behaviour.categories.create(code="1", label="Conflitto")
    behaviour.factors.create(code="1", label="Opacità")
    assessment = process.assessments.get()
    indicator = assessment.method.indicators.create(code="I", position=1, label="Indicatore")
    assessment.ratings.create(indicator=indicator)
    process.phases.get().actions.create(position=1, title="Azione")
    measure = annex.planned_measures.get().measure
    words = [{"type": "paragraph", "runs": [{"text": "Il contesto."}]}]
    annex.plan.chapters.create(position=1, title="Contesto", blocks=words)
    told = {"sender": "citizen", "way": "mail", "received_on": "2020-12-01", "text": "Di più."}
    annex.plan.consultations.create(ends_on="2020-12-31")
    annex.plan.contributions.create(number=1, **told)
    objective = annex.plan.objectives.create(position=1, code="OB.1", name="Più trasparenza")
    objective.indicators.create(position=1, label="Accessi", baseline=10, third_target=20)
    planned = annex.planned_measures.create(
        plan=annex.plan, measure=measure, scope="processes", objective=objective
    )
    planned.targets.create(process=process)
    wide = annex.plan.planned_measures.create(measure=measure, scope="plan")
    step = wide.steps.create(position=1, description="Corso per tutti")
    wide.progress_indicators.create(position=1, label="Corsi", kind="quantity", step=step)
    process.origin_uid = uuid.uuid4()
    process.save()
    reconfirm(process)
    return annex
