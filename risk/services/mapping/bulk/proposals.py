"""What an act on many rows would change, row by row, and what of it a person has confirmed.

Applying asks for the digest of what was shown: a row that has changed meanwhile is left as it is,
and named (docs/decisions/0061).
"""

import hashlib
from base64 import urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils.translation import gettext as _

from registry.acts import Act
from registry.hanging import paths_of
from registry.models import Annex

Row = TypeVar("Row", bound=Model)
NOTHING = "—"
"""How a row shows that it has no value."""
_MARK_LENGTH = 32
"""Signs of the mark of one row in a digest: its uid and eight bytes of what was shown of it."""


class ProposalChangedError(Exception):
    """No row is any more what was confirmed; `proposal` is what would change now."""

    def __init__(self, proposal: "BulkProposal") -> None:
        super().__init__("the rows have changed since the preview")
        self.proposal = proposal


@dataclass(frozen=True)
class BulkChange:
    """What happens to one row; `refusal` says why nothing does."""

    row: Any
    before: str = ""
    after: str = ""
    refusal: str = ""
    state: str = ""
    """What else must not have changed meanwhile, as versions of other rows."""

    @property
    def changes(self) -> bool:
        return not self.refusal and self.before != self.after

    @property
    def mark(self) -> str:
        """What tells this change from any other, of this row and of others."""
        shown = f"{self.row.version}|{self.before}|{self.after}|{self.refusal}|{self.state}"
        digest = hashlib.sha256(shown.encode()).digest()[:8]
        return urlsafe_b64encode(self.row.uid.bytes + digest).decode()


@dataclass(frozen=True)
class BulkProposal:
    """All changes of one act, in the order of the rows, and their digest."""

    changes: tuple[BulkChange, ...]

    @property
    def count(self) -> int:
        return sum(change.changes for change in self.changes)

    @property
    def refused(self) -> int:
        """How many rows nothing happens to, and why is said."""
        return sum(bool(change.refusal) for change in self.changes)

    @property
    def as_before(self) -> int:
        """How many rows are so already."""
        return len(self.changes) - self.count - self.refused

    @property
    def digest(self) -> str:
        """What a person confirms: the marks of all rows, so that each is known again by itself."""
        return "".join(change.mark for change in self.changes)


@dataclass(frozen=True)
class BulkDone:
    """An act that was done: how many rows it changed, and those that had changed meanwhile."""

    act: Act
    count: int
    left: tuple[Any, ...] = ()

    @property
    def uid(self) -> UUID:
        return self.act.uid

    @property
    def mark(self) -> str:
        """What the history rows of the act carry."""
        return self.act.mark


def confirmed(proposal: BulkProposal, digest: str) -> tuple[list[BulkChange], tuple[Any, ...]]:
    """Return what is to be done of what the person saw, and the rows that have changed since.

    Raises `ProposalChangedError` when nothing is left of it, `ValidationError` when no row that is
    as it was shown would change.
    """
    length = _MARK_LENGTH
    shown = {digest[start : start + length] for start in range(0, len(digest), length)}
    same = [change for change in proposal.changes if change.mark in shown]
    left = tuple(change.row for change in proposal.changes if change.mark not in shown)
    changes = [change for change in same if change.changes]
    if left and not changes:
        raise ProposalChangedError(proposal)
    if not changes:
        raise ValidationError(_("Nessuna delle righe scelte cambierebbe."))
    return changes, left


def read_again(rows: Sequence[Row], *, annex: Annex, related: Sequence[str] = ()) -> list[Row]:
    """Return rows as they are now, in their order; those gone or of another annex are left out.

    The caller holds the annex: nobody writes below it until the act ends. One statement.
    """
    if not rows:
        return []
    model = type(rows[0])
    (path,) = paths_of(model)
    found = model._default_manager.filter(**{path: annex}).select_related(*related)
    now = {row.pk: row for row in found.filter(pk__in=[row.pk for row in rows])}
    return [now[row.pk] for row in rows if row.pk in now]
