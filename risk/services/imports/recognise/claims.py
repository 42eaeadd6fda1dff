"""What recognising claims of the cells of a file: sheets left out, titles, heads, labels."""

from collections import defaultdict

from django.utils.translation import gettext as _

from registry.normalise import short
from registry.spreadsheets.workbook import Where, shown
from risk.services.imports.account import Account, Claim, Fate, SheetAccount
from risk.services.imports.recognise.descriptions import DESCRIPTIONS
from risk.services.imports.recognise.summaries import is_of_people
from risk.services.imports.recognise.tables import FileColumn, FileTable, Recognised
from risk.workbooks import rowids
from risk.workbooks.fields import field_of

_HEAD_CHARS = 60
_NAMED = frozenset({"process_number", "process_title"})


def claim_outside(recognised: Recognised, account: Account) -> None:
    """Claim all cells but those of the rows under the heads, which are parsed."""
    tables: dict[str, list[FileTable]] = defaultdict(list)
    for table in recognised.tables:
        tables[table.sheet.name].append(table)
    if recognised.ids:
        # the sheets of a file of ours that nobody sees are no cells of anybody
        account.forget(rowids.SHEET, rowids.LISTS)
    for table in recognised.aside:
        if own := account.sheets.get(table.sheet.name):
            what = _("tabella «%(key)s»") % {"key": table.key}
            left_out = Claim(Fate.LEFT_OUT, what, "", by_person=True)
            if not table.is_left_out:
                reason = _("conta i processi e non li nomina")
                if is_of_people(table):
                    reason = _("persone, firme o revisioni")
                left_out = Claim(Fate.LEFT_OUT, what, reason, is_noted=True)
            own.claim_rows(table.top, table.last_row or len(own.sheet.rows), left_out, table.span)
    for name, own in account.sheets.items():
        own.claim_aside(_aside())
        if name not in tables:
            unread = _of_sheet(recognised, name)
            own.claim_rows(1, len(own.sheet.rows), unread)
            own.claim_above(unread)
        elif DESCRIPTIONS[tables[name][0].layout].is_blocks:
            _claim_forms(own, tables[name])
            own.claim_above(Claim(Fate.TITLE, _("righe sopra le schede")))
        else:
            for table in tables[name]:
                _claim_heads(own, table)


def _aside() -> dict[str, Claim]:
    """Return the claims of the texts that stand outside the tables, by where they stand."""
    return {
        Where.AFTER: Claim(Fate.LEFT_OUT, _("testo dopo l’ultima tabella")),
        Where.PAGE_HEAD: Claim(Fate.TITLE, _("intestazioni e piè di pagina")),
        Where.NOTE: Claim(Fate.LEFT_OUT, _("note a piè di pagina o di chiusura")),
        Where.BOX: Claim(Fate.LEFT_OUT, _("riquadri di testo")),
        Where.DRAWN: Claim(Fate.LEFT_OUT, _("grafici e diagrammi")),
    }


def taken_as(name: str, what: str = "") -> Claim:
    """Return the claim of cells taken as a field."""
    return Claim(Fate.TAKEN, what, str(field_of(name).label))


def _of_sheet(recognised: Recognised, name: str) -> Claim:
    reason = recognised.left_out.get(name, "")
    return Claim(Fate.LEFT_OUT, _("foglio «%(name)s»") % {"name": name}, reason)


def _claim_heads(own: SheetAccount, table: FileTable) -> None:
    """Claim what stands over the rows of a table."""
    for name, cell in table.context.items():
        taken = taken_as(name, _("sopra la tabella"))
        if cell.sheet == own.sheet.name and cell.row:
            own.set(cell.row, cell.column, taken)
        elif cell.sheet == own.sheet.name:
            own.set_above(shown(cell.raw), taken)
    own.claim_above(Claim(Fate.TITLE, _("righe sopra i titoli delle colonne")))
    if table.header_rows:
        above, span = table.header_rows[0] - 1, table.span
        title = Claim(Fate.TITLE, _("righe sopra i titoli delle colonne"))
        # a title over two tables side by side stands over either of them
        own.claim_rows(table.top, above, title, span if table.top > 1 else None)
        heads = Claim(Fate.TITLE, _("titoli delle colonne"))
        own.claim_rows(above + 1, table.first_row - 1, heads, span)


def _claim_forms(own: SheetAccount, tables: list[FileTable]) -> None:
    """Claim the labels and values of a sheet of forms; the rows of their tables are parsed."""
    label = Claim(Fate.TITLE, _("etichette"))
    for table in tables:
        for one in table.labels:
            _claim_label(own, one, label)
        for name, cell in table.context.items():
            for before in range(1, cell.column):
                # what a process is called by may stand in two cells, its number in the first
                is_named = name in _NAMED and cell.origin == "context"
                own.claim(cell.row, before, taken_as("process_number") if is_named else label)
            own.claim(cell.row, cell.column, taken_as(name, _("valori delle etichette")))
        # of a table on its side the titles are those of processes, each of a table of its own
        for row in () if table.turned else table.header_rows:
            heads = Claim(Fate.TITLE, _("titoli delle colonne"))
            own.claim_rows(row, row, heads, table.span)
        _claim_numbers(own, table)
    parsed = [(table.first_row, table.last_row or len(own.sheet.rows)) for table in tables]
    first = min(_first_rows(tables), default=1)
    own.claim_rows(1, first - 1, Claim(Fate.TITLE, _("righe sopra le schede")))
    unread = Claim(
        Fate.LEFT_OUT, _("testi delle schede"), _("nessuna etichetta del registro sta accanto")
    )
    after = first
    for start, end in [*sorted(parsed), (len(own.sheet.rows) + 1, 0)]:
        own.claim_rows(after, start - 1, unread)
        after = max(after, end + 1)


def _claim_numbers(own: SheetAccount, table: FileTable) -> None:
    """Claim the numbers before the lines of a list: they only count them."""
    if len(table.heads) != 1:
        return
    numbers = Claim(Fate.TITLE, _("numeri delle voci"))
    for row in range(table.first_row, table.last_row + 1):
        for column in range(1, table.heads[0].column):
            own.claim(row, column, numbers)


def _claim_label(own: SheetAccount, one: FileColumn, label: Claim) -> None:
    """Claim a label and its value: taken, or left out with the label nobody knows."""
    if one.label is None:
        return
    cell = one.label.cell
    if one.field and not one.is_open:
        own.claim(cell.row, cell.column, taken_as(one.field, _("valori delle etichette")))
    elif one.field:
        asked = Claim(Fate.ASKED, _("valori delle etichette"), str(field_of(one.field).label))
        own.claim(cell.row, cell.column, asked)
    else:
        what = _("etichetta «%(head)s»") % {"head": short(one.head, _HEAD_CHARS)}
        reason = "" if one.confidence else _("nessun campo del registro ha questo titolo")
        unread = Claim(Fate.LEFT_OUT, what, reason, by_person=bool(one.confidence))
        own.claim(cell.row, cell.column, unread)
    own.claim(one.label.row, one.label.column, label)


def _first_rows(tables: list[FileTable]) -> list[int]:
    """Return the rows where forms begin: of the first label, or of the name of a process."""
    rows = [one.label.row for table in tables for one in table.labels if one.label]
    named = [cell.row for table in tables for name, cell in table.context.items() if name in _NAMED]
    return [*rows, *named]
