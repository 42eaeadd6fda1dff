"""What a comparison finds: rows to create and to change, conflicts, refusals."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext as _

from registry.models import Annex
from registry.services.history import FieldChange
from registry.spreadsheets.cleaning import clean_text
from registry.spreadsheets.workbook import address, shown
from risk.models import RiskBehaviour
from risk.services.imports.shapes import (
    Choice,
    Conflict,
    Preview,
    Problem,
    Question,
    QuestionKind,
    RowChange,
)
from risk.services.imports.wanted import WantedProcess


@dataclass(slots=True)
class Writes:
    """Rows to create (unsaved, parents first) and to change (with the fields that differ)."""

    annexes: list[Annex] = field(default_factory=list)
    created: dict[type[Model], list[Any]] = field(default_factory=lambda: defaultdict(list))
    changed: dict[type[Model], dict[int, Any]] = field(default_factory=lambda: defaultdict(dict))
    fields: dict[type[Model], set[str]] = field(default_factory=lambda: defaultdict(set))
    lists: list[tuple[RiskBehaviour, list[Any], list[Any]]] = field(default_factory=list)
    words: dict[str, dict[int, list[int]]] = field(default_factory=lambda: defaultdict(dict))
    """Categories and factors of behaviours that are there, by name of the list and key."""
    moved: dict[type[Model], list[tuple[Any, int]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    """Phases and actions that make room for new ones, and where to."""
    values: Any = None

    def change(self, row: Any, name: str, value: Any) -> None:
        setattr(row, name, value)
        self.changed[type(row)][row.pk] = row
        self.fields[type(row)].add(name)


class Noting:
    """Notes in a preview what is found, and in its `Writes` what would be written."""

    def __init__(self, *, preview: Preview, answers: Mapping[str, Any]) -> None:
        self.preview = preview
        self.writes = preview.writes = Writes()
        self.office = ""
        """Name of the office whose process is being compared."""
        self._answers = answers
        self._bases: dict[tuple[Any, int], Any] = {}

    def create(self, row: Model, wanted: WantedProcess, label: str) -> None:
        """Note a row to be created."""
        self.writes.created[type(row)].append(row)
        self.preview.added.append(
            RowChange(
                row._meta.model_name or "", label[:200], wanted.office.name, wanted.title[:200]
            )
        )

    def settle(
        self, row: Any, values: dict[str, Any], said: Any, label: str, process: str = ""
    ) -> None:
        """Note the fields of a row that the file changes; conflicts where both sides did."""
        base = self._base(row, said) if getattr(said, "version", 0) else None
        changes = []
        asked = len(self.preview.conflicts)
        for name, value in values.items():
            value = plain(value)
            before = getattr(row, name)
            if _same(before, value):
                continue
            field_label = str(row._meta.get_field(name).verbose_name)
            if base is not None:
                attname = row._meta.get_field(name).attname
                at_base = getattr(base, attname)
                told = getattr(value, "pk", value)
                if _same(at_base, told):
                    continue
                if not _same(at_base, getattr(row, attname)) and not self._chosen(
                    row, name, field_label, label, (base, before, value)
                ):
                    continue
            changes.append(
                FieldChange(field_label, _shown(row, name, before), _shown(row, name, value))
            )
            self.writes.change(row, name, value)
        if changes:
            self.preview.changed.append(
                RowChange(
                    row._meta.model_name, label[:200], self.office, process[:200], tuple(changes)
                )
            )
        elif len(self.preview.conflicts) == asked:
            # a row both sides have changed is not as the file says
            self.preview.unchanged += 1

    def _base(self, row: Any, said: Any) -> Any:
        """Return the row as it was when the file was written; None where it is still so."""
        if said.uid != row.uid or said.version == row.version:
            return None
        return self._bases.get((row.uid, said.version))

    def read_bases(self, rows: Iterable[Any], versions: Mapping[Any, int]) -> None:
        """Read how rows were at the versions a file knows, by uid: one query for each model."""
        stale = defaultdict(list)
        for row in rows:
            if versions.get(row.uid, row.version) != row.version:
                stale[type(row)].append(row)
        for model, changed in stale.items():
            wanted = {versions[row.uid] for row in changed}
            keys = [row.pk for row in changed]
            records = model.history.filter(id__in=keys, version__in=wanted)
            for record in records.order_by("history_id"):
                self._bases[record.uid, record.version] = record

    def place(self, rows: list[Any]) -> None:
        """Give new rows their place among their siblings, as ordered here.

        Rows that are there already keep their place, or make room.
        """
        last = 0
        for row in rows:
            if row.pk is None:
                row.position = last + 1
            elif row.position <= last:
                self.writes.moved[type(row)].append((row, last + 1))
                last += 1
                continue
            last = row.position

    def _chosen(
        self, row: Any, name: str, field_label: str, label: str, sides: tuple[Any, Any, Any]
    ) -> bool:
        """Whether the file's value wins; asks when nobody has said."""
        key = f"{row.uid}:{name}"
        answer = self._answers.get(QuestionKind.CONFLICT, {}).get(key, {}).get("is")
        if answer in ("file", "register"):
            return answer == "file"
        base, before, value = sides
        shown = [_shown(row, name, side) for side in (getattr(base, name, ""), value, before)]
        self.preview.conflicts.append(Conflict(key, field_label, label, *shown))
        self.preview.questions.append(
            Question(
                kind=QuestionKind.CONFLICT,
                value=key,
                reason=_(
                    "«%(field)s» di «%(row)s» è cambiato nel file e nel registro: quale resta?"
                )
                % {"field": field_label, "row": label[:120]},
                suggestions=(Choice("file", shown[1]), Choice("register", shown[2])),
            )
        )
        return False

    def refuse(self, wanted: WantedProcess, reason: str, field: str = "") -> None:
        """Note that a process of the file cannot be taken, at the cell that is to blame, if any."""
        cell = wanted.row.cells.get(field)
        column, value = (address(0, cell.column), cell.text) if cell else ("", wanted.title)
        self.preview.problems.append(
            Problem(wanted.row.sheet, wanted.row.row, column, value[:120], reason)
        )


def plain(value: Any) -> Any:
    """A row of a list still to be made is None: it is made first, then all is compared again."""
    return value if value is None or isinstance(value, (str, int, Decimal, Model)) else None


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, str) and isinstance(other, str):
        return one == other or _plain_text(one) == _plain_text(other)
    return one == other


def _plain_text(text: str) -> str:
    """Return a text as a file can bring it back: unseen signs and kinds of blanks do not count."""
    return " ".join(clean_text(text)[0].split())


def _shown(row: Any, name: str, value: Any) -> str:
    if value in (None, ""):
        return ""
    if isinstance(value, Decimal):
        return shown(float(value))
    choices = dict(row._meta.get_field(name).flatchoices)
    return str(choices.get(value, value))
