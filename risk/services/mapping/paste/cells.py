"""How one cell of a pasted block is read: a free text, a row of a list, who does something."""

import datetime
from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from registry.enums import AliasKind
from registry.readable import grouped
from registry.services.lookup import Index, NoMatch
from risk.services.mapping.paste.blocks import PastedCell

NONE = frozenset({"", "—", "-"})
"""What stands in a cell for nothing."""
_DAYS = ("%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y", "%Y-%m-%d")


def text_cell(text: str, *, longest: int, required: str = "", one_line: bool = True) -> PastedCell:
    """Return a cell of free text; `required` is what is said when it is empty."""
    clean = " ".join(text.split()) if one_line else text
    if not clean and required:
        return PastedCell(text=text, problem=required)
    if len(clean) > longest:
        problem = _("Il testo ha %(length)s caratteri: il massimo è %(limit)s.")
        return PastedCell(
            text=text, problem=problem % {"length": grouped(len(clean)), "limit": grouped(longest)}
        )
    return PastedCell(text=text, value=clean, shown=clean)


def day_cell(text: str) -> PastedCell:
    """Return a cell with a day, as people and spreadsheets write it."""
    if text in NONE:
        return PastedCell(text=text)
    for pattern in _DAYS:
        try:
            day = datetime.datetime.strptime(text, pattern).date()  # noqa: DTZ007
        except ValueError:
            continue
        return PastedCell(text=text, value=day, shown=f"{day:%d/%m/%Y}")
    problem = _("«%(text)s» non è una data: si scrive 31/12/2027.") % {"text": text[:40]}
    return PastedCell(text=text, problem=problem)


def read_once(look_up: Callable[[str], PastedCell]) -> Callable[[str], PastedCell]:
    """Return a reader that looks each text up once: a column says the same few things again."""
    known: dict[str, PastedCell] = {}

    def read(text: str) -> PastedCell:
        if text in NONE:
            return PastedCell(text=text)
        if text not in known:
            known[text] = look_up(text)
        return known[text]

    return read


def matched(index: Index, kind: Any) -> Callable[[str], PastedCell]:
    """Return a reader of the rows of a list."""

    def look_up(text: str) -> PastedCell:
        try:
            row = index.match(kind, text)
        except NoMatch as error:
            return PastedCell(text=text, problem=error.message)
        return PastedCell(text=text, value=row, shown=str(row))

    return read_once(look_up)


def executor(index: Index) -> Callable[[str], PastedCell]:
    """Return a reader of who does or answers for something: a role, an office, or "role, office".

    The value is the pair of them.
    """

    def look_up(text: str) -> PastedCell:
        try:
            return _pair(text, *_role_or_office(index, text))
        except NoMatch as refused:
            before, comma, after = text.rpartition(",")
            if not comma:
                return PastedCell(text=text, problem=refused.message)
            try:
                role = index.match(AliasKind.EXECUTOR_ROLE, before)
                return _pair(text, role, index.match(AliasKind.OFFICE, after))
            except NoMatch:
                return PastedCell(text=text, problem=refused.message)

    return read_once(look_up)


def _pair(text: str, role: Any, office: Any) -> PastedCell:
    shown = ", ".join(str(part) for part in (role, office) if part is not None)
    return PastedCell(text=text, value=(role, office), shown=shown)


def _role_or_office(index: Index, text: str) -> tuple[Any, Any]:
    try:
        return index.match(AliasKind.EXECUTOR_ROLE, text), None
    except NoMatch as refused:
        try:
            return None, index.match(AliasKind.OFFICE, text)
        except NoMatch as other:
            raise (refused if refused.suggestions else other) from other
