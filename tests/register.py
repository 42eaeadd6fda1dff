"""A small register to test with: one body, one plan, one office, and what a test adds to them."""

from itertools import count

from registry.models import Administration, Annex, Office, Phase, Plan, Process, RiskArea
from risk.models import Assessment, Coverage, Level, Method, PlanMethod, RiskBehaviour

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
    row = Office.objects.create(administration=body, code=f"U{next(_serial)}", name=office)
    return Annex.objects.create(plan=plan, office=row)


def make_process(annex: Annex, title: str = "Rimborso di tributi", **fields) -> Process:
    number = annex.processes.count() + 1
    return Process.objects.create(
        annex=annex, number=number, position=number, title=title, **fields
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
