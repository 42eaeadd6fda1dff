"""A small register in the database, for the tests of what is built from it."""

import datetime
from decimal import Decimal
from types import SimpleNamespace

from registry.models import (
    Action,
    Administration,
    Annex,
    ExecutorRole,
    InstitutionalFunction,
    Macroprocess,
    Office,
    Phase,
    Plan,
    Process,
    RiskArea,
)
from risk.models import (
    Answer,
    Assessment,
    Coverage,
    EnablingFactor,
    ImplementationStep,
    Indicator,
    Level,
    Measure,
    MeasureTarget,
    Method,
    PlanMethod,
    PlannedMeasure,
    ProgressIndicator,
    Rating,
    RiskBehaviour,
    TextBlock,
)


def body() -> SimpleNamespace:
    """Return an invented body with a plan, an annex and its catalogues."""
    administration = Administration.objects.create(ipa_code="c_x001", name="Comune di Prova")
    plan = Plan.objects.create(
        administration=administration, title="PTPCT 2021/2023", first_year=2021, last_year=2023
    )
    office = Office.objects.create(administration=administration, code="gare", name="Gare")
    owned = {"administration": administration}
    function = InstitutionalFunction.objects.create(**owned, code="1", label="Servizi generali")
    method = Method.objects.create(code="q", name="Metodo qualitativo", kind="qualitative")
    low, high = (
        Level.objects.create(
            method=method, scale="overall", ordinal=place, code=label, label=label, tone=tone
        )
        for place, (label, tone) in enumerate([("BASSO", "low"), ("ALTO", "high")])
    )
    PlanMethod.objects.create(plan=plan, method=method, is_default=True)
    return SimpleNamespace(
        administration=administration,
        plan=plan,
        office=office,
        annex=Annex.objects.create(
            plan=plan,
            office=office,
            office_name="SERVIZIO GARE",
            head_title="Dott.ssa",
            head_surname="Nardi",
            head_name="Elvira",
        ),
        macroprocess=Macroprocess.objects.create(
            **owned, function=function, code="1.11", label="Altri servizi"
        ),
        area=RiskArea.objects.create(**owned, code="D", label="Contratti", kind="general"),
        role=ExecutorRole.objects.create(**owned, code="rup", label="RUP"),
        factor=EnablingFactor.objects.create(**owned, code="f", label="Pochi controlli"),
        measure=Measure.objects.create(**owned, code="m", label="Rotazione", character="general"),
        method=method,
        low=low,
        high=high,
    )


def process(known: SimpleNamespace, *, number: int, **fields: object) -> Process:
    """Return a process with two phases, an action, two behaviours, assessments and a measure."""
    row = Process.objects.create(
        annex=known.annex,
        position=number,
        number=number,
        title=f"Affidamento {number}",
        kind="primary",
        macroprocess=known.macroprocess,
        risk_area=known.area,
        objective="Acquistare bene",
        **fields,
    )
    phases = [
        Phase.objects.create(process=row, position=place, title=f"Fase {number}.{place}")
        for place in (1, 2)
    ]
    action = Action.objects.create(
        phase=phases[1], position=1, title="Azione", executor_role=known.role
    )
    first, second = (
        RiskBehaviour.objects.create(process=row, position=place, text=f"Rischio {number}.{place}")
        for place in (1, 2)
    )
    first.factors.add(known.factor)
    Coverage.objects.create(behaviour=first, phase=phases[0])
    Coverage.objects.create(behaviour=first, action=action)
    Coverage.objects.create(behaviour=second, phase=phases[1])
    for behaviour, level in ((first, known.low), (second, known.high)):
        _assess(known, behaviour, level)
    _programme(known, row)
    return row


def _assess(known: SimpleNamespace, behaviour: RiskBehaviour, level: Level) -> None:
    assessment = Assessment.objects.create(
        behaviour=behaviour, method=known.method, level=level, motivation="Perché sì."
    )
    indicator, _new = Indicator.objects.get_or_create(
        method=known.method, code="d", defaults={"position": 1, "label": "Discrezionalità"}
    )
    answer, _new = Answer.objects.get_or_create(
        indicator=indicator, position=1, defaults={"label": "Molta", "score": Decimal("2.500")}
    )
    Rating.objects.create(
        assessment=assessment, indicator=indicator, answer=answer, evidence="Un reclamo."
    )


def _programme(known: SimpleNamespace, row: Process) -> None:
    planned = PlannedMeasure.objects.create(
        plan=known.plan,
        annex=known.annex,
        measure=known.measure,
        scope="processes",
        position=row.position,
        responsible_role=known.role,
    )
    MeasureTarget.objects.create(planned_measure=planned, process=row)
    ImplementationStep.objects.create(
        planned_measure=planned,
        position=1,
        description="Scrivere il regolamento",
        timing="entro l’estate",
        due_on=datetime.date(2021, 6, 30),
    )
    ProgressIndicator.objects.create(
        planned_measure=planned,
        position=1,
        label="Incarichi ruotati",
        kind="percentage",
        unit="%",
        baseline=Decimal("12.500"),
        target=Decimal("80"),
        target_on=datetime.date(2021, 12, 31),
    )


def text_block(known: SimpleNamespace, *, slot: str, text: str, **fields: object) -> TextBlock:
    """Return a block of the catalogue's texts; national unless `fields` say otherwise."""
    return TextBlock.objects.create(layout="catalogo", slot=slot, text=text, **fields)
