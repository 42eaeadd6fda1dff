"""What taking a file would do: rows to create and to change, and how a person reads it.

All comparisons are given the same change set, and tell it what they find.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Model
from django.utils.translation import gettext as _

from registry.models import Annex
from registry.services.history import FieldChange
from registry.spreadsheets.cleaning import clean_text
from registry.spreadsheets.workbook import shown
from risk.models import RiskBehaviour
from risk.services.imports.ledger import Choice, Ledger, Question, QuestionKind
from risk.services.imports.resolve.resolved import ResolvedProcess


class RowChange(NamedTuple):
    """One row of the register the import adds or changes. `office` is the name of its annex.

    A tuple, as there are tens of thousands of them.
    """

    kind: str
    label: str
    office: str
    process: str = ""
    changes: tuple[FieldChange, ...] = ()


@dataclass(frozen=True, slots=True)
class Conflict:
    """A field that both the file and somebody in the register changed since the file was written.

    `key` goes into the answers: {"conflict": {key: {"is": "file"} | {"is": "register"}}}.
    """

    key: str
    label: str
    row: str
    base: str
    file: str
    register: str


@dataclass(slots=True)
class ChangeSet:
    """Rows to create (unsaved, parents first) and to change (with the fields that differ).

    `added`, `changed`, `conflicts` and `only_in_register` say the same to people; `unchanged`
    counts rows of the register that are as the file says. `only_in_register` are processes of the
    annexes the file speaks of that it does not name, and rows of other processes whose line has
    been taken out of a file of ours.
    """

    ledger: Ledger = field(default_factory=Ledger)
    annexes: list[Annex] = field(default_factory=list)
    created: dict[type[Model], list[Any]] = field(default_factory=lambda: defaultdict(list))
    updated: dict[type[Model], dict[int, Any]] = field(default_factory=lambda: defaultdict(dict))
    fields: dict[type[Model], set[str]] = field(default_factory=lambda: defaultdict(set))
    tied: dict[type[Model], dict[tuple[str, str], list[tuple[Any, Any]]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(list))
    )
    """Pairs of rows that a new row ties, by its model and its two relations."""
    linked: list[tuple[Any, ...]] = field(default_factory=list)
    """Behaviours that are new, each with its categories and its factors."""
    relinked: dict[str, dict[int, list[int]]] = field(default_factory=lambda: defaultdict(dict))
    """Categories and factors of behaviours that are there, by name of the list and key."""
    moved: dict[type[Model], list[tuple[Any, int]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    """Phases and actions that make room for new ones, and where to."""
    added: list[RowChange] = field(default_factory=list)
    changed: list[RowChange] = field(default_factory=list)
    unchanged: int = 0
    only_in_register: list[RowChange] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)
    _bases: dict[tuple[Any, int], Any] = field(default_factory=dict)

    def create(self, row: Model, process: ResolvedProcess, label: str) -> None:
        """Add a row to be created."""
        self.created[type(row)].append(row)
        kind, title = row._meta.model_name or "", process.parsed.title[:200]
        self.added.append(RowChange(kind, label[:200], process.office.name, title))

    def tie(
        self,
        model: type[Model],
        relations: tuple[str, str],
        pair: tuple[Any, Any],
        process: ResolvedProcess,
        label: str,
    ) -> None:
        """Add a row to be created that does nothing but tie two others by its relations."""
        self.tied[model][relations].append(pair)
        kind, title = model._meta.model_name or "", process.parsed.title[:200]
        self.added.append(RowChange(kind, label[:200], process.office.name, title))

    def forget_told(self) -> None:
        """Let go of what is said to people and was asked of them: what is left can be written."""
        self.ledger = Ledger()
        for told in (self.added, self.changed, self.only_in_register, self.conflicts):
            told.clear()

    def forget_rows(self) -> None:
        """Let go of the rows to create and to change: what is left can be told."""
        for rows in (self.created, self.updated, self.tied, self.relinked, self.moved):
            rows.clear()
        self.linked.clear()
        self._bases.clear()

    def settle(
        self, row: Any, values: dict[str, Any], said: Any, process: ResolvedProcess, label: str
    ) -> None:
        """Change the fields of a row that the file changes; conflicts where both sides did.

        `said` is what the file says of the row, with its uid and version; None where it has none.
        """
        if not values:
            self.unchanged += 1
            return
        base = self._base(row, said) if getattr(said, "version", 0) else None
        changes = []
        asked = len(self.conflicts)
        for name, value in values.items():
            value = made_or_none(value)
            before = getattr(row, name)
            if _same(before, value):
                continue
            field_label = str(row._meta.get_field(name).verbose_name)
            if base is not None:
                attname = row._meta.get_field(name).attname
                at_base = getattr(base, attname)
                if _same(at_base, getattr(value, "pk", value)):
                    continue
                if not _same(at_base, getattr(row, attname)) and not self._chosen(
                    row, name, field_label, label, (base, before, value)
                ):
                    continue
            changes.append(
                FieldChange(field_label, _shown(row, name, before), _shown(row, name, value))
            )
            self._update(row, name, value)
        if changes:
            self.tell_changed(row, label, process, changes)
        elif len(self.conflicts) == asked:
            # a row both sides have changed is not as the file says
            self.unchanged += 1

    def tell_changed(
        self, row: Model, label: str, process: ResolvedProcess, changes: Iterable[FieldChange]
    ) -> None:
        """Add how a row to be changed is told to people."""
        kind, title = row._meta.model_name or "", process.parsed.title[:200]
        self.changed.append(
            RowChange(kind, label[:200], process.office.name, title, tuple(changes))
        )

    def relink(self, row: RiskBehaviour, name: str, keys: list[int]) -> None:
        """Give a behaviour that is there other categories or factors."""
        self.updated[RiskBehaviour][row.pk] = row
        self.relinked[name][row.pk] = keys

    def refuse(self, process: ResolvedProcess, reason: str, name: str = "") -> None:
        """Refuse a process of the file, at the cell of a field that is to blame, if any."""
        self.ledger.refusals.append(process.parsed.line(reason, name))

    def base_of(self, row: Any, said: Any) -> Any:
        """Return a row as the file knows it: as it was when the file was written."""
        return (self._base(row, said) if getattr(said, "version", 0) else None) or row

    def _update(self, row: Any, name: str, value: Any) -> None:
        setattr(row, name, value)
        self.updated[type(row)][row.pk] = row
        self.fields[type(row)].add(name)

    def _base(self, row: Any, said: Any) -> Any:
        """Return the row as it was when the file was written; None where it is still so."""
        if said.uid != row.uid or said.version == row.version:
            return None
        return self._bases.get((row.uid, said.version))

    def read_bases(self, rows: Iterable[Any], versions: Mapping[Any, int]) -> None:
        """Read how rows were at the versions a file knows, by uid: one query for each model."""
        stale = defaultdict(list)
        # most files know of none
        for row in rows if versions else ():
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
                self.moved[type(row)].append((row, last + 1))
                last += 1
                continue
            last = row.position

    def _chosen(
        self, row: Any, name: str, field_label: str, label: str, sides: tuple[Any, Any, Any]
    ) -> bool:
        """Whether the file's value wins; asks when nobody has said."""
        key = f"{row.uid}:{name}"
        answer = self.ledger.answer(QuestionKind.CONFLICT, key).get("is")
        if answer in ("file", "register"):
            return answer == "file"
        base, before, value = sides
        shown = [_shown(row, name, side) for side in (getattr(base, name, ""), value, before)]
        self.conflicts.append(Conflict(key, field_label, label, *shown))
        self.ledger.ask(
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


def made_or_none(value: Any) -> Any:
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
