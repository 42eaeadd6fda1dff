"""The rows a measure may cover, some at a time, and which of them it does."""

from collections.abc import Collection, Iterable
from typing import Any

from django.db.models import Model, QuerySet

from registry.models import Action, Phase, Process
from registry.normalise import uids_in
from risk.enums import MeasureScope
from risk.models import MeasureTarget, PlannedMeasure, RiskBehaviour

_PARTS: dict[MeasureScope, tuple[type[Model], str, tuple[str, ...]]] = {
    MeasureScope.PHASES: (Phase, "process", ("position",)),
    MeasureScope.ACTIONS: (Action, "phase__process", ("phase__position", "position")),
    MeasureScope.BEHAVIOURS: (RiskBehaviour, "process", ("position",)),
}
"""By scope the rows it is about, the way to their process, and their order in it."""

Offered = dict[str, tuple[Model, str]]
"""By uid a row and how it is called."""


def offered_rows(planned: PlannedMeasure) -> QuerySet:
    """Return the rows a measure may cover, in order: the processes of its annex in use; of phases,
    actions and behaviours those of the processes it touches."""
    if planned.scope == MeasureScope.PROCESSES:
        processes = Process.objects.filter(annex=planned.annex_id).in_use()
        return processes.only("uid", "number", "code", "title", "annex").order_by("position")
    model, path, order = _PARTS[MeasureScope(planned.scope)]
    rows = model._default_manager.filter(**{f"{path}__in": _touched(planned)})
    return rows.select_related(path).order_by(f"{path}__position", *order)


def sent_rows(planned: PlannedMeasure, uids: Collection[str]) -> QuerySet:
    """Return those of the offered rows that have one of these uids; what is none is left out."""
    return offered_rows(planned).filter(uid__in=uids_in(uids))


def named(planned: PlannedMeasure, rows: Iterable[Any]) -> Offered:
    """Return rows by their uid with how they are called; one query."""
    if planned.scope == MeasureScope.PROCESSES:
        return {str(row.uid): (row, row.printed) for row in rows}
    several = _touched(planned).distinct().count() > 1
    return {str(row.uid): (row, _name(row, several=several)) for row in rows}


def held_uids(planned: PlannedMeasure) -> set[str]:
    """Return the uids of the rows a measure covers; one query."""
    column = MeasureTarget.COLUMNS[MeasureScope(planned.scope)]
    return set(map(str, planned.targets.order_by().values_list(f"{column}__uid", flat=True)))


def _touched(planned: PlannedMeasure) -> QuerySet:
    path = _PARTS[MeasureScope(planned.scope)][1]
    column = MeasureTarget.COLUMNS[MeasureScope(planned.scope)]
    touched = MeasureTarget.objects.filter(planned_measure=planned).order_by()
    return touched.values(f"{column}__{path}")


def _name(row: Any, *, several: bool) -> str:
    if isinstance(row, Action):
        process, name = row.phase.process, f"{row.phase.position}.{row.position} {row}"
    elif isinstance(row, Phase):
        process, name = row.process, f"{row.position}. {row}"
    else:
        process, name = row.process, str(row)
    return f"n. {process.number}: {name}" if several else name
