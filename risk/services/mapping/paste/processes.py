"""A block of processes pasted into the map of an annex."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registry.acts import act
from registry.enums import AliasKind, ProcessKind, RiskPresence
from registry.models import Annex, Process
from registry.models.processes import CODE_LENGTH, TITLE_LENGTH
from registry.normalise import fold
from registry.readable import grouped, whole_code
from registry.services.bulk import create_in_bulk
from registry.services.lookup import Index
from registry.services.ordering import lock_open_annex, next_value
from registry.validators import PROSE_LENGTH
from risk.services.mapping.paste.blocks import (
    AS_IT_STANDS,
    Arrangement,
    PastedCell,
    PastedColumn,
    PastedRow,
    PastePreview,
    PasteRefused,
    sure,
    understand,
)
from risk.services.mapping.paste.cells import matched, text_cell

HIGHEST_NUMBER = 99_999
ORDER = ("kind", "function", "macroprocess", "process", "area", "office", "presence")
"""The columns of the map, as in the office catalogue, for a block without a header row."""

SHOWN = ("number", "process", "kind", "macroprocess", "area", "presence")
"""The columns of the map that are typed in, as they stand on the screen."""

# As printed: "n. 17 Gestione S.I. e rete: …". A bare number may be part of the title.
_NUMBERED = re.compile(r"n\s*[.°]?\s*(\d{1,9})(?:\s*[.)\-–:]\s*|\s+)(?=\S)", re.IGNORECASE)
_PLAIN_NUMBER = re.compile(r"(?:n\s*[.°]?\s*)?(\d{1,9})\s*[.)]?", re.IGNORECASE)

_KINDS = {
    "processo primario": ProcessKind.PRIMARY,
    "primario": ProcessKind.PRIMARY,
    "primari": ProcessKind.PRIMARY,
    "p": ProcessKind.PRIMARY,
    "processo di supporto": ProcessKind.SUPPORT,
    "di supporto": ProcessKind.SUPPORT,
    "supporto": ProcessKind.SUPPORT,
    "s": ProcessKind.SUPPORT,
}
_PRESENCES = {
    "da accertare": RiskPresence.TO_ASSESS,
    "presente": RiskPresence.PRESENT,
    "si": RiskPresence.PRESENT,
    "si'": RiskPresence.PRESENT,
    "x": RiskPresence.PRESENT,
    "assente": RiskPresence.ABSENT,
    "no": RiskPresence.ABSENT,
}


def process_columns(annex: Annex) -> tuple[PastedColumn, ...]:
    """Return the columns a block of processes may have."""
    return _columns(annex, Index(administration=annex.plan.administration))


def process_order(arrangement: Arrangement) -> tuple[str, ...]:
    """Return the columns of a block without titles: from the cell on, else as in the catalogue."""
    if arrangement.start in SHOWN:
        return SHOWN[SHOWN.index(arrangement.start) :]
    return ORDER


def preview_processes(
    *,
    annex: Annex,
    text: str,
    follow_on: bool = False,
    arrangement: Arrangement = AS_IT_STANDS,
) -> PastePreview:
    """Return what a pasted text would become in the map of `annex`; nothing is written.

    With `follow_on` the numbers in the text are left out, and the processes numbered after the
    last one. Raises `PasteRefused` when the text cannot be read at all.
    """
    preview = understand(
        text,
        columns=process_columns(annex),
        order=process_order(arrangement),
        scope=f"processes:{annex.uid}:{follow_on}",
        arrangement=arrangement,
    )
    if not any(column.key == "process" for column in preview.columns):
        raise PasteRefused(
            _("Manca la colonna «processo»: senza, le righe non hanno una denominazione.")
        )
    return replace(preview, lines=tuple(_numbered(preview.lines, annex, follow_on=follow_on)))


def take_processes(
    *,
    annex: Annex,
    text: str,
    digest: str,
    follow_on: bool = False,
    arrangement: Arrangement = AS_IT_STANDS,
    by: Any,
) -> list[Process]:
    """Write a previewed block at the end of the map, whole, in one act; return the processes.

    Raises `PasteRefused` when any cell has a problem, or when the outcome is no longer the one
    with this `digest`: then nothing is written.
    """
    with act("paste", by=by):
        lock_open_annex(annex)
        shown = preview_processes(
            annex=annex, text=text, follow_on=follow_on, arrangement=arrangement
        )
        preview = sure(shown, digest)
        first = next_value(annex.processes.all())
        rows = [
            _process(line, annex, position)
            for position, line in enumerate(preview.lines, start=first)
        ]
        return create_in_bulk(rows, kind="paste", by=by)


def _process(line: PastedRow, annex: Annex, position: int) -> Process:
    number, title = line.value("process")
    return Process(
        annex=annex,
        position=position,
        number=number,
        code=line.value("code") or _number_or_code(line)[1],
        title=title,
        kind=line.value("kind") or "",
        macroprocess=line.value("macroprocess"),
        risk_area=line.value("area"),
        objective=line.value("objective") or "",
        risk_presence=line.value("presence") or RiskPresence.TO_ASSESS,
    )


def _columns(annex: Annex, index: Index) -> tuple[PastedColumn, ...]:
    def of(key, label, read, *heads):
        return PastedColumn(key=key, label=label, read=read, heads=heads)

    areas = matched(index, AliasKind.RISK_AREA)
    return (
        of("number", gettext_lazy("numero"), _read_number, "n", "n°", "nr", "num", "progressivo"),
        of("code", gettext_lazy("codice"), _read_code, "codice processo", "codice del processo"),
        of(
            "kind",
            gettext_lazy("tipo di processo"),
            _one_of(_KINDS, ProcessKind),
            *("tipo", "processi di supporto/processi primari", "primario/supporto"),
            *("primario o di supporto", "processo primario o di supporto"),
        ),
        of(
            "function",
            gettext_lazy("funzioni istituzionali"),
            matched(index, AliasKind.FUNCTION),
            *("funzione istituzionale", "funzione", "missione"),
        ),
        of(
            "macroprocess",
            gettext_lazy("macroprocesso"),
            matched(index, AliasKind.MACROPROCESS),
            *("macro processo", "macro-processo", "macroprocessi", "programma"),
        ),
        of("process", gettext_lazy("processo"), _read_process, "processi", "titolo", "attivita"),
        of("objective", gettext_lazy("obiettivo"), _read_objective, "obiettivo dei processi"),
        of("area", gettext_lazy("area di rischio"), areas, "area", "aree di rischio"),
        of("office", gettext_lazy("ufficio"), _read_office(annex, index), "uffici"),
        of(
            "presence",
            gettext_lazy("presenza del rischio"),
            _one_of(_PRESENCES, RiskPresence),
            *("rischio", "presenza rischio", "rischio presente"),
        ),
    )


def _read_process(text: str) -> PastedCell:
    title = " ".join(text.split())
    number = None
    if match := _NUMBERED.match(title):
        number, title = int(match[1]), title[match.end() :]
    cell = text_cell(title, longest=TITLE_LENGTH, required=_("Manca la denominazione."))
    return replace(cell, text=text, value=(number, title))


def _read_code(text: str) -> PastedCell:
    return text_cell(text, longest=CODE_LENGTH)


def _read_objective(text: str) -> PastedCell:
    return text_cell(text, longest=PROSE_LENGTH, one_line=False)


def _read_number(text: str) -> PastedCell:
    if not text:
        return PastedCell(text=text)
    match = _PLAIN_NUMBER.fullmatch(text)
    if match is None and len(code := whole_code(text)) in range(1, CODE_LENGTH + 1):
        # among numbers it is the code of the process, whose number is ours
        return PastedCell(text=text, value=code, shown=_("codice %s") % code)
    if match is None:
        return PastedCell(text=text, problem=_("«%(text)s» non è un numero.") % {"text": text[:40]})
    return PastedCell(text=text, value=int(match[1]), shown=match[1])


def _one_of(words: dict[str, Any], choices: Any) -> Callable[[str], PastedCell]:
    def read(text: str) -> PastedCell:
        if not text:
            return PastedCell(text=text)
        value = words.get(fold(text))
        if value is None:
            names = "; ".join(f"«{label}»" for label in choices.labels)
            problem = _("«%(text)s» non è in elenco. Le voci sono: %(names)s.")
            return PastedCell(text=text, problem=problem % {"text": text[:80], "names": names})
        return PastedCell(text=text, value=value, shown=str(choices(value).label))

    return read


def _read_office(annex: Annex, index: Index) -> Callable[[str], PastedCell]:
    look_up = matched(index, AliasKind.OFFICE)

    def read(text: str) -> PastedCell:
        if fold(text) == fold(annex.printed_office_name):
            return PastedCell(text=text, value=annex.office, shown=annex.printed_office_name)
        cell = look_up(text)
        if cell.value is not None and cell.value.pk != annex.office_id:
            problem = _("La riga è di un altro ufficio: «%(office)s».") % {"office": cell.value}
            return replace(cell, problem=problem)
        return cell

    return read


def _numbered(lines: tuple[PastedRow, ...], annex: Annex, *, follow_on: bool) -> list[PastedRow]:
    """Give every line its number, and say where numbers or functions contradict each other."""
    taken = {} if follow_on else _taken_numbers(annex)
    given: dict[int, int] = {}
    typed_numbers = [None if follow_on else _wanted_number(line) for line in lines]
    last = next_value(annex.processes.all(), "number") - 1
    following = max([last, *(number for number in typed_numbers if number)])
    done = []
    for line, number in zip(lines, typed_numbers, strict=True):
        problem = _number_problem(number, line, taken, given)
        if number is None:
            following += 1
            number = following
        given.setdefault(number, line.row)
        cell = line.cells["process"]
        _old, title = cell.value or (None, "")
        cell = replace(
            cell,
            value=(number, title),
            shown=f"n. {number} {title}" if not cell.problem else "",
            problem=cell.problem or problem,
        )
        done.append(with_function_checked(replace(line, cells={**line.cells, "process": cell})))
    return done


def _wanted_number(line: PastedRow) -> int | None:
    return _number_or_code(line)[0] or (line.value("process") or (None,))[0]


def _number_or_code(line: PastedRow) -> tuple[int | None, str]:
    """Return what the column of numbers holds: one of the two."""
    value = line.value("number")
    return (None, value) if isinstance(value, str) else (value, "")


def _number_problem(
    number: int | None, line: PastedRow, taken: dict[int, str], given: dict[int, int]
) -> str:
    in_title = (line.value("process") or (None,))[0]
    in_column, _code = _number_or_code(line)
    if number is None:
        return ""
    if in_title and in_column and in_title != in_column:
        return _("Due numeri diversi nella stessa riga: %(one)d e %(two)d.") % {
            "one": in_column,
            "two": in_title,
        }
    if problem := out_of_range(number):
        return problem
    if number in given:
        return _("Il numero %(number)d è già nella riga %(row)d.") % {
            "number": number,
            "row": given[number],
        }
    if number in taken:
        return _(
            "Il numero %(number)d è già di «%(title)s»: si può numerare di seguito, "
            "con la spunta qui sotto."
        ) % {"number": number, "title": taken[number][:60]}
    return ""


def out_of_range(number: int) -> str:
    """Return what is said of a number no process can have, "" of any other."""
    if 1 <= number <= HIGHEST_NUMBER:
        return ""
    return _("Il numero deve stare fra 1 e %(limit)s.") % {"limit": grouped(HIGHEST_NUMBER)}


def _taken_numbers(annex: Annex) -> dict[int, str]:
    return dict(Process.objects.filter(annex=annex).order_by().values_list("number", "title"))


def with_function_checked(line: PastedRow) -> PastedRow:
    """Refuse a function that is not the one of the macroprocess beside it."""
    function: Model | None = line.value("function")
    macroprocess = line.value("macroprocess")
    if function is None or macroprocess is None or macroprocess.function_id is None:
        return line
    if fold(macroprocess.function.label) == fold(function.label):
        return line
    problem = _("La funzione del macroprocesso è «%(function)s».") % {
        "function": macroprocess.function
    }
    cell = replace(line.cells["function"], problem=problem)
    return replace(line, cells={**line.cells, "function": cell})
