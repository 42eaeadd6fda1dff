"""A formatted text as a tree of plain values, and what such a tree may hold.

A text is a list of blocks, each a dict by its `type`:

- `paragraph`: `runs`;
- `list`: `ordered`, `items`, each a list of blocks, and `start` where it does not begin with 1;
- `table`: `head`, a row, and `rows`; a row is a list of cells, a cell a list of runs.

A run is a dict with its `text`, and `strong`, `emphasis` (True) or `link` (an address) where it
has them. There are no other forms, so there is nothing else that could be printed.
"""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from registry.readable import grouped
from registry.validators import validate_printable

Run = dict[str, Any]
Block = dict[str, Any]

MOST_CHARACTERS = 60_000
"""Of a text as it is typed, and so of all that is read out of it."""
MOST_IN_A_PARAGRAPH = 5_000
MOST_ROWS = 300
"""Of a table, but for its head."""
MOST_COLUMNS = 12
DEEPEST = 3
"""How many lists may stand in each other."""
LINK_LENGTH = 2000
SCHEMES = ("http", "https", "mailto")
MARKS = ("strong", "emphasis")

_FIELDS = {
    "paragraph": ({"type", "runs"}, set()),
    "list": ({"type", "ordered", "items"}, {"start"}),
    "table": ({"type", "head", "rows"}, set()),
}
"""The fields of each block: those it has, those it may have."""


def check_blocks(value: Any) -> None:
    """Refuse what is no formatted text, or one with more in it than one may hold.

    Raises `ValidationError` with an Italian sentence.
    """
    _check_all(value, depth=0)
    length = sum(len(run["text"]) for run in runs_of(value))
    if length > MOST_CHARACTERS:
        raise too_long(length)


def too_long(length: int) -> ValidationError:
    """Return the refusal of a text of so many characters."""
    said = _("Il testo è lungo %(length)s caratteri: un capitolo ne tiene al massimo %(most)s.")
    return ValidationError(said, "too_long", _counts(length))


def _counts(length: int, most: int = MOST_CHARACTERS) -> dict[str, str]:
    return {"length": grouped(length), "most": grouped(most)}


def runs_of(blocks: list[Block]) -> Iterator[Run]:
    """Give every run of a text, in its order."""
    for block in blocks:
        if block["type"] == "paragraph":
            yield from block["runs"]
        elif block["type"] == "list":
            for item in block["items"]:
                yield from runs_of(item)
        else:
            for row in (block["head"], *block["rows"]):
                for cell in row:
                    yield from cell


def _check_all(blocks: Any, depth: int) -> None:
    if not isinstance(blocks, list):
        raise _unknown()
    for block in blocks:
        kind = block.get("type") if isinstance(block, dict) else None
        if not isinstance(kind, str) or kind not in _FIELDS:
            raise _unknown()
        needed, possible = _FIELDS[kind]
        if not needed <= set(block) <= needed | possible:
            raise _unknown()
        _CHECKS[kind](block, depth)


def _check_paragraph(block: Block, depth: int) -> None:
    _check_runs(block["runs"])
    if not block["runs"]:
        raise _unknown()


def _check_list(block: Block, depth: int) -> None:
    start = block.get("start", 2)
    is_counted = isinstance(start, int) and not isinstance(start, bool)
    if not is_counted or not 0 <= start < 10**9 or start == 1:
        raise _unknown()
    if not isinstance(block["ordered"], bool) or ("start" in block and not block["ordered"]):
        raise _unknown()
    if depth >= DEEPEST:
        said = _("Gli elenchi stanno uno dentro l’altro al massimo per %(most)s livelli.")
        raise ValidationError(said, "too_deep", {"most": grouped(DEEPEST)})
    if not isinstance(block["items"], list) or not block["items"] or not all(block["items"]):
        raise _unknown()
    for item in block["items"]:
        _check_all(item, depth + 1)


def _check_table(block: Block, depth: int) -> None:
    if depth:
        raise ValidationError(_("Una tabella non sta dentro un elenco."), "table_in_list")
    head, rows = block["head"], block["rows"]
    if not isinstance(head, list) or not isinstance(rows, list) or not head:
        raise _unknown()
    for said, most, count in (
        (_("Una tabella ha %(length)s righe: al massimo %(most)s."), MOST_ROWS, len(rows)),
        (_("Una tabella ha %(length)s colonne: al massimo %(most)s."), MOST_COLUMNS, len(head)),
    ):
        if count > most:
            raise ValidationError(said, "table_too_large", _counts(count, most))
    for row in (head, *rows):
        if not isinstance(row, list) or len(row) != len(head):
            raise _unknown()
        for cell in row:
            _check_runs(cell)


def _check_runs(runs: Any) -> None:
    if not isinstance(runs, list):
        raise _unknown()
    for run in runs:
        known = isinstance(run, dict) and {"text"} <= set(run) <= {"text", "link", *MARKS}
        if not known or not isinstance(run["text"], str) or not run["text"]:
            raise _unknown()
        if any(run.get(mark, True) is not True for mark in MARKS):
            raise _unknown()
        validate_printable(run["text"])
        if "link" in run:
            _check_link(run["link"])
    length = sum(len(run["text"]) for run in runs)
    if length > MOST_IN_A_PARAGRAPH:
        raise long_paragraph(length)


def long_paragraph(length: int) -> ValidationError:
    """Return the refusal of a paragraph, or a cell, of so many characters."""
    said = _(
        "Un capoverso è lungo %(length)s caratteri: al massimo %(most)s. "
        "Una riga vuota lo divide in due."
    )
    return ValidationError(said, "long_paragraph", _counts(length, MOST_IN_A_PARAGRAPH))


def _check_link(address: Any) -> None:
    if not isinstance(address, str):
        raise _unknown()
    shown = {"address": address[:80]}
    if len(address) > LINK_LENGTH:
        said = _("Il collegamento «%(address)s…» è troppo lungo.")
        raise ValidationError(said, "long_link", shown)
    try:
        parts = urlsplit(address)
        is_whole = parts.scheme == "mailto" or bool(parts.hostname)
    except ValueError:
        parts, is_whole = urlsplit(""), False
    is_plain = address.isprintable() and not any(sign in address for sign in " <>\"'`\\")
    if parts.scheme not in SCHEMES or not is_whole or not is_plain:
        said = _(
            "Il collegamento «%(address)s» non va: deve cominciare con https://, http:// "
            "o mailto: e non contenere spazi."
        )
        raise ValidationError(said, "link", shown)


def _unknown() -> ValidationError:
    return ValidationError(_("Il testo ha una forma che il registro non conosce."), "unknown_form")


_CHECKS = {"paragraph": _check_paragraph, "list": _check_list, "table": _check_table}
