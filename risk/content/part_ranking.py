"""The ranked list of the processes of a plan, and those that have no place in it."""

from collections.abc import Iterable, Sequence
from itertools import groupby

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from risk.content.part_values import (
    PartCell,
    PartColumn,
    PartLink,
    PartSection,
    PartTable,
    to_process,
)
from risk.content.plan_facts import AnnexFacts, PlanFacts, ProcessFacts

MISSING = "manca"
RANKING_COLUMNS = (
    PartColumn("processo", gettext_lazy("Processo"), is_fixed=True),
    PartColumn("livello", gettext_lazy("Livello"), is_fixed=True),
    PartColumn("motivazione", gettext_lazy("Motivazione")),
    PartColumn("misure", gettext_lazy("Misure specifiche")),
    PartColumn(MISSING, gettext_lazy("Che cosa manca")),
)
_UNRANKED_COLUMNS = (
    PartColumn("senza-livello", gettext_lazy("Processo"), is_fixed=True),
    PartColumn("scheda", gettext_lazy("Scheda"), is_fixed=True),
    *RANKING_COLUMNS[2:],
)
_Ranked = tuple[AnnexFacts, ProcessFacts]


def ranking(facts: PlanFacts) -> tuple[PartSection, ...]:
    """Return the processes with a level in one table, the gravest first; behind it the others.

    Those have no level, and most of them no reason and no measures: as rows of the same table they
    would be pages of dashes.
    """
    ranked = [pair for pair in facts.ranked if pair[1].level]
    others = [pair for pair in facts.ranked if not pair[1].level]
    sections = [_section_of_ranked(ranked)] if ranked else []
    for is_without, group in groupby(others, key=lambda pair: pair[1].is_without_risk):
        title = _("Rischio assente") if is_without else _("Processi non ancora valutati")
        sections.append(_section_of_others(title, list(group)))
    return tuple(sections)


def _section_of_ranked(pairs: Sequence[_Ranked]) -> PartSection:
    rows = tuple(_row(place, *pair) for place, pair in enumerate(pairs, start=1))
    return PartSection(table=_table(_("Graduatoria dei processi"), RANKING_COLUMNS, rows))


def _section_of_others(title: str, pairs: Sequence[_Ranked]) -> PartSection:
    missing = {process.missing for _annex, process in pairs}
    # what all of them lack is said once
    is_common = len(missing) == 1 and missing != {()}
    said = _("Che cosa manca a ciascuno: %s.") % ", ".join(missing.pop()) if is_common else ""
    rows = (
        (
            PartCell(links=(PartLink(process.title, to_process(process.uid)),)),
            PartCell((_sheet(annex, process),)),
            PartCell(process.reason),
            PartCell(_specific(process)),
            PartCell(() if is_common else process.missing),
        )
        for annex, process in pairs
    )
    table = _table(title, _UNRANKED_COLUMNS, rows)
    return PartSection(title, paragraphs=(said,) if said else (), table=table)


def _table(
    title: str, columns: tuple[PartColumn, ...], rows: Iterable[tuple[PartCell, ...]]
) -> PartTable:
    """Return a table without its empty columns, as of what is missing once all is issued.

    A column of dashes would take its width from the reasons.
    """
    kept = tuple(rows)
    filled = {
        column.name
        for place, column in enumerate(columns)
        if any(row[place] != PartCell() for row in kept)
    }
    return PartTable(title, columns, kept).with_columns(filled)


def _row(place: int, annex: AnnexFacts, process: ProcessFacts) -> tuple[PartCell, ...]:
    name = f"{place}. {process.title}"
    return (
        PartCell((_sheet(annex, process),), links=(PartLink(name, to_process(process.uid)),)),
        PartCell(level=process.level),
        PartCell(process.reason),
        PartCell(_specific(process)),
        PartCell(process.missing),
    )


def _sheet(annex: AnnexFacts, process: ProcessFacts) -> str:
    names = {"office": annex.office, "number": process.numbered}
    return _("%(office)s, scheda n. %(number)s") % names


def _specific(process: ProcessFacts) -> tuple[str, ...]:
    return tuple(one.title for one in process.measures if one.is_specific)
