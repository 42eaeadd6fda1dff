"""What a person says of what stands around tables: bands, titles, paragraphs, sheets, tables."""

from dataclasses import replace

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from registry.normalise import short
from registry.readable import grouped
from risk.services.imports.ledger import QUOTED, Choice, Ledger, Question, QuestionKind, place_of
from risk.services.imports.recognise.contexts import plain_area
from risk.services.imports.recognise.descriptions import WHOLES, Said
from risk.services.imports.recognise.goes_on import REGISTER
from risk.services.imports.recognise.heads import SURE
from risk.services.imports.recognise.tables import FileTable, Recognised, SaidPlace
from risk.services.imports.recognise.told import UNREAD_TITLES, unread_titles
from risk.workbooks.fields import field_of

_QUOTES = 4


def roles() -> tuple[Choice, ...]:
    """Return what a place may say of all rows under it, processes first."""
    return tuple(Choice(name, capfirst(str(field_of(name).label))) for name in reversed(WHOLES))


def with_said_places(recognised: Recognised, ledger: Ledger) -> Recognised:
    """Return the tables with what a person has said of the places around them; ask where needed."""
    tables = [_with_roles(table, ledger) for table in recognised.tables]
    if all(one is other for one, other in zip(tables, recognised.tables, strict=True)):
        return recognised
    kept = tuple(table for table in tables if not table.is_left_out)
    findings = [one for one in recognised.findings if one.kind != UNREAD_TITLES]
    findings += filter(None, map(unread_titles, kept))
    return replace(
        recognised,
        tables=kept,
        findings=tuple(findings),
        aside=(*recognised.aside, *(table for table in tables if table.is_left_out)),
    )


def _with_roles(table: FileTable, ledger: Ledger) -> FileTable:
    """Return a table with the roles its places have."""
    said = tuple(_said(place, table, ledger) for place in table.said)
    if said == table.said and not any(place.field for place in said):
        return table
    table = replace(table, said=said)
    for place in said:
        if place.where == Said.TABLE:
            table = replace(table, is_left_out=place.field == "" and place.confidence >= SURE)
        elif place.field and place.where == Said.BAND:
            rows = frozenset(cell.row for cell in place.cells)
            table = replace(table, band_role=place.field, band_rows=rows)
        elif place.field and place.field not in table.mapping.values():
            table = _with_context(table, place)
    return table


def _with_context(table: FileTable, place: SaidPlace) -> FileTable:
    """Return a table whose rows have what a title or the name of the sheet says."""
    cell = place.cells[0]
    if place.field == "risk_area" and isinstance(cell.value, str):
        cell = cell._replace(value=plain_area(cell.value))
    unread = tuple(one for one in table.unread if one != (cell.row, cell.text))
    return replace(table, context={**table.context, place.field: cell}, unread=unread)


def _said(place: SaidPlace, table: FileTable, ledger: Ledger) -> SaidPlace:
    """Return a place with the role a person has given it, now or once; ask where one is likely."""
    answer = ledger.answer(QuestionKind.PLACE, place.value)
    keys = {REGISTER} if place.where == Said.TABLE else set(WHOLES)
    if answer.get("skip"):
        return replace(place, field="", confidence=1.0)
    if answer.get("is") in keys:
        return replace(place, field=answer["is"], confidence=1.0)
    if place.field and place.confidence < SURE:
        ledger.ask(_question(place, table))
    return place


def _question(place: SaidPlace, table: FileTable) -> Question:
    cells = place.cells
    texts = ", ".join(f"«{short(cell.text, QUOTED)}»" for cell in cells[:_QUOTES])
    more = (
        _(" e altre %(n)s") % {"n": grouped(len(cells) - _QUOTES)} if len(cells) > _QUOTES else ""
    )
    reasons = {
        Said.BAND: _("Nessuna colonna dice il processo. Fra le righe: %(texts)s. Che cosa dicono?"),
        Said.ABOVE: _(
            "Nessuna colonna dice il processo. Sopra la tabella: %(texts)s. Che cosa dice?"
        ),
        Said.TABLE: _(
            "%(texts)s non ha titoli ed è più stretta della tabella prima: la continua, colonna "
            "per colonna?"
        ),
        Said.SHEET: _("Nessuna colonna dice il processo. Il foglio: %(texts)s. Che cosa dice?"),
    }
    return Question(
        kind=QuestionKind.PLACE,
        value=place.value,
        reason=reasons[place.where] % {"texts": texts + more},
        places=texts + more,
        suggestions=roles()
        if place.where != Said.TABLE
        else (Choice(REGISTER, _("una tabella del registro")),),
        place=place_of(cells[0]) if cells else table.sheet.name,
        may_skip=True,
        proposed=place.field,
    )
