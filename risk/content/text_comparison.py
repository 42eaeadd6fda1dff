"""What changed in an annex’s own texts: its names and the text blocks of each layout."""

import dataclasses
from collections.abc import Iterator

from django.utils.translation import gettext as _

from registry.services.history import FieldChange
from risk.content.comparison import ContentChange
from risk.content.values import DASH, AnnexDocument
from risk.enums import ChangeKind, Layout, TextSlot


@dataclasses.dataclass(frozen=True)
class TextChanges:
    """The changes of an annex’s own texts; None where there is nothing before them."""

    since_act: tuple[ContentChange, ...] | None
    since_edition: tuple[ContentChange, ...] | None
    digest: str
    """That of the texts as they are (`risk.content.annex_texts.cover_digest`)."""

    @property
    def is_first(self) -> bool:
        """Whether there is only the edition to compare with: no act of this annex yet."""
        return self.since_act is None


def cover_changes(
    before: AnnexDocument, after: AnnexDocument, *, is_open: bool, same_plan: bool
) -> tuple[ContentChange, ...]:
    """Return what changed, the names first, then one row a layout with its texts field by field.

    An annex that `is_open` may have no names yet, they come when it is submitted; only within the
    `same_plan` is another title of the plan a change.
    """
    names = [
        one
        for one in _names(before, after, same_plan=same_plan)
        if one.before != one.after and (one.after or not is_open)
    ]
    rows = [(_("Intestazione"), tuple(names))]
    rows += [(layout.label.capitalize(), tuple(_texts(before, after, layout))) for layout in Layout]
    return tuple(
        ContentChange(ChangeKind.CHANGED, title, fields=fields) for title, fields in rows if fields
    )


def _names(
    before: AnnexDocument, after: AnnexDocument, *, same_plan: bool
) -> Iterator[FieldChange]:
    yield FieldChange(_("Amministrazione"), before.administration, after.administration)
    if same_plan:
        yield FieldChange(_("Piano"), before.plan, after.plan)
    yield FieldChange(_("Ufficio"), before.office, after.office)
    old, new = (str(one.head).removeprefix(DASH) for one in (before, after))
    yield FieldChange(_("Responsabile"), old, new)


def _texts(before: AnnexDocument, after: AnnexDocument, layout: Layout) -> Iterator[FieldChange]:
    old, new = (one.texts_of(layout.value) for one in (before, after))
    for slot in TextSlot:
        was, now = (getattr(one, slot.value) for one in (old, new))
        if was != now:
            yield FieldChange(slot.label.capitalize(), was, now)
