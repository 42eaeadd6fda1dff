"""Marks of a cell that goes on over a page: "Concorsi (segue)" is the process "Concorsi"."""

import re

from risk.services.imports.file_cells import FileCell
from risk.services.imports.recognise.contexts import is_group

_MARK = r"(?:segue|continua(?:zione)?|cont\.)"
_HINT = re.compile("segue|cont", re.IGNORECASE)
_AFTER = re.compile(rf"\s*(?:[(\[]\s*{_MARK}\s*[)\]]|[–—-]+\s*segue)\s*$", re.IGNORECASE)
_BEFORE = re.compile(rf"^\s*(?:[(\[]\s*{_MARK}\s*[)\]]|segue\s*[:–—-]+)\s*", re.IGNORECASE)


def gone_on_with(cells: dict[str, FileCell]) -> dict[str, FileCell]:
    """Return the cells of a row, those said once for many rows without the mark that they go on."""
    said = {
        name: text
        for name, cell in cells.items()
        if isinstance(cell.value, str)
        and is_group(name)
        and (text := without_mark(cell.value))
        and text != cell.value
    }
    # nearly no row has one
    if not said:
        return cells
    return {**cells, **{name: cells[name]._replace(value=text) for name, text in said.items()}}


def without_mark(text: str) -> str:
    """Return a text without the mark that it goes on from above, before or after it."""
    # most texts hold neither word
    if not _HINT.search(text):
        return text
    return _BEFORE.sub("", _AFTER.sub("", text))
