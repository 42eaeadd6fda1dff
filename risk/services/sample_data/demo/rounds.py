"""The rounds of monitoring of the demo: one issued, one that offices answer, one of a sample.

All over the edition before the demo's own, which is in force, by the acts of its people.
"""

import datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

from registry import clock
from registry.models import Plan, RiskArea, User
from registry.services.editing import save_fields
from risk.enums import ItemState, ProgressKind, RoundVerb
from risk.models import (
    ImplementationStep,
    MonitoringRound,
    PlannedMeasure,
    ProgressIndicator,
    RoundItem,
)
from risk.services.monitoring.answers import (
    KIND,
    add_measurement,
    settle,
    writing_answer,
)
from risk.services.monitoring.checking import check_answer, confirm_answers
from risk.services.monitoring.closing import close_round
from risk.services.monitoring.evidence import add_evidence
from risk.services.monitoring.evidence_files import BroughtFile
from risk.services.monitoring.facts import record_fact
from risk.services.monitoring.follow_ups import add_follow_up
from risk.services.monitoring.issuing import issue_round
from risk.services.monitoring.opening import assign_office, faults_of, open_round
from risk.services.monitoring.rounds import create_round, move_round
from risk.services.monitoring.sampling import announce_sample, draw_sample
from risk.services.monitoring.steps import save_step
from risk.services.monitoring.suitability import judge_suitability
from risk.services.monitoring.yearly import write_review
from risk.services.treatment.page import WHOLE

OFFICE, CASES = "GARE", 40
HALF, END = datetime.date(2020, 6, 30), datetime.date(2020, 12, 31)
ALL_ASKED = "Tutte le misure del piano: sono poche, e ciascuna ha un ufficio che ne risponde."
SAMPLED = "Tre misure su dieci, estratte a sorte per area e livello; se ne guardano le prove."
CHECKED = "Procedura;Controllata il\n14/2020;18/05/2020\n19/2020;04/06/2020\n22/2020;26/06/2020\n"
DONE = {
    "declared": "done",
    "done": "La misura è stata applicata a tutte le procedure avviate.",
    "judgement": "Ha reso visibili gli scostamenti prima dell’aggiudicazione.",
}
AUTUMN = {
    "declared": "on_time",
    "done": "Nel secondo semestre la misura è applicata alle procedure man mano che si avviano.",
    "judgement": "Funziona: gli scostamenti si vedono prima dell’aggiudicazione.",
}
FIT = {
    "judgement": "fit",
    "factor": "less",
    "motivation": "Dove è applicata gli scostamenti si vedono per tempo: va tenuta com’è.",
}
TO_STRENGTHEN = {
    "judgement": "strengthen",
    "factor": "present",
    "motivation": "È applicata, ma guarda solo le procedure ordinarie: va estesa alle negoziate.",
}
REVIEW = {
    "conclusions": "Le misure sono applicate dove l’ufficio ha le persone per farlo; il ritardo "
    "viene quasi sempre da lì. Dove la misura è applicata gli scostamenti si vedono per tempo.",
    "changes": "Meno misure per l’ufficio gare, con un solo indicatore ciascuna; il controllo va "
    "esteso alle procedure negoziate.",
}
HAPPENED = {
    "kind": "disciplinary",
    "count": 1,
    "was_measure": "yes",
    "outcome": "Rimprovero scritto: il secondo controllo mancava, ora è nel modello del verbale.",
}
LATE = {
    "declared": "late",
    "done": "È stato individuato chi se ne occupa.",
    "cause": "resources",
    "reason": "Nel semestre l’ufficio ha avuto due persone in meno: si riprende in autunno.",
    "proposed_on": datetime.date(2020, 11, 30),
}


def make_rounds(plan: Plan) -> None:
    """Make the rounds over a plan in force; each step is an act of the demo person whose it is."""
    rpct, editor, head = (_person(name) for name in ("rpct", "referente-gare", "responsabile-gare"))
    first = _opened(plan, "Monitoraggio intermedio 2020", "interim", HALF, rpct)
    items = _items(first)
    for number, item in enumerate(items[:-1]):
        _answer(item, LATE if number % 4 == 3 else DONE, editor)
        _tell_steps(item, editor, is_done=number % 4 != 3)
        if number % 4 != 3:
            _measure(item, editor, whole=number % 3 != 1)
    uids = [str(item.uid) for item in items]
    confirm_answers(row=first, office=items[0].office_id, uids=uids, by=head)
    _check(first, rpct)
    move_round(row=_fresh(first), verb=RoundVerb.CHECK, by=rpct)
    close_round(row=_fresh(first), by=rpct)
    issue_round(row=_fresh(first), by=rpct)
    _judge(items, rpct)
    second = _opened(plan, "Monitoraggio finale 2020", "final", END, rpct)
    for item in _items(second)[:2]:
        _answer(item, AUTUMN, editor)
        _tell_steps(item, editor, is_done=False)
    _drawn(plan, rpct)


def _drawn(plan: Plan, rpct: User) -> None:
    """Write a round in draft that asks about a sample, drawn already."""
    label = "Controllo a campione 2020"
    chosen = {"coverage": "sample", "criteria": SAMPLED}
    row = _drafted(plan, label, "extraordinary", END, rpct, **chosen)
    announce_sample(
        row=row,
        percent=30,
        staff=84,
        seed_source="I cinque numeri estratti al lotto sulla ruota di Roma",
        seed_known_on=clock.today(),
        by=rpct,
    )
    draw_sample(
        row=row,
        seed="7 21 33 48 90",
        witnesses="Il segretario generale e il presidente dell’OIV",
        minutes="Letto il seme ad alta voce, estratte le misure, letto l’elenco.",
        by=rpct,
    )


def _drafted(
    plan: Plan, label: str, kind: str, day: datetime.date, rpct: User, **values: Any
) -> MonitoringRound:
    values = {"criteria": ALL_ASKED, **values}
    return create_round(
        plan=plan,
        label=label,
        kind=kind,
        situation_on=day,
        answers_by=day + datetime.timedelta(days=15),
        checks_by=day + datetime.timedelta(days=30),
        by=rpct,
        **values,
    )


def _opened(plan: Plan, label: str, kind: str, day: datetime.date, rpct: User) -> MonitoringRound:
    row = _drafted(plan, label, kind, day, rpct)
    office = plan.administration.offices.get(code=OFFICE)
    for fault in faults_of(row):
        if fault.blocks:
            assign_office(row=row, measure=fault.measure, office=office, by=rpct)
    open_round(row=row, by=rpct)
    return _fresh(row)


def _items(row: MonitoringRound) -> list[RoundItem]:
    rows = row.items.select_related("answer", "round__plan__administration")
    return list(rows.order_by("planned_measure__measure__folded", "pk"))


def _answer(item: RoundItem, values: dict[str, Any], by: User) -> None:
    with writing_answer(item, by=by) as locked:
        answer = item.answer
        saved = save_fields(row=answer, values=values, version=answer.version, kind=KIND, by=by)
        row: Any = saved.row
        settle(locked, row, by=by)


def _tell_steps(item: RoundItem, by: User, *, is_done: bool) -> None:
    """Say of each step that it was done on a day before the round, or is on its way."""
    day = item.round.situation_on - datetime.timedelta(days=20)
    for step in ImplementationStep.objects.filter(planned_measure=item.planned_measure_id):
        said = {"progress": "done", "done_on": day} if is_done else {"progress": "in_progress"}
        save_step(item=item, step=step, values=said, version=0, by=by)


def _measure(item: RoundItem, by: User, *, whole: bool) -> None:
    """Measure each indicator, all of its way or half, and say where a proof is found."""
    for indicator in ProgressIndicator.objects.filter(planned_measure=item.planned_measure_id):
        add_measurement(
            item=item,
            indicator=indicator,
            measured_on=HALF,
            source="Registro delle procedure di gara",
            by=by,
            **_values(indicator, whole=whole),
        )
    add_evidence(
        item=item,
        reference="Verbale n. 3 del 26/06/2020",
        proves="I controlli del semestre",
        has_personal_data=False,
        files=[BroughtFile("controlli-primo-semestre.csv", BytesIO(CHECKED.encode()))],
        by=by,
    )


def _values(indicator: ProgressIndicator, *, whole: bool) -> dict[str, Decimal]:
    if indicator.kind == ProgressKind.ON_OFF:
        return {"value": Decimal(1)}
    start = indicator.baseline or Decimal(0)
    target = Decimal(10) if indicator.target is None else indicator.target
    value = target if whole else (start + target) / 2
    if indicator.kind == ProgressKind.PERCENTAGE:
        parts = (value * CASES / 100).quantize(Decimal(1))
        return {"numerator": parts, "denominator": Decimal(CASES)}
    return {"value": value.quantize(Decimal(1))}


def _check(row: MonitoringRound, rpct: User) -> None:
    """Check the first answer that was confirmed."""
    item = next(one for one in _items(row) if one.state == ItemState.CONFIRMED)
    looked = "Verbale n. 3 e un campione di tre procedure."
    check_answer(item=item, outcome="confirmed", looked_at=looked, by=rpct)
    add_follow_up(
        row=row,
        item=item,
        office=item.office,
        asked="Estendere il controllo alle procedure negoziate, e mandare l’elenco.",
        due_on=datetime.date(2020, 11, 30),
        by=rpct,
    )


def _judge(items: list[RoundItem], rpct: User) -> None:
    """Judge for the year the measures that are of no process, the first of them to be changed.

    Then count the one fact of the year, and review it.
    """
    rows = PlannedMeasure.objects.select_related("plan__administration", "measure")
    whole = rows.filter(round_items__in=items, scope__in=WHOLE).order_by("measure__folded", "pk")
    for number, row in enumerate(whole[:4]):
        told = FIT if number else TO_STRENGTHEN
        judge_suitability(measure=row, year=HALF.year, by=rpct, **told)
    plan = items[0].round.plan
    areas = RiskArea.objects.filter(processes__annex__plan=plan).order_by("position", "code")
    record_fact(plan=plan, year=HALF.year, area=areas.first(), by=rpct, **HAPPENED)
    write_review(plan=plan, year=HALF.year, by=rpct, **REVIEW)


def _person(name: str) -> User:
    return User.objects.get(username=name)


def _fresh(row: MonitoringRound) -> MonitoringRound:
    return MonitoringRound.objects.select_related("plan__administration").get(pk=row.pk)
