"""What a row of a table is claimed with as soon as it is parsed."""

from django.utils.translation import gettext as _

from registry.normalise import short
from registry.spreadsheets.workbook import address
from risk.services.imports.account import Claim, Fate, SheetAccount
from risk.services.imports.recognise.claims import taken_as
from risk.services.imports.recognise.tables import FileTable
from risk.workbooks.fields import field_of

_HEAD_CHARS = 60


def row_template(table: FileTable, account: SheetAccount) -> bytes:
    """Return what a row of a table is claimed with: fields, and the columns nobody reads."""
    heads = {column.column: column for column in table.heads}
    claims = {}
    for column in range(1, table.sheet.width + 1):
        head = heads.get(column)
        what = _("colonna %(letter)s") % {"letter": address(0, column)}
        if head and head.head:
            what = f"{what} «{short(head.head, _HEAD_CHARS)}»"
        if head and head.field:
            asked = Claim(Fate.ASKED, what, str(field_of(head.field).label))
            claims[column] = asked if head.is_open else taken_as(head.field, what)
            continue
        # whoever has chosen is sure
        is_said = bool(head and head.confidence)
        reason = "" if is_said else _("nessun campo del registro ha questo titolo")
        claims[column] = Claim(Fate.LEFT_OUT, what, reason, by_person=is_said, column=column)
    return account.template(claims, Claim(Fate.LEFT_OUT), table.span)
