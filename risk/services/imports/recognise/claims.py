"""What recognising claims of the cells of a file: sheets left out, titles, heads, labels."""

from collections import defaultdict

from django.utils.translation import gettext as _

from risk.services.imports.account import Account, Claim, Fate, SheetAccount
from risk.services.imports.recognise.tables import FileTable, Recognised
from risk.workbooks import rowids
from risk.workbooks.fields import field_of
from risk.workbooks.layouts import FILE_LAYOUTS

_NAMED = frozenset({"process_number", "process_title"})


def claim_outside(recognised: Recognised, account: Account) -> None:
    """Claim all cells but those of the rows under the heads, which are parsed."""
    tables: dict[str, list[FileTable]] = defaultdict(list)
    for table in recognised.tables:
        tables[table.sheet.name].append(table)
    if recognised.ids:
        # the sheets of a file of ours that nobody sees are no cells of anybody
        account.forget(rowids.SHEET, rowids.LISTS)
    for name, own in account.sheets.items():
        if name not in tables:
            own.claim_rows(1, len(own.sheet.rows), _of_sheet(recognised, name))
        elif FILE_LAYOUTS[tables[name][0].layout].is_blocks:
            _claim_blocks(own, tables[name])
        else:
            for table in tables[name]:
                _claim_heads(own, table)


def taken_as(name: str, what: str = "") -> Claim:
    """Return the claim of cells taken as a field."""
    return Claim(Fate.TAKEN, what, str(field_of(name).label))


def _of_sheet(recognised: Recognised, name: str) -> Claim:
    reason = recognised.left_out.get(name, "")
    return Claim(Fate.LEFT_OUT, _("foglio «%(name)s»") % {"name": name}, reason)


def _claim_heads(own: SheetAccount, table: FileTable) -> None:
    """Claim what stands over the rows of a table."""
    for name, cell in table.context.items():
        if cell.row:
            own.set(cell.row, cell.column, taken_as(name, _("sopra la tabella")))
    if table.header_rows:
        above, span = table.header_rows[0] - 1, table.span
        title = Claim(Fate.TITLE, _("righe sopra i titoli delle colonne"))
        # a title over two tables side by side stands over either of them
        own.claim_rows(table.top, above, title, span if table.top > 1 else None)
        heads = Claim(Fate.TITLE, _("titoli delle colonne"))
        own.claim_rows(above + 1, table.first_row - 1, heads, span)


def _claim_blocks(own: SheetAccount, tables: list[FileTable]) -> None:
    """Claim the labels and values of a sheet with one block of them for each process."""
    values = {
        (cell.row, cell.column): name
        for table in tables
        for name, cell in table.context.items()
        if cell.row
    }
    label = Claim(Fate.TITLE, _("etichette"))
    for (row, column), name in values.items():
        for before in range(1, column):
            # what a process is called by may stand in two cells, its number in the first
            claim = taken_as("process_number") if name in _NAMED else label
            if (row, before) not in values:
                own.set(row, before, claim)
        own.set(row, column, taken_as(name, _("valori delle etichette")))
    parsed = [(table.first_row, table.last_row or len(own.sheet.rows)) for table in tables]
    rows_of_values = {row for row, _column in values}
    for table in tables:
        for row in set(table.header_rows) - rows_of_values:
            own.claim_rows(row, row, Claim(Fate.TITLE, _("titoli delle colonne")))
    first = min((row for row, name in _named_rows(values)), default=1)
    own.claim_rows(1, first - 1, Claim(Fate.TITLE, _("righe sopra le schede")))
    unread = Claim(
        Fate.LEFT_OUT, _("testi delle schede"), _("nessuna etichetta del registro sta accanto")
    )
    after = first
    for start, end in [*sorted(parsed), (len(own.sheet.rows) + 1, 0)]:
        own.claim_rows(after, start - 1, unread)
        after = max(after, end + 1)


def _named_rows(values: dict[tuple[int, int], str]) -> list[tuple[int, str]]:
    return [(row, name) for (row, _column), name in values.items() if name in _NAMED]
