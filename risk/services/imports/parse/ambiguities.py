"""What the order of a table leaves open, and the rows once a person has said.

In a table with merged cells a phase may stand on the first row of a process and by sense close the
one before: the published process-risk table has "Reporting e Analisi" so. No program can know; it
can ask where the second phase, not the first, begins as the processes of the same table do.
"""

import re
from collections import Counter
from collections.abc import Collection
from dataclasses import replace

from django.utils.translation import gettext as _

from registry.normalise import fold
from risk.services.imports.file_cells import FileCell
from risk.services.imports.parse.parsed import Ambiguity, FileRow
from risk.services.imports.recognise.contexts import is_group
from risk.services.imports.recognise.descriptions import DESCRIPTIONS
from risk.services.imports.recognise.tables import FileTable

_OF_THE_STEP = frozenset({"phase", "action", "executor", "row_uid"})
_OPENING = frozenset(
    re.findall(
        r"\w+",
        """
    rilevazione ricezione ricevimento avvio apertura richiesta istanza programmazione
    individuazione acquisizione presentazione segnalazione
    """,
    )
)
_CLOSING = frozenset(
    re.findall(
        r"\w+",
        """
    reporting rendicontazione chiusura monitoraggio archiviazione pubblicazione liquidazione
    disattivazione comunicazione verifica controllo registrazione
    """,
    )
)


def with_ambiguities(rows: list[FileRow], table: FileTable) -> list[FileRow]:
    """Return the rows of a table, with a `Ambiguity` where a person has to say."""
    if not DESCRIPTIONS[table.layout].is_merged or table.exact:
        return rows
    rows = list(rows)
    starts = [index for index, row in enumerate(rows) if row.begins]
    firsts = Counter(_first_word(rows[index]) for index in starts)
    for before, index in zip(starts, starts[1:], strict=False):
        has_second = index + 1 < len(rows) and not rows[index + 1].begins
        if has_second and _may_belong_above(rows[index], rows[index + 1], firsts):
            rows[index] = _asked(rows[index], rows[before])
    if not table.sheet.merges:
        _repeat_behaviours(rows)
    return rows


def _first_word(row: FileRow) -> str:
    return (fold(row.text("phase")).split() or [""])[0]


def _may_belong_above(first: FileRow, second: FileRow, firsts: Counter[str]) -> bool:
    one, two = _first_word(first), _first_word(second)
    if not one or not two or one == two:
        return False
    opens_elsewhere = firsts[one] > 1 or one in _OPENING
    opens_second = firsts[two] > 0 or two in _OPENING
    return opens_second and not opens_elsewhere and (firsts[two] > 0 or one in _CLOSING)


def _asked(row: FileRow, before: FileRow) -> FileRow:
    title = before.text("process_title")
    reason = _(
        "La fase «%(phase)s» sta sulla prima riga di «%(process)s», ma per il senso può chiudere "
        "«%(before)s», che sta sopra: a quale appartiene?"
    ) % {
        "phase": row.text("phase"),
        "process": row.text("process_title"),
        "before": title,
    }
    return replace(
        row, ambiguities=(*row.ambiguities, Ambiguity("phase-above", reason, "phase", title))
    )


def _repeat_behaviours(rows: list[FileRow]) -> None:
    """Give a phase without behaviours those above it in its process, as a question, in place."""
    for index in range(1, len(rows)):
        row, above = rows[index], rows[index - 1].cells.get("behaviours")
        if row.begins or above is None or "behaviours" in row.cells or "phase" not in row.cells:
            continue
        reason = _(
            "La cella è vuota e nella tabella non ci sono celle unite: valgono i comportamenti "
            "della riga sopra?"
        )
        ambiguity = Ambiguity("behaviours-above", reason, "behaviours")
        cells = {**row.cells, "behaviours": above._replace(origin="repeated")}
        rows[index] = replace(row, cells=cells, ambiguities=(*row.ambiguities, ambiguity))


def moved(rows: list[FileRow], moved_up: Collection[str]) -> list[FileRow]:
    """Return the rows with those named in `moved_up` as the last phase of the process before."""
    if not moved_up:
        return rows
    done: list[FileRow] = []
    begins_next = False
    for row in rows:
        if begins_next:
            row, begins_next = replace(row, begins=True), False
        if row.key in moved_up and done:
            kept = {n: cell for n, cell in row.cells.items() if n in _OF_THE_STEP}
            begins_next = row.begins
            cells = {**_of_the_process(done[-1]), **kept}
            row = replace(row, cells=cells, begins=False, ambiguities=())
        done.append(row)
    return done


def _of_the_process(row: FileRow) -> dict[str, FileCell]:
    return {
        name: cell if cell.origin == "context" else cell._replace(origin="repeated")
        for name, cell in row.cells.items()
        if name not in _OF_THE_STEP or is_group(name)
    }
