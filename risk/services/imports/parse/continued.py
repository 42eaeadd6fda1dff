"""Marks of a cell that goes on over a page: "Concorsi (segue)" is the process "Concorsi"."""

import re

from risk.services.imports.file_cells import FileCell
from risk.services.imports.recognise.contexts import is_group

_MARK = r"(?:segue|continua(?:zione)?|cont\.)"
_HINT = re.compile("segue|cont", re.IGNORECASE)
_AFTER = re.compile(rf"\s*(?:[(\[]\s*{_MARK}\s*[)\]]|[–—-]+\s*segue)\s*$", re.IGNORECASE)
_BEFORE = re.compile(rf"^\s*(?:[(\[]\s*{_MARK}\s*[)\]]|segue\s*[:–—-]+)\s*", re.IGNORECASE)


def gone_on_with(name: str, cell: FileCell) -> FileCell:
    """Return a cell said once for many rows without the mark that it goes on from above."""
    if not isinstance(cell.value, str) or not is_group(name):
        return cell
    text = without_mark(cell.value)
    return cell._replace(value=text) if text and text != cell.value else cell


def without_mark(text: str) -> str:
    """Return a text without the mark that it goes on from above, before or after it."""
    # every cell of a file comes through here, and most hold neither word
    if not _HINT.search(text):
        return text
    return _BEFORE.sub("", _AFTER.sub("", text))
