"""The objectives of a plan: what each wants, what shows it, and the measures that serve it."""

from collections import defaultdict
from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from registry.readable import grouped
from risk.content.part_values import (
    PartCell,
    PartColumn,
    PartLink,
    PartSection,
    PartTable,
    to_process,
)
from risk.content.plan_facts import AnnexFacts, MeasureFacts, PlanFacts, ProcessFacts
from risk.content.plan_values import PlanIndicator, PlanObjective
from risk.content.values import Entry

SHEETS_SHOWN = 12
"""So many sheets of a measure are led to one by one, as in a list a reader still looks through."""

Served = dict[str, list[tuple[MeasureFacts, list[tuple[AnnexFacts, ProcessFacts]]]]]
"""By the title of an objective: the measures that serve it, each with the processes it reaches."""


def objectives(facts: PlanFacts) -> tuple[PartSection, ...]:
    """Return a section for each objective, in the order of the plan."""
    served = _served(facts)
    return tuple(
        section
        for row in facts.objectives
        for section in (_said(row), *_measures(served.get(row.title, [])))
    )


def _said(row: PlanObjective) -> PartSection:
    entries = (
        Entry(_("Obiettivo di performance"), (row.performance,) if row.performance else ()),
        Entry(_("Indicatori e valori attesi"), tuple(map(_indicator, row.indicators))),
    )
    return PartSection(
        title=row.title,
        paragraphs=row.description,
        entries=tuple(entry for entry in entries if entry.lines),
    )


def _indicator(row: PlanIndicator) -> str:
    told = [_("partenza %s") % row.baseline] if row.baseline else []
    told += [f"{year}: {value}" for year, value in row.targets if value]
    said = f"{row.label}: {', '.join(told)}" if told else row.label
    beside = "; ".join(
        text
        for text in (
            row.formula and _("formula: %s") % row.formula,
            row.source and _("fonte: %s") % row.source,
        )
        if text
    )
    return f"{said} ({beside})" if beside else said


def _served(facts: PlanFacts) -> Served:
    found: dict[str, tuple[MeasureFacts, list]] = {one.uid: (one, []) for one in facts.wide}
    for annex, process in facts.processes:
        for measure in process.measures:
            found.setdefault(measure.uid, (measure, []))[1].append((annex, process))
    wide = {one.uid for one in facts.wide}
    served: Served = defaultdict(list)
    for measure, reached in found.values():
        served[measure.objective].append((measure, [] if measure.uid in wide else reached))
    return served


def _measures(rows: list) -> Iterator[PartSection]:
    if not rows:
        yield PartSection(paragraphs=(_("Nessuna misura lo serve ancora."),))
        return
    title = _("Misure che lo servono")
    columns = (
        PartColumn("misura", _("Misura"), is_fixed=True),
        PartColumn("dove", _("Dove"), is_fixed=True),
    )
    cells = tuple((PartCell((measure.title,)), _where(reached)) for measure, reached in rows)
    yield PartSection(table=PartTable(title, columns, cells))


def _where(reached: list[tuple[AnnexFacts, ProcessFacts]]) -> PartCell:
    if not reached:
        return PartCell((_("tutti gli uffici"),))
    offices = tuple(dict.fromkeys(annex.office for annex, _process in reached))
    links = tuple(
        PartLink(_("n.\N{NO-BREAK SPACE}%s") % process.number, to_process(process.uid))
        for _annex, process in reached[:SHEETS_SHOWN]
    )
    if (more := len(reached) - SHEETS_SHOWN) > 0:
        said = ngettext("e un’altra scheda", "e altre %(n)s schede", more) % {"n": grouped(more)}
        offices = (*offices, said)
    return PartCell(offices, links=links)
