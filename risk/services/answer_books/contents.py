"""What the workbooks of a round say, office by office, in a number of statements that is fixed."""

from collections import defaultdict
from collections.abc import Collection, Iterable

from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from registry.models import Office, Process
from registry.readable import named
from risk.enums import (
    DeclaredOutcome,
    DelayCause,
    ItemState,
    MeasureScope,
    ProgressKind,
    StepProgress,
)
from risk.models import (
    ImplementationStep,
    Measurement,
    MeasureTarget,
    MonitoringRound,
    RoundAnswer,
    RoundItem,
    StepState,
)
from risk.services.monitoring.page import office_items
from risk.services.monitoring.steps import TOLD, states_of
from risk.services.treatment.terms import value_of, values_of
from risk.workbooks.answers import (
    AnswerBook,
    AskedIndicator,
    AskedMeasure,
    AskedStep,
    origin_of,
)
from risk.workflow import ANSWERABLE

YES, NO = "sì", "no"
LISTS = {
    "esiti": [str(label) for label in DeclaredOutcome.labels],
    "cause": [str(label) for label in DelayCause.labels],
    "si_no": [YES, NO],
    "fasi": [str(label) for label in StepProgress.labels],
}
ANSWERED = (
    *("declared", "done", "reason", "cause", "proposed_on"),
    *("judgement", "difficulty", "improvement"),
)
"""Fields of an answer, as a workbook has them."""


def books_of(row: MonitoringRound, offices: Collection[Office]) -> Iterable[AnswerBook]:
    """Yield the workbook of each office, in their order, whose round and body are read."""
    items: dict[int, list[RoundItem]] = defaultdict(list)
    for item in office_items(row, [one.pk for one in offices]):
        items[item.office_id].append(item)
    places, measured = _places(row), measured_in(Measurement.objects.filter(item__round=row))
    for office in offices:
        measures = [_measure(item, office, places, measured) for item in items[office.pk]]
        yield _book(row, office, measures)


def _book(row: MonitoringRound, office: Office, measures: list[AskedMeasure]) -> AnswerBook:
    body = row.plan.administration
    note = _(
        "Situazione al %(day)s, risposte entro il %(by)s. Le celle grigie non si modificano: "
        "dicono che cosa è chiesto. Scrivi nelle altre, salva e rimanda il file, o caricalo tu. "
        "Le misurazioni si scrivono nel foglio «Indicatori», senza giorno valgono al %(day)s, o al "
        "giorno in cui il foglio è portato se viene prima; "
        "a che punto è ogni fase di attuazione nel foglio «Fasi»."
    ) % {"day": f"{row.situation_on:%d/%m/%Y}", "by": f"{row.answers_by:%d/%m/%Y}"}
    return AnswerBook(
        origin=origin_of(
            plan=row.plan.title, ipa_code=body.ipa_code, round_uid=row.uid, office=office.code
        ),
        round=row.label,
        office=office.name,
        note=note,
        lists=LISTS,
        measures=measures,
    )


def _measure(
    item: RoundItem,
    office: Office,
    places: dict[int, list[str]],
    measured: dict[tuple[int, int], list[Measurement]],
) -> AskedMeasure:
    planned = item.planned_measure
    indicators = list(planned.progress_indicators.all())
    asked = (
        str(planned.measure),
        _where(item, office, places),
        "\n".join(" ".join(_step(one)) for one in planned.steps.all()),
        "\n".join(f"{one.label}: {values_of(one)}" for one in indicators),
        _state(item),
    )
    known = states_of(item)
    states = [(one, known.get(one.pk)) for one in planned.steps.all()]
    rows = []
    for one in indicators:
        past = measured.get((item.pk, one.pk), [])
        told = (one.label, values_of(one), told_value(past[-1]) if past else "")
        is_percentage = one.kind == ProgressKind.PERCENTAGE
        rows.append(AskedIndicator(one.uid, len(past), told, is_percentage))
    return AskedMeasure(
        uid=item.uid,
        version=item.answer.version,
        asked=asked,
        answered=shown_answer(item.answer),
        is_open=item.state in ANSWERABLE,
        indicators=rows,
        steps=[_asked_step(one, state) for one, state in states],
    )


def _asked_step(step: ImplementationStep, state: StepState | None) -> AskedStep:
    due = f"{step.due_on:%d/%m/%Y}" if step.due_on else ""
    return AskedStep(
        uid=step.uid,
        version=state.version if state else 0,
        told=(step.description, due or step.timing),
        said=shown_state(state),
    )


def _step(step) -> Iterable[str]:
    yield step.description
    if step.timing:
        yield f"({step.timing})"
    if step.due_on:
        yield f"{step.due_on:%d/%m/%Y}"


def _state(item: RoundItem) -> str:
    state = item.get_state_display()
    if item.state != ItemState.RETURNED or not item.last_request:
        return state
    told = {"state": state, "what": item.last_request}
    if item.last_request_by is None:
        return _("%(state)s. Il RPCT chiede: %(what)s") % told
    told["day"] = f"{item.last_request_by:%d/%m/%Y}"
    return _("%(state)s. Il RPCT chiede, entro il %(day)s: %(what)s") % told


def _where(item: RoundItem, office: Office, places: dict[int, list[str]]) -> str:
    planned = item.planned_measure
    if found := places.get(planned.pk):
        return "\n".join(found)
    if planned.annex and planned.annex.office_id != office.pk:
        return planned.annex.printed_office_name
    return planned.get_scope_display()


def _places(row: MonitoringRound) -> dict[int, list[str]]:
    """Return the processes each measure of a round is put on, by its key, as annexes name them."""
    ways = MeasureTarget.PROCESS_PATHS
    living = MeasureTarget.objects.filter(**MeasureTarget.ON_LIVING)
    targets = living.filter(planned_measure__round_items__round=row)
    targets = targets.exclude(planned_measure__scope__in=(MeasureScope.PLAN, MeasureScope.ANNEX))
    of_process = targets.annotate(where=Coalesce(*(F(f"{way}_id") for way in ways))).order_by()
    pairs = set(of_process.values_list("planned_measure", "where"))
    names = {"number", "code", "title", "annex", "position"}
    rows = Process.objects.filter(pk__in=of_process.values("where")).only(*names)
    measures = defaultdict(list)
    for planned, where in pairs:
        measures[where].append(planned)
    places = defaultdict(list)
    for process in rows.order_by("annex", "position"):
        for planned in measures[process.pk]:
            places[planned].append(named(process.number, process.code, process.title))
    return places


def measured_in(
    measurements: QuerySet[Measurement],
) -> dict[tuple[int, int], list[Measurement]]:
    """Return measurements by item and indicator, the oldest first: the last one counts."""
    found: dict[tuple[int, int], list[Measurement]] = defaultdict(list)
    for one in measurements.select_related("indicator").order_by("pk"):
        found[one.item_id, one.indicator_id].append(one)
    return found


def told_value(one: Measurement) -> str:
    """Return what was measured, and when, as it is read."""
    unit = one.indicator.unit
    value = (
        value_of(one.value, unit)
        if one.value is not None
        else f"{value_of(one.numerator, '')} / {value_of(one.denominator, '')}"
    )
    return f"{value} ({one.measured_on:%d/%m/%Y})"


def shown_answer(answer: RoundAnswer) -> dict[str, str]:
    """Return an answer by field, as the cells of a workbook show it; "" where it is not written."""
    shown = {name: getattr(answer, name) for name in ANSWERED}
    shown["declared"] = answer.get_declared_display() if answer.declared else ""
    shown["cause"] = answer.get_cause_display() if answer.cause else ""
    shown["proposed_on"] = f"{answer.proposed_on:%d/%m/%Y}" if answer.proposed_on else ""
    return {name: str(text) for name, text in shown.items()}


def shown_state(state: StepState | None) -> dict[str, str]:
    """Return what is said of a step by field, as cells show it; "" where nothing is."""
    if state is None:
        return dict.fromkeys(TOLD, "")
    return {
        "progress": str(state.get_progress_display()) if state.progress else "",
        "done_on": f"{state.done_on:%d/%m/%Y}" if state.done_on else "",
        "note": state.note,
    }
