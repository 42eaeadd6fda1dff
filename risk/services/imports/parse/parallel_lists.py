"""Lists that stand beside a list: terms a), b), c) beside measures a), b), c), one for each.

Of lists as long as each other the first is of the first, whatever their marks. Where one is longer
a person says what is meant: it is never guessed.
"""

import re

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from registry.normalise import short
from registry.readable import grouped
from risk.services.imports.file_cells import FileCell
from risk.services.imports.ledger import Choice, Ledger, QuestionKind
from risk.services.imports.parse.cells import entries_of
from risk.workbooks.fields import field_of

ORDER, ALL = "order", "all"
_MARK = re.compile(r"(?:(?<=\s)|^)(?:([a-z])|(\d{1,2}))\s?[.)\-–](?=\s*\S)")
_ENDS = " ;,."


class ParallelLists:
    """Gives each of several measures its part of a cell beside them."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def parts(self, name: str, cell: FileCell, count: int) -> list[FileCell | None]:
        """Return what a cell of a field says of each of `count` measures, None for nothing."""
        entries = parts_of(cell, count)
        if len(entries) == count:
            return list(entries)
        if count == 1 or len(entries) == 1:
            return [cell] * count
        if self._said(name, cell, count, len(entries)) != ORDER:
            return [cell] * count
        return [entries[place] if place < len(entries) else None for place in range(count)]

    def _said(self, name: str, cell: FileCell, count: int, entries: int) -> str | None:
        label = capfirst(str(field_of(name).label))
        value = f"{cell.sheet}, {cell.place}"
        reason = _(
            "«%(field)s»: %(entries)s voci accanto a %(count)s misure («%(text)s»): di quali "
            "misure sono?"
        ) % {
            "field": label,
            "entries": grouped(entries),
            "count": grouped(count),
            "text": short(cell.text, 160),
        }
        choices = (
            Choice(ORDER, _("una per misura, nell’ordine in cui stanno")),
            Choice(ALL, _("tutte di ogni misura")),
        )
        return self._ledger.chosen(QuestionKind.PROGRAMME, value, cell, choices, reason)


def parts_of(cell: FileCell, count: int) -> list[FileCell]:
    """Return a cell for each entry of a cell that may list several, also on one line.

    On one line it is a list only where its marks are in sequence and as many as wanted.
    """
    if not isinstance(cell.value, str):
        return [cell]
    entries = list(entries_of(cell.value))
    if len(entries) < 2 and count > 1:
        entries = _marked(cell.text, count)
    if len(entries) < 2:
        return [cell]
    return [cell._replace(value=entry, raw=entry) for entry in entries]


def _marked(text: str, count: int) -> list[str]:
    """Return the parts of "a) … b) …", [] where there are not as many; "n." and "30." mark none."""
    first = _MARK.match(text)
    if not first or (first[1] or first[2]) not in ("a", "1"):
        return []
    marks: list[re.Match[str]] = []
    for mark in _MARK.finditer(text):
        place = len(marks)
        if (mark[1] or mark[2]) == (chr(ord("a") + place) if first[1] else str(place + 1)):
            marks.append(mark)
    if len(marks) != count:
        return []
    ends = [*(mark.start() for mark in marks[1:]), len(text)]
    return [text[m.end() : end].strip(_ENDS) for m, end in zip(marks, ends, strict=True)]
