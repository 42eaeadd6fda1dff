"""What is said of tables that are read otherwise than they stand, or not whole."""

from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _

from registry.normalise import short
from registry.spreadsheets.workbook import Finding, address
from risk.services.imports.recognise.tables import FileTable

UNREAD_TITLES = "titles-unread"
_TOLD = 5
"""Texts over a table that are quoted when they are not read."""
_WIDTH = 80


def unread_titles(table: FileTable) -> Finding | None:
    """Say what stands over a table and is not read."""
    if not table.unread:
        return None
    texts = [short(text, _WIDTH) for _row, text in table.unread]
    told = "», «".join(texts[:_TOLD]) + "»"
    if len(texts) > _TOLD:
        last = max(row for row, _text in table.unread)
        told = _("%(texts)s e altro fino alla riga %(last)d") % {"texts": told, "last": last}
    return Finding(
        UNREAD_TITLES,
        _("Sopra la tabella, non letto: «%(texts)s.") % {"texts": told},
        sheet=table.sheet.name,
        row=next((row for row, _text in table.unread if row), 0),
        value=texts[0],
    )


def turned_findings(tables: Iterable[FileTable]) -> Iterator[Finding]:
    """Yield once for each sheet that its table stands on its side."""
    sheets = {table.sheet.name: table for table in reversed(list(tables)) if table.turned}
    for name, table in sheets.items():
        reason = _(
            "I titoli stanno nella colonna %(column)s: la tabella si legge girata, un processo "
            "per colonna."
        ) % {"column": address(0, table.turned)}
        yield Finding("turned", reason, name, 0, table.turned)
