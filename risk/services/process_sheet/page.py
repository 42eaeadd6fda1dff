"""What the process sheet shows, read in a number of queries that does not grow with it."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db.models import (
    OuterRef,
    QuerySet,
    Subquery,
    prefetch_related_objects,
)
from django.utils.translation import gettext_lazy as _

from registry.kept_children import KeptChildren
from registry.models import (
    Action,
    Phase,
    Process,
)
from registry.services.process_lookup import ProcessLookup
from registry.validators import long_word_warning
from risk.content.adopted_names import name_as_adopted
from risk.enums import RowKind
from risk.models import Coverage, RiskBehaviour
from risk.services.process_sheet.choices import ListChoice, choice_lists, ticked, words_of
from risk.services.process_sheet.ends import with_ends
from risk.services.process_sheet.row_keys import key_of

NAMES = {
    RowKind.PHASE: _("Fase"),
    RowKind.ACTION: _("Azione"),
    RowKind.BEHAVIOUR: _("Comportamento"),
}
"""How a row is called aloud, before its number."""
EXECUTED = ("executor_role", "executor_office")


def process_of(user, uid, *, to_read: bool = False, is_shown: bool = False) -> Process:
    """Return a process of the person's, with its names; else Http404.

    `to_read` finds those of other offices too, of which the person's offices execute a part. What
    `is_shown` as a page has what stands at its head as well, which a save does not ask for.
    """
    find = _SHOWN if is_shown else _NAMED
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


def _executed(rows: QuerySet) -> QuerySet:
    return rows.select_related(*EXECUTED).order_by("position")


_PHASES = KeptChildren("phases", lambda pk: _executed(Phase.objects.filter(process=pk)))
_ACTIONS = KeptChildren("actions", lambda pk: _executed(Action.objects.filter(phase__process=pk)))
_BEHAVIOURS = KeptChildren(
    "behaviours", lambda pk: RiskBehaviour.objects.filter(process=pk).order_by("position")
)
_COVERAGES = KeptChildren("coverages", lambda pk: Coverage.objects.filter(behaviour__process=pk))


def read_rows(process: Process) -> None:
    """Read the phases, actions, behaviours and coverages of a process: four queries.

    Of an adopted plan the offices have the names of its adoption: one query more.
    """
    phases = _PHASES([process], process.pk)
    steps = [*phases, *_ACTIONS(phases, process.pk)]
    _COVERAGES(_BEHAVIOURS([process], process.pk), process.pk)
    name_as_adopted(process.annex.plan, [row.executor_office for row in steps])


@dataclass
class SheetRow:
    """One phase, action or behaviour as its form shows it; `form` is the one that was refused."""

    obj: Any
    place: int
    last: int
    number: str
    kind: RowKind
    form: Any = None
    notes: list[str] = field(default_factory=list)
    actions: list["SheetRow"] = field(default_factory=list)
    cells: list["CoverageCell"] = field(default_factory=list)
    covered: str = ""
    is_locked: bool = False
    """Whether it is the RPCT's, and not this person's to change."""
    categories: list[ListChoice] = field(default_factory=list)
    factors: list[ListChoice] = field(default_factory=list)
    is_written_out: bool = False
    """Whether its ticks stand on the page from the start: they are not all in the lists."""
    new_uid: uuid.UUID = field(default_factory=uuid.uuid4)
    """The uid of the action added next: with it a second click adds nothing."""

    @property
    def uid(self):
        return self.obj.uid

    @property
    def key(self) -> str:
        return key_of(self.obj.uid)

    @property
    def waits_for_actions(self) -> bool:
        """Whether its actions may give it, or take from it, what it misses: an executor."""
        obj = self.obj
        has_own = self.kind != RowKind.PHASE or obj.executor_role_id or obj.executor_office_id
        return not has_own

    @property
    def anchor(self) -> str:
        return f"{self.kind.word}-{self.obj.uid}"

    @property
    def before(self) -> int | None:
        return self.place - 1 if self.place > 1 else None

    @property
    def after(self) -> int | None:
        return self.place + 1 if self.place < self.last else None

    @property
    def version(self) -> int:
        return self.form["version"].value() if self.form else self.obj.version

    @cached_property
    def label(self) -> str:
        """How the row is called aloud; each of its fields asks for it, and for what is marked."""
        return f"{NAMES[self.kind]} {self.number}".strip()

    @property
    def names(self) -> list[tuple[str, list[str], str]]:
        """The fields of the row with what is wrong in each, and the text in it."""
        return [(name, self.errors.get(name, []), text) for name, text in self.values.items()]

    @cached_property
    def marked(self) -> set[str]:
        """The fields something is to be said of: an error, or a warning of their text."""
        return {name for name, errors, text in self.names if errors or long_word_warning(text)}

    @property
    def was_categories(self) -> str:
        return "\t".join(choice.code for choice in self.categories if choice.chosen)

    @property
    def was_factors(self) -> str:
        return "\t".join(choice.code for choice in self.factors if choice.chosen)

    @property
    def chosen_words(self) -> list[ListChoice]:
        return [choice for choice in (*self.categories, *self.factors) if choice.chosen]

    @cached_property
    def values(self) -> dict[str, str]:
        """What stands in the fields: as typed when the form was refused, else as saved."""
        names = ("title", "text", "description", "executor_role", "executor_office")
        saved = {name: getattr(self.obj, name) for name in names if hasattr(self.obj, name)}
        typed = {
            name: self.form[name].value()
            for name in saved
            if self.form and name in self.form.fields
        }
        return {
            name: "" if value is None else str(value) for name, value in (saved | typed).items()
        }

    @property
    def errors(self) -> dict[str, list[str]]:
        return self.form.errors if self.form else {}


@dataclass(frozen=True)
class NoRow:
    """What the acts and lists of every row of a kind are written out from, by the script.

    Places stand for those of a row with neighbours.
    """

    kind: RowKind
    uid: uuid.UUID = uuid.UUID(int=0)
    key: str = "{chiave}"
    label: str = "{nome}"
    number: str = "{numero}"
    new_uid: str = "{nuova}"
    before: int = 1
    after: int = 1
    categories: Sequence[ListChoice] = ()
    factors: Sequence[ListChoice] = ()
    was_categories: str = ""
    was_factors: str = ""


@dataclass(frozen=True)
class CoverageCell:
    """One box of the matrix: does behaviour `column` cover the row's phase or action?"""

    value: str
    column: int
    covered: bool
    is_locked: bool = False


@dataclass
class SheetPage:
    """All the sheet shows of a process."""

    process: Process
    can_change: bool
    lists: dict[str, list[ListChoice]]
    phases: list[SheetRow]
    behaviours: list[SheetRow]
    notes: dict[str, list[str]]
    new_phase_uid: uuid.UUID = field(default_factory=uuid.uuid4)
    new_behaviour_uid: uuid.UUID = field(default_factory=uuid.uuid4)

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
    phases = _rows(process.phases.all(), RowKind.PHASE, None, None)
    for phase in phases:
        phase.actions = _rows(phase.obj.actions.all(), RowKind.ACTION, None, None, phase.number)
    behaviours = _rows(process.behaviours.all(), RowKind.BEHAVIOUR, None, None)
    sheet = SheetPage(process, True, {}, phases, behaviours, {})
    _add_matrix(sheet)
    return sheet


def build_sheet(
    process: Process,
    *,
    notes: dict[str, list[str]],
    can_change: bool,
    is_rpct: bool = False,
    refused: Any = None,
) -> SheetPage:
    """Return the sheet of a process whose rows are read; a `refused` form shows with its errors.

    `notes` are the missing points by the id of the place where they are mended. What was added
    ex officio is locked to whoever `can_change` and is not the RPCT.
    """
    lists = choice_lists(process.annex.plan.administration)
    refused_uid = refused.instance.uid if refused is not None else None
    phases = _rows(process.phases.all(), RowKind.PHASE, refused, refused_uid)
    for phase in phases:
        phase.actions = _rows(
            phase.obj.actions.all(), RowKind.ACTION, refused, refused_uid, phase.number
        )
    behaviours = _rows(process.behaviours.all(), RowKind.BEHAVIOUR, refused, refused_uid)
    for row in behaviours:
        row.is_locked = can_change and row.obj.is_ex_officio and not is_rpct
    sheet = SheetPage(process, can_change, lists, phases, behaviours, notes)
    _add_words(process, sheet)
    _add_matrix(sheet)
    add_notes(sheet, notes)
    return sheet


def add_notes(sheet: SheetPage, notes: dict[str, list[str]]) -> None:
    """Say beside each row of a sheet what it misses; `notes` by the id of its place."""
    for row in (*sheet.steps, *sheet.behaviours):
        row.notes = notes.get(row.anchor, [])


def _rows(objects, kind: RowKind, refused, refused_uid, above: str = "") -> list[SheetRow]:
    objects = list(objects)
    return [
        SheetRow(
            obj=obj,
            place=place,
            last=len(objects),
            number=f"{above}.{place}" if above else str(place),
            kind=kind,
            form=refused if obj.uid == refused_uid else None,
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
    for row in sheet.behaviours:
        numbers = [step.number for step in sheet.steps if step.cells[row.place - 1].covered]
        row.covered = ", ".join(numbers)
