"""A small register to test with: one body, one plan, one office, and what a test adds to them."""

import hashlib
from itertools import count

from django.utils import timezone

from registry import trail
from registry.models import (
    Administration,
    Annex,
    ExecutorRole,
    Macroprocess,
    Office,
    Phase,
    Plan,
    Process,
    RiskArea,
    User,
)
from risk.content.canonical import OF_DIGESTS, digest_like, digest_of
from risk.content.reading import read_annex
from risk.models import (
    Assessment,
    Coverage,
    Level,
    Measure,
    Method,
    PlanIssue,
    PlanMethod,
    PlannedMeasure,
    PlanTransition,
    Reconfirmation,
    RiskBehaviour,
    Transition,
)
from tests.load_once import made_once

_serial = count(1)


def make_body(ipa_code: str = "c_x001") -> Administration:
    return Administration.objects.create(ipa_code=ipa_code, name=f"Comune {ipa_code}")


def make_annex(body: Administration | None = None, *, office: str = "Tributi") -> Annex:
    """An annex in draft of a plan in preparation; the same body again gives a second office."""
    body = body or make_body()
    plan, _created = Plan.objects.get_or_create(
        administration=body,
        title="PTPCT 2021/2023",
        defaults={"first_year": 2021, "last_year": 2023},
    )
    # No code a test would type itself, and in the order they were made whatever ran before.
    code = f"UO-{next(_serial):05}"
    row = Office.objects.create(administration=body, code=code, name=office)
    return Annex.objects.create(plan=plan, office=row)


def close(annex: Annex, state: str = "submitted", *, digest: str = "") -> None:
    """Put an annex in another state as the services do: with its transition written first.

    One that is issued is given the `digest` of the data of its issue.
    """
    by, _made = User.objects.get_or_create(username="chi-chiude")
    current = Annex.objects.get(pk=annex.pk).state
    fields = {"from_state": current, "to_state": state, "by": by, "reason": "prova"}
    if not digest:
        digest = digest_like(OF_DIGESTS, read_annex(Annex.objects.with_names().get(pk=annex.pk)))
    moved = Transition.objects.create(annex=annex, verb="submit", digest=digest, **fields)
    _record(f"annex {annex.uid}", by, moved)
    _change(Annex, annex.pk, state=state)
    annex.state = state


def adopt(plan: Plan, state: str = "adopted", **of_issue: str) -> None:
    """Put a plan in an adopted state past all checks, with what the database asks for.

    `of_issue` are columns of its issue that are to be otherwise.
    """
    by, _made = User.objects.get_or_create(username="chi-adotta")
    current = Plan.objects.get(pk=plan.pk).state
    moved = PlanTransition.objects.create(
        plan=plan, verb="adopt", from_state=current, to_state=state, by=by
    )
    issue, is_new = PlanIssue.objects.get_or_create(
        plan=plan,
        defaults={
            "issued_at": timezone.now(),
            "by": by,
            "data": "{}",
            "data_digest": digest_of("{}"),
            "html": "<p>Piano</p>",
            "pdf": b"%PDF",
            "pdf_digest": hashlib.sha256(b"%PDF").hexdigest(),
            **of_issue,
        },
    )
    _record(f"plan {plan.title}", by, *([moved, issue] if is_new else [moved]))
    act = {"adopting_organ": "Giunta", "act_kind": "Deliberazione", "act_number": "1"}
    values = {} if plan.is_adopted else {**act, "act_date": "2021-01-29"}
    _change(Plan, plan.pk, state=state, **values)
    plan.refresh_from_db()


def _change(model, pk: int, **values) -> None:
    """Change a row past all checks, with its history, or `verify_trail` takes it for forged."""
    model.objects.filter(pk=pk).update(**values)
    model.history.bulk_history_create([model.objects.get(pk=pk)], update=True)


def _record(subject: str, by: User, *rows) -> None:
    """Write rows on the trail that are written once, or `verify_trail` takes them for forged."""
    detail: dict = {}
    trail.bind_row(detail, *rows)
    trail.write(kind="test", by=by, subject=subject, detail=detail)


def close_all(state: str = "submitted") -> None:
    """Close every annex there is."""
    for annex in Annex.objects.all():
        close(annex, state)


def make_process(annex: Annex, title: str = "Rimborso di tributi", **fields) -> Process:
    number = annex.processes.count() + 1
    return Process.objects.create(
        annex=annex, number=number, position=number, title=title, **fields
    )


def make_absent_process(annex: Annex, *, like: Process) -> Process:
    """A process without risk, of which nothing is missing, in the area of another one."""
    return make_process(
        annex,
        kind="primary",
        risk_area=like.risk_area,
        macroprocess=like.macroprocess,
        risk_presence="absent",
        risk_presence_reason="Nessuna discrezionalità.",
    )


def make_area(body: Administration, code: str = "F", label: str = "Entrate") -> RiskArea:
    return RiskArea.objects.create(administration=body, code=code, label=label, kind="general")


def make_phase(process: Process, title: str = "Istruttoria", **fields) -> Phase:
    position = process.phases.count() + 1
    return Phase.objects.create(process=process, position=position, title=title, **fields)


def make_behaviour(process: Process, text: str = "Favorire un utente", phases=()) -> RiskBehaviour:
    position = process.behaviours.count() + 1
    behaviour = RiskBehaviour.objects.create(process=process, position=position, text=text)
    for phase in phases:
        Coverage.objects.create(behaviour=behaviour, phase=phase)
    return behaviour


def make_method(code: str = "PROVA", levels=("Basso", "Medio", "Alto"), **fields) -> Method:
    """A qualitative method whose highest level asks for a specific measure."""
    method = Method.objects.create(code=code, name=f"Metodo {code}", kind="qualitative", **fields)
    for ordinal, label in enumerate(levels, start=1):
        Level.objects.create(
            method=method,
            ordinal=ordinal,
            code=label[0],
            label=label,
            needs_specific_measure=ordinal == len(levels),
        )
    return method


def use_method(annex: Annex, method: Method) -> None:
    PlanMethod.objects.create(plan=annex.plan, method=method, is_default=True)


def assess(subject: Process | RiskBehaviour, method: Method, level: str, motivation: str = ""):
    column = "process" if isinstance(subject, Process) else "behaviour"
    return Assessment.objects.create(
        method=method,
        level=method.levels.get(label=level),
        motivation=motivation,
        **{column: subject},
    )


def reconfirm(process: Process, by: User | None = None) -> Reconfirmation:
    """Confirm some words of a copied process, past all checks."""
    by = by or User.objects.get_or_create(username="chi-riconferma")[0]
    return Reconfirmation.objects.create(process=process, words="0" * 64, by=by, at=timezone.now())


@made_once
def complete_annex() -> Annex:
    """An annex of one process that misses nothing: it can go all the way."""
    annex = make_annex()
    body, method = annex.plan.administration, make_method()
    use_method(annex, method)
    macroprocess = Macroprocess.objects.create(administration=body, code="M", label="Altri servizi")
    role = ExecutorRole.objects.create(code="RUP", label="RUP")
    process = make_process(
        annex,
        kind="primary",
        risk_area=make_area(body),
        macroprocess=macroprocess,
        risk_presence="present",
    )
    phase = make_phase(process, executor_role=role)
    make_behaviour(process, phases=[phase])
    assess(process, method, "Basso", "Procedura vincolata dalla legge.")
    measure = Measure.objects.create(code="FORM", label="Formazione", character="general")
    planned = PlannedMeasure.objects.create(
        plan=annex.plan, annex=annex, measure=measure, scope="annex", responsible_role=role
    )
    planned.steps.create(position=1, description="Corso annuale", timing="ogni anno")
    planned.progress_indicators.create(position=1, label="Persone formate", kind="quantity")
    return annex


def add_complete_process(annex: Annex, title: str) -> Process:
    """Another process of a `complete_annex`, like its first one, that misses nothing either."""
    model = annex.processes.order_by("position").first()
    process = make_process(
        annex,
        title,
        kind="primary",
        risk_area=model.risk_area,
        macroprocess=model.macroprocess,
        risk_presence="present",
    )
    phase = make_phase(process, executor_role=model.phases.first().executor_role)
    make_behaviour(process, f"Favorire un utente: {title}", phases=[phase])
    method = model.assessments.first().method
    assess(process, method, "Basso", f"Procedura vincolata dalla legge: {title}.")
    return process
