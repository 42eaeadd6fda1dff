"""The ranked list of the processes of a plan."""

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


def ranking(facts: PlanFacts) -> tuple[PartSection, ...]:
    """Return all processes in one table, the gravest first; what is missing where anything is."""
    rows = tuple(_row(place, *pair) for place, pair in enumerate(facts.ranked, start=1))
    if not rows:
        return ()
    table = PartTable(_("Graduatoria dei processi"), RANKING_COLUMNS, rows)
    if not any(process.missing for _annex, process in facts.ranked):
        # as of all that was issued: a column of dashes would take its width from the reasons
        table = table.with_columns({one.name for one in RANKING_COLUMNS} - {MISSING})
    return (PartSection(table=table),)


def _row(place: int, annex: AnnexFacts, process: ProcessFacts) -> tuple[PartCell, ...]:
    name = f"{place}. {process.title}"
    sheet = _("%(office)s, scheda n. %(number)s") % {
        "office": annex.office,
        "number": process.numbered,
    }
    specific = tuple(one.title for one in process.measures if one.is_specific)
    without = _("rischio assente") if process.is_without_risk else _("non valutato")
    return (
        PartCell((sheet,), links=(PartLink(name, to_process(process.uid)),)),
        PartCell(() if process.level else (without,), level=process.level),
        PartCell(process.reason),
        PartCell(specific),
        PartCell(process.missing),
    )
