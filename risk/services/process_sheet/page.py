"""What the process sheet shows, read in a number of queries that does not grow with it."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import (
    OuterRef,
    QuerySet,
    Subquery,
    prefetch_related_objects,
)

from registry.kept_children import KeptChildren
from registry.models import (
    Action,
    Phase,
    Process,
)
from registry.services.process_lookup import ProcessLookup
from risk.content.adopted_names import name_as_adopted
from risk.enums import RowKind
from risk.models import Coverage, RiskBehaviour
from risk.services.process_sheet.choices import ListChoice, choice_lists, ticked, words_of
from risk.services.process_sheet.ends import with_ends
from risk.services.process_sheet.row_keys import key_of
from risk.services.process_sheet.shown_rows import CoverageCell, NoRow, SheetRow
from risk.services.process_sheet.shown_texts import TEXTS, as_shown
from risk.services.process_sheet.unsaved import RowToAdd, UnsavedSheet

EXECUTED = ("executor_role", "executor_office")


def process_of(
    user, uid, *, to_read: bool = False, is_shown: bool = False, is_whole: bool = False
) -> Process:
    """Return a process of the person's, with its names; else Http404.

    `to_read` finds those of other offices too, of which the person's offices execute a part. What
    `is_shown` as a page has what stands at its head as well, which a save does not ask for; what is
    saved `is_whole` has what its lists are compared with.
    """
    find = _SHOWN if is_shown else _LISTED if is_whole else _NAMED
    return find(user, uid, to_read=to_read)


def _named(rows: QuerySet[Process]) -> QuerySet[Process]:
    return rows.select_related("annex__plan__administration", "annex__office__administration")


def _headed(rows: QuerySet[Process]) -> QuerySet[Process]:
    """Return processes with what they come from and belong to, their ends and neighbours."""
    rows = _named(rows).select_related(
        "library_copy__library_process__administration", "macroprocess__function", "risk_area"
    )
    return _with_neighbours(with_ends(rows))


def _with_neighbours(rows: QuerySet[Process]) -> QuerySet[Process]:
    neighbours = Process.objects.filter(annex=OuterRef("annex"), retired_on__isnull=True).order_by()
    after = neighbours.filter(position__gt=OuterRef("position")).order_by("position")
    before = neighbours.filter(position__lt=OuterRef("position")).order_by("-position")
    return rows.annotate(
        before_uid=Subquery(before.values("uid")[:1]),
        before_number=Subquery(before.values("number")[:1]),
        after_uid=Subquery(after.values("uid")[:1]),
        after_number=Subquery(after.values("number")[:1]),
    )


_SHOWN, _NAMED = ProcessLookup(_headed), ProcessLookup(_named)
_LISTED = ProcessLookup(lambda rows: _named(rows).select_related("macroprocess", "risk_area"))


def _executed(rows: QuerySet) -> QuerySet:
    return rows.select_related(*EXECUTED).order_by("position")


_PHASES = KeptChildren("phases", lambda pk: _executed(Phase.objects.filter(process=pk)))
_ACTIONS = KeptChildren("actions", lambda pk: _executed(Action.objects.filter(phase__process=pk)))
_BEHAVIOURS = KeptChildren(
    "behaviours", lambda pk: RiskBehaviour.objects.filter(process=pk).order_by("position")
)
_COVERAGES = KeptChildren("coverages", lambda pk: Coverage.objects.filter(behaviour__process=pk))


def rows_of_kind(process: Process, kind: RowKind) -> list[Any]:
    """Read the phases, the actions or the behaviours of a process: one query."""
    if kind == RowKind.PHASE:
        return _PHASES([process], process.pk)
    if kind == RowKind.ACTION:
        rows = _executed(Action.objects.filter(phase__process=process.pk))
        actions = list(rows.select_related("phase"))
        for action in actions:
            action.phase.process = process
        return actions
    return _BEHAVIOURS([process], process.pk)


def read_rows(process: Process) -> None:
    """Read the phases, actions, behaviours and coverages of a process: four queries.

    Of an adopted plan the offices have the names of its adoption: one query more.
    """
    phases = _PHASES([process], process.pk)
    steps = [*phases, *_ACTIONS(phases, process.pk)]
    _COVERAGES(_BEHAVIOURS([process], process.pk), process.pk)
    name_as_adopted(process.annex.plan, [row.executor_office for row in steps])


@dataclass
class SheetPage:
    """All the sheet shows of a process."""

    process: Process
    can_change: bool
    lists: dict[str, list[ListChoice]]
    phases: list[SheetRow]
    behaviours: list[SheetRow]
    notes: dict[str, list[str]]
    owner: str = ""
    """The id of the form all fields of the page belong to; none where each row has its own."""
    unsaved: UnsavedSheet = field(default_factory=UnsavedSheet)

    @property
    def new_phase(self) -> RowToAdd:
        return self._new(RowKind.PHASE)

    @property
    def new_behaviour(self) -> RowToAdd:
        return self._new(RowKind.BEHAVIOUR)

    def _new(self, kind: RowKind) -> RowToAdd:
        return RowToAdd(uuid.uuid4(), kind.word, self.owner, self.unsaved.new.get(kind.word))

    @property
    def covered_boxes(self) -> str:
        """The boxes ticked when the page was made, of those this person may untick."""
        cells = (cell for step in self.steps for cell in step.cells)
        return " ".join(cell.value for cell in cells if cell.covered and not cell.is_locked)

    @property
    def no_rows(self) -> list[NoRow]:
        """One of each kind of row, of which there is none."""
        words = {name: self.lists.get(name, []) for name in ("category", "factor")}
        return [
            NoRow(RowKind.PHASE),
            NoRow(RowKind.ACTION),
            NoRow(RowKind.BEHAVIOUR, categories=words["category"], factors=words["factor"]),
        ]

    @property
    def shown_rows(self) -> str:
        """What stands in the rows, in short: what is sent as it was shown need not be looked up."""
        return " ".join(
            as_shown(row.kind, row.key, [str(getattr(row.obj, name) or "") for name in names])
            for row in (*self.steps, *self.behaviours)
            if (names := TEXTS[row.kind])
        )

    def tell_ages(self, ages: Mapping[str, str]) -> None:
        """Give rows what is said beside them of the edition their words are of, by uid."""
        for row in (*self.steps, *self.behaviours):
            row.age = ages.get(str(row.uid), "")

    @property
    def has_locked(self) -> bool:
        return any(row.is_locked for row in self.behaviours)

    @property
    def steps(self) -> list[SheetRow]:
        """Phases and actions in the order of the matrix."""
        return [row for phase in self.phases for row in (phase, *phase.actions)]


def build_matrix(process: Process) -> SheetPage:
    """Return what the matrix shows, with the boxes as they are now."""
    prefetch_related_objects([process], "phases__actions", "behaviours")
    for behaviour in process.behaviours.all():
        behaviour._prefetched_objects_cache = {}
    prefetch_related_objects(list(process.behaviours.all()), "coverages")
    phases, behaviours = _rows_of(process, UnsavedSheet(), "")
    sheet = SheetPage(process, True, {}, phases, behaviours, {})
    _add_matrix(sheet)
    return sheet


def build_sheet(
    process: Process,
    *,
    notes: dict[str, list[str]],
    can_change: bool,
    is_rpct: bool = False,
    owner: str = "",
    unsaved: UnsavedSheet | None = None,
) -> SheetPage:
    """Return the sheet of a process whose rows are read; what is `unsaved` shows with its errors.

    `notes` are the missing points by the id of the place where they are mended. What was added
    ex officio is locked to whoever `can_change` and is not the RPCT. The fields belong to the form
    `owner`, or each to that of its row.
    """
    unsaved = unsaved or UnsavedSheet()
    lists = choice_lists(process.annex.plan.administration)
    phases, behaviours = _rows_of(process, unsaved, owner)
    for row in behaviours:
        row.is_locked = can_change and row.obj.is_ex_officio and not is_rpct
    sheet = SheetPage(process, can_change, lists, phases, behaviours, notes, owner, unsaved)
    _add_words(process, sheet)
    _add_matrix(sheet)
    add_notes(sheet, notes)
    return sheet


def add_notes(sheet: SheetPage, notes: dict[str, list[str]]) -> None:
    """Say beside each row of a sheet what it misses; `notes` by the id of its place."""
    for row in (*sheet.steps, *sheet.behaviours):
        row.notes = notes.get(row.anchor, [])


def _rows_of(
    process: Process, unsaved: UnsavedSheet, owner: str
) -> tuple[list[SheetRow], list[SheetRow]]:
    """Return the phases, with their actions, and the behaviours."""
    phases = _rows(process.phases.all(), RowKind.PHASE, unsaved, owner)
    for phase in phases:
        actions = phase.obj.actions.all()
        phase.actions = _rows(actions, RowKind.ACTION, unsaved, owner, phase.number)
        phase.new_form = unsaved.new.get(phase.new.word)
    return phases, _rows(process.behaviours.all(), RowKind.BEHAVIOUR, unsaved, owner)


def _rows(
    objects, kind: RowKind, unsaved: UnsavedSheet, owner: str, above: str = ""
) -> list[SheetRow]:
    objects = list(objects)
    return [
        SheetRow(
            obj=obj,
            place=place,
            last=len(objects),
            number=f"{above}.{place}" if above else str(place),
            kind=kind,
            form=unsaved.rows.get(key_of(obj.uid)) if unsaved.rows else None,
            owner=owner,
        )
        for place, obj in enumerate(objects, start=1)
    ]


def _add_words(process: Process, sheet: SheetPage) -> None:
    words = words_of(process)
    for row in sheet.behaviours:
        row.categories = ticked(
            sheet.lists.get("category", []), words.get((row.obj.pk, "category"))
        )
        row.factors = ticked(sheet.lists.get("factor", []), words.get((row.obj.pk, "factor")))
        offered = sum(len(sheet.lists.get(name, [])) for name in ("category", "factor"))
        row.is_written_out = len(row.categories) + len(row.factors) > offered


def _add_matrix(sheet: SheetPage) -> None:
    covered = {
        (row.obj.pk, coverage.phase_id, coverage.action_id)
        for row in sheet.behaviours
        for coverage in row.obj.coverages.all()
    }
    for step in sheet.steps:
        is_phase = step.kind == RowKind.PHASE
        step.cells = [
            CoverageCell(
                value=f"{row.key}/{step.key}",
                column=row.place,
                covered=(
                    row.obj.pk,
                    step.obj.pk if is_phase else None,
                    None if is_phase else step.obj.pk,
                )
                in covered,
                is_locked=row.is_locked,
            )
            for row in sheet.behaviours
        ]
        if sheet.unsaved.matrix:
            step.cells = [
                replace(cell, typed=sheet.unsaved.is_ticked(cell.value)) for cell in step.cells
            ]
    for row in sheet.behaviours:
        numbers = [step.number for step in sheet.steps if step.cells[row.place - 1].covered]
        row.covered = ", ".join(numbers)
