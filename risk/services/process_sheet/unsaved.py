"""What of a sheet that was sent could not be saved, and is shown again as it was typed."""

import uuid
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from risk.services.process_sheet.row_keys import key_in


@dataclass
class UnsavedSheet:
    """The forms that were refused: of parts by their word, of rows by their key, of rows to add."""

    parts: dict[str, Any] = field(default_factory=dict)
    rows: dict[str, Any] = field(default_factory=dict)
    new: dict[str, Any] = field(default_factory=dict)
    matrix: str = ""
    """Why the boxes were not saved; then those `ticked` and `unticked` are so still."""
    ticked: set[tuple[Any, Any]] = field(default_factory=set)
    unticked: set[tuple[Any, Any]] = field(default_factory=set)

    def __bool__(self) -> bool:
        return bool(self.parts or self.rows or self.new or self.matrix)

    def is_ticked(self, box: str) -> bool | None:
        """Return whether a box was ticked or unticked in vain; None where it was not touched."""
        behaviour, _slash, step = box.partition("/")
        pair = key_in(behaviour), key_in(step)
        if pair in self.ticked:
            return True
        return False if pair in self.unticked else None


def of_form(owner: str) -> SafeString:
    """Return what makes a control part of the form with an id, nothing where it has none."""
    # the id is of our own making
    return mark_safe(f' form="{owner}"' if owner else "")  # noqa: S308


@dataclass(frozen=True)
class RowToAdd:
    """The row to add of a list, `word` says which; `form` is the one that was refused.

    Its fields belong to the form `owner` of the whole page, where there is one.
    """

    uid: uuid.UUID | str
    word: str
    owner: str = ""
    form: Any = None

    @property
    def prefix(self) -> str:
        return f"{self.word}:" if self.owner else ""

    @property
    def of_form(self) -> SafeString:
        return of_form(self.owner)

    @cached_property
    def shown_uid(self) -> Any:
        """The uid it will have: a second click with it adds nothing."""
        return self.form["uid"].value() if self.form else self.uid

    @property
    def typed(self) -> str:
        if self.form is None:
            return ""
        return self.form["text" if "text" in self.form.fields else "title"].value() or ""

    @property
    def messages(self) -> list[str]:
        """Why it was not added."""
        return sum(self.form.errors.values(), []) if self.form else []
