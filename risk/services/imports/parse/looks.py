"""What cells look like, settled before they become rows: nothing cancelled comes in unasked.

Struck and hidden words, hidden rows, boxes that are not ticked, colours in place of words. Each
kind is one question or one kind of note for the whole file; what is left out is taken out of the
sheet that is parsed, so that nothing after this knows of looks.
"""

from collections.abc import Iterator
from dataclasses import replace

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from registry.normalise import short
from registry.readable import grouped
from registry.spreadsheets.looks import boxes_in, options
from registry.spreadsheets.workbook import Finding, Value
from risk.services.imports.ledger import Choice, Ledger, Question, QuestionKind, by_sheet
from risk.services.imports.parse.colours import PLACES_TOLD, Levels, read_colours
from risk.services.imports.parse.marked_cells import Cancelled, MarkedTable, marked_of
from risk.services.imports.parse.not_applicable import rows_called_off
from risk.services.imports.recognise.tables import Recognised
from risk.workbooks.fields import INDICATOR, field_of

IN, OUT = "in", "out"
ROWS_ASKED = 12
"""Hidden rows that are asked about one by one; of more, those of a sheet hidden alike together."""
_QUOTED = 60
_ONE_OF = frozenset(
    {"level", "risk_area", "office", "function", "macroprocess", "process_kind", "executor"}
)
"""Fields of which a cell names one entry: of several boxes the one that is ticked."""
_NUMBERS = frozenset({"process_number", "row_uid"})


def with_looks_read(recognised: Recognised, ledger: Ledger, levels: Levels = tuple) -> Recognised:
    """Return the tables as their cells are seen, without what is cancelled.

    What nobody has answered yet is taken as the likely answer says. `levels` are those a colour may
    stand for.
    """
    marked = [marked_of(table) for table in recognised.tables]
    called_off = [(one, sorted(set(rows_called_off(one)))) for one in marked]
    if not any(one.has_looks or rows for one, rows in called_off):
        return recognised
    is_out = _are_cancelled_out(marked, ledger)
    rows_out = _rows_out(marked, ledger) | _called_off_out(called_off, ledger)
    for one in marked:
        if is_out:
            one.drop_cancelled()
        one.drop_rows(row for sheet, row in rows_out if sheet == one.sheet.name)
        _read_boxes(one, ledger)
        _show_texts(one)
        if not one.table.exact:
            _tell_columns(one, ledger)
    read_colours(marked, ledger, levels, recognised.workbook.sheets)
    return replace(recognised, tables=tuple(one.table for one in marked))


# struck and hidden words


def _are_cancelled_out(marked: list[MarkedTable], ledger: Ledger) -> bool:
    """Return whether what is struck or hidden stays out; asked once for the file."""
    cancelled = [one for table in marked for one in table.cancelled]
    if not cancelled:
        return False
    value = _("testi barrati o nascosti")
    answer = ledger.answer(QuestionKind.CANCELLED, value).get("is")
    places = _listed(cancelled)
    if answer not in (IN, OUT):
        ledger.ask(
            Question(
                kind=QuestionKind.CANCELLED,
                value=value,
                reason=_(
                    "Nel file sono barrati o nascosti: %(places)s. Entrano nel registro lo stesso?"
                )
                % {"places": places},
                suggestions=_sides(),
                count=len(cancelled),
                place=f"{cancelled[0].sheet.name}, {cancelled[0].place}",
                proposed=OUT,
                places=places,
            )
        )
    elif answer == OUT:
        reason = _("Barrato o nascosto nel file, lasciato fuori come è stato risposto: %(places)s.")
        first = cancelled[0]
        told = reason % {"places": places}
        ledger.add(Finding("cancelled", told, first.sheet.name, first.row, first.column))
    return answer != IN


def _listed(cancelled: list[Cancelled]) -> str:
    told = []
    for one in cancelled[:PLACES_TOLD]:
        words = {"place": one.place, "text": short(one.text, _QUOTED)}
        if not one.column:
            place = _("riga %(place)s («%(text)s»)") % words
        elif one.is_part:
            place = _("parte di %(place)s («%(text)s»)") % words
        else:
            place = _("%(place)s («%(text)s»)") % words
        told.append((one.sheet, place))
    more = len(cancelled) - len(told)
    others = ngettext("; e un altro posto", "; e altri %(n)s posti", more) % {"n": grouped(more)}
    return by_sheet(told, "; ") + (others if more else "")


def _sides() -> tuple[Choice, Choice]:
    return Choice(OUT, _("resta fuori")), Choice(IN, _("entra"))


# rows called not applicable


def _called_off_out(
    called_off: list[tuple[MarkedTable, list[int]]], ledger: Ledger
) -> set[tuple[str, int]]:
    """Return the rows called not applicable that stay out; asked once for the file."""
    rows = [
        Cancelled(one.sheet, row, 0, title)
        for one, numbers in called_off
        for row in numbers
        if (title := one.title_of(row))
    ]
    if not rows:
        return set()
    value = _("righe dette non applicabili")
    answer = ledger.answer(QuestionKind.CANCELLED, value).get("is")
    places = _listed(rows)
    if answer not in (IN, OUT):
        reason = _("Il file le dice non applicabili: %(places)s. Entrano lo stesso?")
        ledger.ask(
            Question(
                kind=QuestionKind.CANCELLED,
                value=value,
                reason=reason % {"places": places},
                suggestions=_sides(),
                count=len(rows),
                place=f"{rows[0].sheet.name}, {rows[0].place}",
                proposed=OUT,
                places=places,
            )
        )
    elif answer == OUT:
        reason = _("Detto non applicabile, lasciato fuori come è stato risposto: %(places)s.")
        told = reason % {"places": places}
        ledger.add(Finding("cancelled", told, rows[0].sheet.name, rows[0].row))
    if answer == IN:
        return set()
    return {(one.sheet.name, row) for one, numbers in called_off for row in numbers}


# hidden rows


def _rows_out(marked: list[MarkedTable], ledger: Ledger) -> set[tuple[str, int]]:
    """Return the hidden rows that stay out, with the names of their sheets."""
    hidden = list(_hidden_rows(marked))
    together = len(hidden) > ROWS_ASKED
    groups: dict[str, list[tuple[MarkedTable, int, bool]]] = {}
    for table, row, is_filtered in hidden:
        key = f"{table.sheet.name}!{row}"
        if together:
            how = _("righe nascoste da un filtro") if is_filtered else _("righe nascoste a mano")
            key = f"{table.sheet.name}: {how}"
        groups.setdefault(key, []).append((table, row, is_filtered))
    out: set[tuple[str, int]] = set()
    for key, rows in groups.items():
        is_filtered = rows[0][2]
        answer = ledger.answer(QuestionKind.HIDDEN, key).get("is")
        if answer not in (IN, OUT):
            ledger.ask(_hidden_question(key, rows))
            answer = IN if is_filtered else OUT
        elif answer == OUT:
            reason = _("Nascosto nel file: lasciato fuori, come è stato risposto.")
            table, row, _is_filtered = rows[0]
            ledger.add(Finding("hidden", reason, table.sheet.name, row, 0, _titles(rows)))
        if answer == OUT:
            out.update((table.sheet.name, row) for table, row, _is_filtered in rows)
    return out


def _hidden_rows(marked: list[MarkedTable]) -> Iterator[tuple[MarkedTable, int, bool]]:
    for table in marked:
        rows = table.sheet.hidden_rows | table.sheet.filtered_rows
        for row in sorted(rows):
            is_read = any(
                table.is_inside(row, column) and table.sheet.value(row, column) is not None
                for column in table.mapping
            )
            if is_read:
                yield table, row, row in table.sheet.filtered_rows


def _hidden_question(key: str, rows: list[tuple[MarkedTable, int, bool]]) -> Question:
    table, row, is_filtered = rows[0]
    if is_filtered:
        reason = _("Nel file un filtro nasconde la riga %(rows)s: entra nel registro?")
    else:
        reason = _("Nel file la riga %(rows)s è nascosta a mano: entra nel registro?")
    return Question(
        kind=QuestionKind.HIDDEN,
        value=key,
        reason=reason % {"rows": _titles(rows)},
        suggestions=_sides(),
        count=len(rows),
        place=f"{table.sheet.name}!{row}",
        proposed=IN if is_filtered else OUT,
    )


def _titles(rows: list[tuple[MarkedTable, int, bool]]) -> str:
    """Return hidden rows as a sentence names them, the first of many."""
    titles = [f"{n} «{short(one.title_of(n), _QUOTED)}»" for one, n, _is_filtered in rows]
    more = len(titles) - PLACES_TOLD
    return ", ".join(titles[:PLACES_TOLD]) + (
        _(" e altre %(n)s") % {"n": grouped(more)} if more > 0 else ""
    )


# boxes


def _read_boxes(marked: MarkedTable, ledger: Ledger) -> None:
    """Leave in the cells of lists what is ticked, without the signs of the boxes."""
    for row, column, look in marked.looks():
        name = marked.field_at(row, column)
        value = marked.sheet.value(row, column)
        if not (look.boxes and name and isinstance(value, str)):
            continue
        is_several = field_of(name).several
        if not (is_several or name in _ONE_OF or name.startswith(INDICATOR)):
            continue
        boxes = boxes_in(value)
        found = options(value, boxes)
        before = value[: boxes[0].start].strip() if boxes else value
        ticked = [words for is_ticked, words in found if is_ticked and words]
        unticked = [words for is_ticked, words in found if not is_ticked and words]
        place = (marked.sheet.name, row, column)
        if len(ticked) > 1 and not is_several:
            reason = _("Nella cella è spuntata più di una voce: lasciane una.")
            ledger.add(Finding("boxes", reason, *place, short(value, _QUOTED), stops=True))
        marked.put(row, column, _ticked_text(before, ticked, is_several=is_several))
        if unticked and (is_several or not ticked):
            reason = _("Voci non spuntate, lasciate fuori: %(words)s.") % {
                "words": ", ".join(f"«{words}»" for words in unticked)
            }
            ledger.add(Finding("not-ticked", reason, *place, short(value, _QUOTED)))


def _ticked_text(before: str, ticked: list[str], *, is_several: bool) -> str | None:
    if not is_several:
        return " ".join(ticked) or None
    lines = [*before.split("\n"), *(f"• {words}" for words in ticked)]
    return "\n".join(line for line in lines if line.strip()) or None


# what is seen


def _show_texts(marked: MarkedTable) -> None:
    """Put in fields for texts what a person sees of a number; others get the number."""
    for (row, column), text in marked.sheet.shown.items():
        if not marked.is_inside(row, column):
            continue
        name = marked.mapping[column]
        is_number = name in _NUMBERS or name.startswith(INDICATOR) or field_of(name).numeric
        is_level = name == "level" and not any(sign.isalpha() for sign in text)
        if not (is_number or is_level) and marked.sheet.value(row, column) is not None:
            marked.put(row, column, _seen(text))


def _seen(text: str) -> Value:
    return text.strip() or None


def _tell_columns(marked: MarkedTable, ledger: Ledger) -> None:
    for column in sorted(marked.sheet.hidden_columns):
        if column in marked.mapping:
            reason = _("La colonna è nascosta nel file: si legge come le altre.")
            heads = (one.head for one in marked.table.heads if one.column == column)
            head = next(heads, "")
            ledger.add(Finding("hidden-column", reason, marked.sheet.name, 0, column, head))
