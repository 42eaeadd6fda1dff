"""A block of measures pasted into the treatment of a process, with their steps and indicators.

A line without a measure goes on with the one above, as merged cells are copied: it adds a step or
an indicator. A measure lies on the process, or on those of its behaviours that its line names.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registry.acts import act
from registry.models import Process
from registry.normalise import fold, short
from registry.readable import readable
from registry.services.bulk import create_in_bulk
from registry.services.lookup import Index
from registry.services.ordering import lock_open_annex, next_value
from registry.validators import PROSE_LENGTH
from risk.enums import ProgressKind
from risk.models import (
    ImplementationStep,
    Measure,
    MeasureTarget,
    PlannedMeasure,
    ProgressIndicator,
)
from risk.services.mapping.paste.blocks import (
    AS_IT_STANDS,
    Arrangement,
    PastedCell,
    PastedColumn,
    PastedRow,
    PastePreview,
    PasteRefused,
    sure,
    understand,
)
from risk.services.mapping.paste.cells import NONE, day_cell, executor, matched, text_cell
from risk.services.treatment.programming import SCOPES

ORDER = ("measure", "rows", "responsible", "step", "timing", "due", "indicator", "target")
_TIMING, _LABEL = 250, 500
_OF_STEP = ("timing", "due")
_SPLIT = re.compile(r"[,;]")
_WITH_THOUSANDS = re.compile(r"[0-9]{1,3}(?:\.[0-9]{3})+(?:,[0-9]+)?")
_NUMBER = re.compile(r"[0-9]{1,11}(?:\.[0-9]{1,3})?")


def measure_columns(process: Process) -> tuple[PastedColumn, ...]:
    """Return the columns a block of measures may have."""
    return _columns(process, Index(administration=process.annex.plan.administration))


def preview_measures(
    *, process: Process, text: str, arrangement: Arrangement = AS_IT_STANDS
) -> PastePreview:
    """Return what a pasted text would become in the treatment of a process; nothing is written.

    Raises `PasteRefused` when the text cannot be read at all, or names no measures.
    """
    preview = understand(
        text,
        columns=measure_columns(process),
        order=ORDER,
        scope=f"measures:{process.uid}",
        arrangement=arrangement,
    )
    if not any(column.key == "measure" for column in preview.columns):
        raise PasteRefused(_("Manca la colonna «misura»: senza, non si sa che cosa si programma."))
    return replace(preview, lines=tuple(_checked(process, preview.lines)))


def take_measures(
    *, process: Process, text: str, digest: str, arrangement: Arrangement = AS_IT_STANDS, by: Any
) -> list[PlannedMeasure]:
    """Programme the measures of a previewed block, whole, in one act; return them.

    Raises `PasteRefused` when any cell has a problem, or when the outcome is no longer the one
    with this `digest`: then nothing is written.
    """
    with act("paste", by=by):
        annex = process.annex
        lock_open_annex(annex)
        shown = preview_measures(process=process, text=text, arrangement=arrangement)
        groups = _groups(sure(shown, digest).lines)
        first = next_value(PlannedMeasure.objects.filter(plan=annex.plan, annex=annex))
        for position, group in enumerate(groups, start=first):
            _fill(group, process, position)
        create_in_bulk([group.planned for group in groups], kind="paste", by=by)
        for rows in zip(*(group.rows for group in groups), strict=True):
            create_in_bulk([row for some in rows for row in some], kind="paste", by=by)
        return [group.planned for group in groups]


@dataclass
class _Group:
    """The lines of one measure, and the rows they become."""

    lines: list[PastedRow]
    planned: Any = None
    rows: tuple[list, list, list] = field(default_factory=lambda: ([], [], []))
    """Targets, steps, indicators."""


def _groups(lines: Any) -> list[_Group]:
    groups: list[_Group] = []
    for line in lines:
        if line.value("measure") is None and groups:
            groups[-1].lines.append(line)
        else:
            groups.append(_Group([line]))
    return groups


def _fill(group: _Group, process: Process, position: int) -> None:
    """Make the rows of a measure, not yet stored."""
    head = group.lines[0]
    on: list[Model] = head.value("rows") or [process]
    scope = SCOPES[type(on[0])]
    role, office = head.value("responsible") or (None, None)
    group.planned = planned = PlannedMeasure(
        plan=process.annex.plan,
        annex=process.annex,
        measure=head.value("measure"),
        scope=scope,
        position=position,
        responsible_role=role,
        responsible_office=office,
        notes="\n".join(filter(None, (line.value("notes") for line in group.lines))),
    )
    targets, steps, indicators = group.rows
    column = MeasureTarget.COLUMNS[scope]
    targets += [MeasureTarget(planned_measure=planned, **{column: row}) for row in on]
    for line in group.lines:
        if text := line.value("step"):
            steps.append(_step(planned, len(steps) + 1, text, line, is_head=line is head))
        if label := line.value("indicator"):
            indicators.append(_indicator(planned, len(indicators) + 1, label, line))


def _step(
    planned: PlannedMeasure, position: int, text: str, line: PastedRow, *, is_head: bool
) -> ImplementationStep:
    role, office = (None, None) if is_head else line.value("responsible") or (None, None)
    return ImplementationStep(
        planned_measure=planned,
        position=position,
        description=text,
        timing=line.value("timing") or "",
        due_on=line.value("due"),
        responsible_role=role,
        responsible_office=office,
    )


def _indicator(
    planned: PlannedMeasure, position: int, label: str, line: PastedRow
) -> ProgressIndicator:
    kind, target = line.value("target") or (ProgressKind.QUANTITY, None)
    return ProgressIndicator(
        planned_measure=planned,
        position=position,
        label=label,
        kind=kind,
        target=target,
        is_master=position == 1,
    )


# --- what is wrong --------------------------------------------------------------------------------


def _checked(process: Process, lines: tuple[PastedRow, ...]) -> list[PastedRow]:
    """Return the lines, with a problem where one has no measure, or one that is there already."""
    there = _there(process) if any(line.value("measure") for line in lines) else {}
    checked, has_head = [], False
    for line in lines:
        measure = line.value("measure")
        problems = _loose(line)
        if measure is not None:
            key = (measure.pk, frozenset(row.pk for row in line.value("rows") or ()))
            if key in there:
                problems["measure"] = there[key]
            there[key] = _("È già nella riga %(row)d.") % {"row": line.row}
        elif not has_head:
            problems.setdefault("measure", _("Manca la misura."))
        elif line.cells.get("rows") and line.cells["rows"].text not in NONE:
            problems["rows"] = _("Va nella riga della misura: qui continua quella sopra.")
        has_head = True
        cells = {
            key: replace(cell, problem=cell.problem or problems.get(key, ""))
            for key, cell in line.cells.items()
        }
        checked.append(replace(line, cells=cells))
    return checked


def _loose(line: PastedRow) -> dict[str, str]:
    """Return what is wrong with cells that say something of another cell, which is empty."""
    problems = {}
    for key in _OF_STEP:
        if line.value(key) and not line.value("step"):
            problems[key] = _("Manca la fase di attuazione a cui si riferisce.")
    if line.value("target") and not line.value("indicator"):
        problems["target"] = _("Manca l’indicatore a cui si riferisce.")
    return problems


def _there(process: Process) -> dict[tuple[int, frozenset[int]], str]:
    """Return the measures that lie on the process or its behaviours, and what is said then."""
    targets = MeasureTarget.objects.filter(planned_measure__annex=process.annex_id)
    on_process = targets.filter(process=process).values_list(
        "planned_measure", "planned_measure__measure", "process"
    )
    on_behaviours = targets.filter(behaviour__process=process).values_list(
        "planned_measure", "planned_measure__measure", "behaviour"
    )
    reached: dict[tuple[int, int], set[int]] = {}
    for planned, measure, _process in on_process:
        reached.setdefault((planned, measure), set())
    for planned, measure, behaviour in on_behaviours:
        reached.setdefault((planned, measure), set()).add(behaviour)
    text = _("La misura c’è già: si programma nella sua pagina.")
    return {(measure, frozenset(keys)): text for (_planned, measure), keys in reached.items()}


# --- the columns ----------------------------------------------------------------------------------


_HEADS = {
    "measure": ("misure", "misura specifica", "misure specifiche", "misure generali"),
    "rows": (
        *("comportamento", "comportamento a rischio", "comportamenti a rischio"),
        *("rischio", "rischi", "a che cosa si applica"),
    ),
    "responsible": ("responsabili", "ufficio responsabile", "soggetto responsabile"),
    "step": ("fasi di attuazione", "fasi", "fase", "azioni"),
    "timing": ("tempi di attuazione", "tempistica", "quando"),
    "due": ("scadenza", "termine", "data", "termini"),
    "indicator": ("indicatori", "indicatore di attuazione", "indicatori di attuazione"),
    "target": ("target", "risultato atteso"),
    "notes": ("modalita", "note"),
}
"""Other names a header row may give each column, folded."""


def _columns(process: Process, index: Index) -> tuple[PastedColumn, ...]:
    readers = (
        ("measure", gettext_lazy("misura"), matched(index, Measure)),
        ("rows", gettext_lazy("comportamenti"), _read_behaviours(process)),
        ("responsible", gettext_lazy("responsabile"), executor(index)),
        ("step", gettext_lazy("fase di attuazione"), _prose),
        ("timing", gettext_lazy("tempi"), _line_of(_TIMING)),
        ("due", gettext_lazy("entro il"), day_cell),
        ("indicator", gettext_lazy("indicatore"), _line_of(_LABEL)),
        ("target", gettext_lazy("valore atteso"), _read_target),
        ("notes", gettext_lazy("modalità di attuazione"), _prose),
    )
    return tuple(
        PastedColumn(key=key, label=label, read=read, heads=_HEADS[key])
        for key, label, read in readers
    )


def _prose(text: str) -> PastedCell:
    return text_cell(text, longest=PROSE_LENGTH, one_line=False)


def _line_of(longest: int) -> Callable[[str], PastedCell]:
    return lambda text: text_cell(text, longest=longest)


def _read_behaviours(process: Process) -> Callable[[str], PastedCell]:
    """Return a reader of behaviours of a process: by their places, or one by its text."""
    rows = list(process.behaviours.order_by("position"))
    by_text = {fold(row.text): row for row in rows}

    def read(text: str) -> PastedCell:
        if text in NONE:
            return PastedCell(text=text)
        places = [part.strip() for part in _SPLIT.split(text)]
        if all(part.isdecimal() and 1 <= int(part[:6]) <= len(rows) for part in places):
            found = [rows[int(part) - 1] for part in dict.fromkeys(places)]
        elif (named := by_text.get(fold(text))) is not None:
            found = [named]
        else:
            problem = _("«%(text)s» non è fra i comportamenti del processo: scrivine il numero.")
            return PastedCell(text=text, problem=problem % {"text": short(text)})
        shown = "; ".join(f"{rows.index(row) + 1}. {short(row.text)}" for row in found)
        return PastedCell(text=text, value=found, shown=shown)

    return read


def _read_target(text: str) -> PastedCell:
    """Read the value an indicator is to reach: 90%, 12, 3,5, sì."""
    if text in NONE:
        return PastedCell(text=text)
    if fold(text) in ("si", "si'", "no"):
        return PastedCell(text=text, value=(ProgressKind.ON_OFF, None), shown=_("sì/no"))
    number = text.rstrip("% ")
    if _WITH_THOUSANDS.fullmatch(number):
        number = number.replace(".", "")
    number = number.replace(",", ".")
    if not _NUMBER.fullmatch(number):
        problem = _("«%(text)s» non è un valore: si scrive 90%%, 12 oppure sì.")
        return PastedCell(text=text, problem=problem % {"text": short(text)})
    value = Decimal(number)
    kind = ProgressKind.PERCENTAGE if text.endswith("%") else ProgressKind.QUANTITY
    shown = f"{readable(value)}{' %' if kind == ProgressKind.PERCENTAGE else ''}"
    return PastedCell(text=text, value=(kind, value), shown=shown)
