"""The figures of an annex: processes by area and level, behaviours by category, measures by state.

Counted from the rows in memory, by the same level the *tabella* prints.
"""

from collections import Counter
from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _

from registry.enums import RiskPresence
from risk.content.build_matrix import Axes, Place, axes_of, judged_place
from risk.content.build_table import level_of
from risk.content.reading import AnnexContent
from risk.content.typography import or_dash
from risk.content.values import FigureCell, FigureLine, FigureTable
from risk.enums import MeasureCharacter, StartState

_TONES = ("neutral", "low", "medium", "high", "critical")
_LAST = 10**6
"""A place after every real one."""


def figures_of(content: AnnexContent) -> tuple[FigureTable, ...]:
    """Return the tables of figures that have something to count."""
    tables = (
        _by_area_and_level(content),
        *_by_probability_and_impact(content),
        _by_category(content),
        _by_character_and_state(content),
    )
    return tuple(table for table in tables if table.lines)


def _by_area_and_level(content: AnnexContent) -> FigureTable:
    counts: Counter[tuple[str, str]] = Counter()
    areas: dict[str, tuple[int, str]] = {}
    levels: dict[str, tuple[int, str]] = {}
    tones: dict[str, str] = {}
    for process in content.processes:
        area = process.risk_area
        row = or_dash(area.printed if area else _("senza area di rischio"))
        areas[row] = (area.position, area.code) if area else (_LAST, "")
        level = level_of(process, content.default_method_id)
        if level is not None:
            column = level.label
            levels[column] = (-_TONES.index(level.tone), column)
            tones[column] = level.tone
        elif process.risk_presence == RiskPresence.ABSENT:
            column = _("rischio assente")
            levels[column] = (_LAST + 1, column)
        else:
            column = _("non valutati")
            levels[column] = (_LAST, column)
        counts[row, column] += 1
    return _table(
        _("Processi per area di rischio e livello"),
        _("Area di rischio"),
        rows=sorted(areas, key=lambda row: areas[row]),
        columns=sorted(levels, key=lambda column: levels[column]),
        counts=counts,
        tones=tones,
    )


def _by_probability_and_impact(content: AnnexContent) -> Iterator[FigureTable]:
    axes = axes_of(content.default_method)
    if axes is None:
        return
    places = [judged_place(axes, process) for process in content.processes]
    yield matrix_table(axes, Counter(place for place in places if place))


def matrix_table(axes: Axes, counts: Counter[Place]) -> FigureTable:
    """Return the matrix of a method, the highest probability above, with how many stand where."""
    highest = max(counts.values(), default=0)
    lines = []
    for row in reversed(axes.probability if counts else ()):
        cells = []
        for column in axes.impact:
            place = (row.ordinal, column.ordinal)
            result = axes.results.get(place)
            # an empty place shows its level too, the others deeper
            strength = min(strength_of(counts[place], highest) + 1, 4)
            cells.append(FigureCell(counts[place], strength, result.tone if result else "neutral"))
        lines.append(FigureLine(row.label, tuple(cells)))
    return FigureTable(
        title=_("Processi per probabilità e impatto"),
        head=_("Probabilità"),
        columns=tuple(column.label for column in axes.impact),
        lines=tuple(lines),
    )


def _by_category(content: AnnexContent) -> FigureTable:
    counts: Counter[tuple[str, str]] = Counter()
    order: dict[str, tuple[int, str]] = {}
    column = _("comportamenti")
    for process in content.processes:
        for behaviour in process.behaviours.all():
            for category in behaviour.categories.all():
                order[category.label] = (category.position, category.code)
                counts[category.label, column] += 1
            if not behaviour.categories.all():
                none = _("senza categoria")
                order[none] = (_LAST, "")
                counts[none, column] += 1
    return _table(
        _("Comportamenti a rischio per categoria di evento"),
        _("Categoria di evento rischioso"),
        rows=sorted(order, key=lambda row: order[row]),
        columns=[column],
        counts=counts,
    )


def _by_character_and_state(content: AnnexContent) -> FigureTable:
    measures = {row.pk: row for rows in content.measures.values() for row in rows}
    counts: Counter[tuple[str, str]] = Counter()
    labels = {
        MeasureCharacter.GENERAL: _("misure generali"),
        MeasureCharacter.SPECIFIC: _("misure specifiche"),
    }
    for row in measures.values():
        character = labels[MeasureCharacter(row.measure.character)]
        counts[character, str(StartState(row.start_state).label)] += 1
    used = {column for _row, column in counts}
    return _table(
        _("Misure per carattere e stato di attuazione al 1° gennaio"),
        _("Carattere"),
        rows=[label for label in labels.values() if any(label == row for row, _c in counts)],
        columns=[str(state.label) for state in StartState if str(state.label) in used],
        counts=counts,
    )


def _table(
    title: str,
    head: str,
    *,
    rows: Sequence[str],
    columns: Sequence[str],
    counts: Counter[tuple[str, str]],
    tones: dict[str, str] | None = None,
) -> FigureTable:
    highest = max((counts[row, column] for row in rows for column in columns), default=0)
    return FigureTable(
        title=title,
        head=head,
        columns=tuple(columns),
        lines=tuple(
            FigureLine(
                label=row,
                cells=tuple(
                    FigureCell(
                        count=counts[row, column],
                        strength=strength_of(counts[row, column], highest),
                        tone=(tones or {}).get(column, "neutral"),
                    )
                    for column in columns
                ),
            )
            for row in rows
        ),
    )


def strength_of(count: int, highest: int) -> int:
    """Return how deep a cell is coloured, from 0 to 4."""
    return 0 if not count else 1 + (3 * (count - 1)) // max(highest - 1, 1)
