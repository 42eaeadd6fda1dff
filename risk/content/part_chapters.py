"""The chapters a plan has as it is adopted: exempted offices, its measures, its figures."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from risk.content.part_values import PartCell, PartColumn, PartSection, PartTable
from risk.content.plan_facts import PlanFacts
from risk.content.typography import capital
from risk.content.values import FigureTable

EXEMPT_COLUMNS = (
    PartColumn("ufficio", gettext_lazy("Ufficio"), is_fixed=True),
    PartColumn("motivo", gettext_lazy("Motivo"), is_fixed=True),
)


def exempt(facts: PlanFacts) -> tuple[PartSection, ...]:
    """Return the offices a plan goes without, and why."""
    if not facts.exempt:
        return ()
    rows = tuple(
        (PartCell((row.office,)), PartCell(tuple(row.reason.splitlines()))) for row in facts.exempt
    )
    return (PartSection(table=PartTable(_("Uffici esonerati"), EXEMPT_COLUMNS, rows)),)


def measures(facts: PlanFacts) -> tuple[PartSection, ...]:
    """Return the measures of a whole plan, each with its programme."""
    return tuple(
        PartSection(title=f"{one.title} ({one.kind})", entries=one.entries)
        for one in facts.measures
    )


def figures(facts: PlanFacts) -> tuple[PartSection, ...]:
    """Return the figures of a plan, a table each."""
    return tuple(PartSection(one.title, table=_table(one)) for one in facts.figures)


def _table(table: FigureTable) -> PartTable:
    heads = (table.head, *map(capital, table.columns))
    columns = tuple(
        PartColumn(f"colonna-{place}", head, is_fixed=True) for place, head in enumerate(heads)
    )
    rows = tuple(
        (PartCell((capital(line.label),)), *(PartCell((str(cell.count),)) for cell in line.cells))
        for line in table.lines
    )
    return PartTable(table.title, columns, rows)
