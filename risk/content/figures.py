"""Figures of an annex or of a plan: counts by area and level, by category, by kind and state."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.db.models import Count, Prefetch, QuerySet
from django.utils.translation import gettext as _

from registry.enums import RiskPresence
from registry.models import Annex, Plan, Process, RiskArea
from risk.content.build_figures import strength_of
from risk.content.build_matrix import Axes, Place, axes_of, judged_place
from risk.content.levels import counts_by_level, default_levels
from risk.enums import MeasureCharacter, Moment, StartState
from risk.models import (
    Assessment,
    Level,
    Method,
    PlannedMeasure,
    Rating,
    RiskBehaviour,
)

NONE = "-"
"""How the filter of a list asks for rows that have nothing in a column."""


@dataclass(frozen=True)
class CountCell:
    """A count, and the filter (name → value) of the list that shows its rows."""

    count: int
    filters: dict[str, str]
    tone: str = ""
    strength: int = 0
    """From 0 (nothing) to 4 (the highest count of the table): how deep its colour is."""


@dataclass(frozen=True)
class CountRow:
    """A row of a table: its label and its cells, the last one its total."""

    label: str
    cells: tuple[CountCell, ...]


@dataclass(frozen=True)
class CountTable:
    """One table of figures, ready for page and paper."""

    columns: tuple[str, ...]
    lines: tuple[CountRow, ...]
    total: int


@dataclass(frozen=True)
class Figures:
    """All the tables of one subject."""

    levels: CountTable
    matrix: CountTable | None
    """By probability and impact, where the default method has both."""
    categories: CountTable
    measures: CountTable
    method: str


MeasureCounts = Mapping[tuple[str, str], int]
"""Planned measures by the character of their measure and the state they start from."""


def annex_figures(annex: Annex, measures: MeasureCounts | None = None) -> Figures:
    """Return the figures of one annex, in a number of queries that does not grow with it.

    `measures` are its own, where they have been counted already.
    """
    if measures is None:
        measures = measures_counted(annex)
    return _figures(annex.plan, Process.objects.filter(annex=annex), measures)


def measures_counted(annex: Annex) -> MeasureCounts:
    """Return how many measures an annex has, in one query."""
    return _counted(PlannedMeasure.objects.of_annex(annex))


def plan_figures(plan: Plan, annexes: QuerySet) -> Figures:
    """Return the figures of the annexes of a plan that a person may see."""
    processes = Process.objects.filter(annex__in=annexes)
    measures = PlannedMeasure.objects.filter(plan=plan).exclude(
        annex__isnull=False, annex__in=plan.annexes.exclude(pk__in=annexes)
    )
    return _figures(plan, processes, _counted(measures))


def _figures(plan: Plan, processes: QuerySet, measures: MeasureCounts) -> Figures:
    processes = processes.in_use().order_by()
    levels = default_levels(plan)
    behaviours = RiskBehaviour.objects.filter(process__in=processes).order_by()
    return Figures(
        levels=_by_area_and_level(processes, levels),
        matrix=_by_probability_and_impact(processes, levels[0].method if levels else None),
        categories=_by_category(behaviours),
        measures=_by_character_and_state(measures),
        method=str(levels[0].method) if levels else "",
    )


def _by_area_and_level(processes: QuerySet, levels: list[Level]) -> CountTable:
    counts: Counter = Counter()
    for (area, level, presence), n in counts_by_level(processes, levels).items():
        absent = presence == RiskPresence.ABSENT and level is None
        counts[area, "assente" if absent else level] += n
    areas = RiskArea.objects.in_bulk({area for area, _level in counts if area})
    ordered = sorted(areas.values(), key=lambda area: (area.position, area.code))
    columns = [
        *((level.pk, level.label, level.tone, level.code) for level in levels),
        (None, _("non valutati"), "", NONE),
        ("assente", _("rischio assente"), "", ""),
    ]
    lines = [(area.printed, area.pk, area.code) for area in ordered]
    if any(area is None for area, _level in counts):
        lines.append((_("senza area di rischio"), None, NONE))
    highest = max(counts.values(), default=0)
    return CountTable(
        columns=tuple(label for _key, label, _tone, _filter in columns),
        lines=tuple(
            CountRow(label, _level_cells(area, area_filter, columns, counts, highest))
            for label, area, area_filter in lines
        ),
        total=sum(counts.values()),
    )


def _by_probability_and_impact(processes: QuerySet, method: Method | None) -> CountTable | None:
    axes = axes_of(method)
    if axes is None:
        return None
    counts = Counter(places_of(processes, axes).values())
    highest = max(counts.values(), default=0)
    return CountTable(
        columns=tuple(column.label for column in axes.impact),
        lines=tuple(
            CountRow(row.label, tuple(_matrix_cells(axes, row, counts, highest)))
            for row in reversed(axes.probability)
        ),
        total=sum(counts.values()),
    )


def _matrix_cells(axes: Axes, row: Level, counts: Counter, highest: int) -> Iterator[CountCell]:
    for column in axes.impact:
        count = counts[row.ordinal, column.ordinal]
        filters = {"probabilita": row.code, "impatto": column.code}
        result = axes.results.get((row.ordinal, column.ordinal))
        # an empty place shows its level too, the others deeper
        strength = min(strength_of(count, highest) + 1, 4)
        yield CountCell(count, filters, result.tone if result else "", strength)


def places_of(processes: QuerySet, axes: Axes) -> dict[int, Place]:
    """Return where processes stand between probability and impact, by key; six queries.

    Those not judged by the method of the axes are left out.
    """
    ratings = Rating.objects.select_related("indicator", "level", "answer")
    judged = (
        Assessment.objects.filter(method=axes.method, moment=Moment.INHERENT, level__isnull=False)
        .select_related("level")
        .prefetch_related(Prefetch("ratings", queryset=ratings))
    )
    rows = processes.prefetch_related(
        Prefetch("assessments", queryset=judged),
        Prefetch("behaviours", queryset=RiskBehaviour.objects.only("process")),
        Prefetch("behaviours__assessments", queryset=judged),
    )
    places = {row.pk: judged_place(axes, row) for row in rows}
    return {key: place for key, place in places.items() if place}


def _level_cells(area, area_filter: str, columns, counts: Counter, highest: int) -> tuple:
    cells = []
    for key, _label, tone, level_filter in columns:
        count = counts[area, key]
        filters = {"area": area_filter}
        if key == "assente":
            filters["presenza"] = RiskPresence.ABSENT.value
        else:
            filters["livello"] = level_filter
        cells.append(CountCell(count, filters, tone, strength_of(count, highest)))
    cells.append(CountCell(sum(cell.count for cell in cells), {"area": area_filter}))
    return tuple(cells)


def _by_category(behaviours: QuerySet) -> CountTable:
    words = ("position", "code", "label")
    rows = behaviours.values_list("categories", *(f"categories__{word}" for word in words))
    rows = list(rows.annotate(n=Count("pk")))
    ordered = sorted((row for row in rows if row[0]), key=lambda row: row[1:3])
    highest = max((n for *_words, n in ordered), default=0)
    lines = [
        CountRow(label, (_category_cell(n, code, highest),))
        for _key, _position, code, label, n in ordered
    ]
    lines += [
        CountRow(_("senza categoria"), (_category_cell(n, NONE, 0),))
        for key, *_words, n in rows
        if key is None
    ]
    total = sum(n for *_words, n in rows)
    return CountTable(columns=(_("comportamenti"),), lines=tuple(lines), total=total)


def _category_cell(count: int, code: str, highest: int) -> CountCell:
    strength = strength_of(count, highest) if highest else 0
    return CountCell(count, {"categoria": code}, "", strength)


def _counted(measures: QuerySet) -> MeasureCounts:
    rows = measures.order_by().values_list("measure__character", "start_state")
    return {(character, state): n for character, state, n in rows.annotate(n=Count("pk"))}


def _by_character_and_state(counts: MeasureCounts) -> CountTable:
    states = [state for state in StartState if any(key[1] == state for key in counts)]
    highest = max(counts.values(), default=0)
    return CountTable(
        columns=tuple(str(state.label) for state in states),
        lines=tuple(
            _measure_line(character, states, counts, highest) for character in MeasureCharacter
        ),
        total=sum(counts.values()),
    )


def _measure_line(
    character, states: Iterable[StartState], counts: MeasureCounts, highest: int
) -> CountRow:
    cells = []
    for state in states:
        count = counts.get((character.value, state.value), 0)
        filters = {"carattere": character.value, "stato": state.value}
        cells.append(CountCell(count, filters, "", strength_of(count, highest)))
    cells.append(CountCell(sum(cell.count for cell in cells), {"carattere": character.value}))
    general = character == MeasureCharacter.GENERAL
    return CountRow(_("misure generali") if general else _("misure specifiche"), tuple(cells))
