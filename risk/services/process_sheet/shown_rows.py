"""The rows of a sheet as its forms show them, and the boxes of its matrix."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from registry.validators import long_word_warning
from risk.enums import RowKind
from risk.services.process_sheet.choices import ListChoice
from risk.services.process_sheet.row_keys import key_of
from risk.services.process_sheet.unsaved import RowToAdd, of_form

NAMES = {
    RowKind.PHASE: _("Fase"),
    RowKind.ACTION: _("Azione"),
    RowKind.BEHAVIOUR: _("Comportamento"),
}
"""How a row is called aloud, before its number."""


@dataclass
class SheetRow:
    """One phase, action or behaviour as its form shows it; `form` is the one that was refused.

    Its fields belong to the form `owner` of the whole page, where there is one.
    """

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
    age: str | None = None
    """The edition its words are of, where that is asked; "" where that of its process."""
    categories: list[ListChoice] = field(default_factory=list)
    factors: list[ListChoice] = field(default_factory=list)
    is_written_out: bool = False
    """Whether its ticks stand on the page from the start: they are not all in the lists."""
    new_uid: uuid.UUID = field(default_factory=uuid.uuid4)
    """The uid of the action added next: with it a second click adds nothing."""
    owner: str = ""
    new_form: Any = None
    """The form of the action to add, where it was refused."""

    @property
    def uid(self):
        return self.obj.uid

    @cached_property
    def key(self) -> str:
        return key_of(self.obj.uid)

    @property
    def prefix(self) -> str:
        """What the names of its fields begin with."""
        return f"{self.key}:" if self.owner else ""

    @property
    def of_form(self) -> SafeString:
        return of_form(self.owner)

    @property
    def new(self) -> RowToAdd:
        """The action to add."""
        return RowToAdd(self.new_uid, f"azione-{self.key}", self.owner, self.new_form)

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
    owner: str = ""
    prefix: str = ""
    of_form: str = ""

    @property
    def new(self) -> RowToAdd:
        return RowToAdd(self.new_uid, "")


@dataclass(frozen=True)
class CoverageCell:
    """One box of the matrix: does behaviour `column` cover the row's phase or action?"""

    value: str
    column: int
    covered: bool
    is_locked: bool = False
    typed: bool | None = None
    """Whether it was ticked or unticked in vain."""

    @property
    def is_ticked(self) -> bool:
        return self.covered if self.typed is None else self.typed
