"""An annex with rows of every kind, of which nothing is missing, and the people around it."""

from types import SimpleNamespace

from registry.hanging import content_models
from registry.models import Annex, ExecutorRole, Phase, Process
from risk.models import Level, Measure, Objective, PlannedMeasure
from risk.services.annexes.contents import kept_annex
from tests.load_once import made_once
from tests.people import people_of
from tests.register import (
    add_complete_process,
    assess,
    complete_annex,
    make_behaviour,
    make_phase,
)


@made_once
def build() -> SimpleNamespace:
    """Return the annex, its people and its rows by name; nobody has written any of them.

    Those called `spare` can go, and nothing is missing then either.
    """
    annex = complete_annex()
    process, role = annex.processes.get(), ExecutorRole.objects.get()
    phase, behaviour = process.phases.get(), process.behaviours.get()
    assessment = process.assessments.get()
    method = assessment.method
    for ordinal, label in enumerate(("poco", "molto"), start=1):
        grade = {"scale": "indicator", "ordinal": ordinal, "code": label[0], "label": label}
        Level.objects.create(method=method, **grade)
    indicator = method.indicators.create(code="DISCR", position=1, label="Discrezionalità")
    low = method.levels.get(scale="indicator", code="p")
    rating = {"indicator": indicator, "level": low, "motivation": "Nessun margine."}
    spare_phase = make_phase(process, "Archiviazione", executor_role=role)
    spare = make_behaviour(process, "Ritardare il visto", [phase, spare_phase])
    one = SimpleNamespace(
        annex=annex,
        body=annex.plan.administration,
        people=people_of(annex),
        role=role,
        process=process,
        phase=phase,
        action=phase.actions.create(position=1, title="Controllo", executor_role=role),
        behaviour=behaviour,
        coverage=behaviour.coverages.get(),
        assessment=assessment,
        rating=assessment.ratings.create(**rating),
        spare_process=add_complete_process(annex, "Rateazione di tributi"),
        spare_phase=spare_phase,
        spare_action=spare_phase.actions.create(position=1, title="Scarto", executor_role=role),
        spare_behaviour=spare,
        spare_assessment=assess(spare, method, "Basso", "Tutto è tracciato."),
        category=behaviour.categories.model.objects.create(code="CE1", label="Conflitto"),
    )
    one.measure = programme(one, "REG", [behaviour, spare])
    one.spare_measure = programme(one, "ROT", [behaviour])
    step = {"position": 2, "description": "Verifica", "timing": "a fine anno"}
    one.step = one.measure.steps.create(**step)
    indicator = {"position": 2, "label": "Verifiche", "kind": "quantity", "is_master": False}
    one.indicator = one.measure.progress_indicators.create(**indicator)
    one.target = one.spare_measure.targets.get()
    return one


def programme(one: SimpleNamespace, code: str, behaviours: list) -> PlannedMeasure:
    """Put a specific measure on behaviours, programmed whole."""
    measure = Measure.objects.create(code=code, label=f"Misura {code}", character="specific")
    planned = PlannedMeasure.objects.create(
        plan=one.annex.plan,
        annex=one.annex,
        position=one.annex.planned_measures.count(),
        measure=measure,
        scope="behaviours",
        responsible_role=one.role,
    )
    for behaviour in behaviours:
        planned.targets.create(behaviour=behaviour)
    _programme_whole(planned)
    return planned


def _programme_whole(planned: PlannedMeasure) -> None:
    if not planned.steps.exists():
        planned.steps.create(position=1, description="Avvio", timing="entro giugno")
    if not planned.progress_indicators.exists():
        planned.progress_indicators.create(position=1, label="Registri", kind="quantity")


def mend(one: SimpleNamespace) -> None:
    """Fill in what an edit has left open, in nobody's name: so the annex can be submitted."""
    area, macroprocess = one.process.risk_area, one.process.macroprocess
    new = Process.objects.filter(annex=one.annex).exclude(pk=one.process.pk)
    new.exclude(pk=one.spare_process.pk).update(
        kind="primary",
        risk_area=area,
        macroprocess=macroprocess,
        risk_presence="absent",
        risk_presence_reason="Nessuna discrezionalità.",
    )
    for process in new.filter(phases=None):
        make_phase(process)
    Phase.objects.filter(process__annex=one.annex).update(executor_role=one.role)
    for planned in PlannedMeasure.objects.filter(annex=one.annex):
        PlannedMeasure.objects.filter(pk=planned.pk).update(responsible_role=one.role)
        _programme_whole(planned)


def written_by(person) -> set[str]:
    """Return the names of the models whose rows a person has written, as the histories tell."""
    return {
        model.__name__
        for model in content_models()
        if model.history.filter(history_user=person).exists()
    }


def fresh(annex: Annex) -> Annex:
    return Annex.objects.with_names().get(pk=annex.pk)


def wanted(one: SimpleNamespace) -> Objective:
    """Give the plan an objective that a measure of the annex serves."""
    row = one.annex.plan.objectives.create(position=1, code="OB.1", name="Meno ritardi")
    PlannedMeasure.objects.filter(pk=one.measure.pk).update(objective=row)
    return row


def renamed(one: SimpleNamespace) -> None:
    """Call an objective otherwise, once it is known that a measure serves it."""
    row = wanted(one)
    kept_annex(fresh(one.annex))
    Objective.objects.filter(pk=row.pk).update(name="Nessun ritardo")
