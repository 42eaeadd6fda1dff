"""Rows of ours that bear the key of another row: somebody has sorted what is seen alone.

The hidden column of keys stays where it is when only the visible ones are sorted. Where the words
of a row are those of another key, whose own row says something else or is not there, a person says
what counts; titles are never exchanged unasked.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from django.utils.translation import gettext as _

from registry.normalise import fold
from risk.services.imports.ledger import QUOTED, Choice, Ledger, LedgerLine, Question, QuestionKind
from risk.services.imports.parse.own_rows import homes_of, rows_told
from risk.services.imports.parse.parsed import FileRow
from risk.workbooks.rowids import RowId, RowIds

TEXT, KEY = "text", "key"
Words = tuple[str, str]
"""The folded title of a process and that of a phase, "" where nothing is said."""


@dataclass(frozen=True, slots=True)
class _Misfit:
    """A row that says other words than its key stands for."""

    place: int
    key: str
    said: Words


def with_keys_settled(
    rows: Sequence[FileRow], ids: RowIds, texts: Mapping[UUID, str], ledger: Ledger
) -> list[FileRow]:
    """Return the rows, each with the key of its words where that has stayed with another row.

    `texts` are the folded titles of the processes and phases of the plan, by uid.
    """
    rows = list(rows)
    held = _held(ids, texts)
    misfits, fitting = _misfits(rows, held)
    if not misfits:
        return rows
    meant, doubtful = _meant(misfits, held, fitting)
    for misfit in doubtful:
        ledger.refusals.append(_in_doubt(rows[misfit.place]))
    if not meant or _said(ledger, [rows[place] for place in sorted(meant)]) == KEY:
        return rows
    for place, key in meant.items():
        row = rows[place]
        uid = row.cells["row_uid"]._replace(value=key)
        rows[place] = replace(row, cells={**row.cells, "row_uid": uid})
    return rows


def _held(ids: RowIds, texts: Mapping[UUID, str]) -> dict[str, Words]:
    """Return what the register says of the process and the phase of each key."""
    titles = {key: _text(own, "process", texts) for key, own in ids.by_key.items()}
    return {
        key: (titles.get(home, ""), _text(ids.by_key[key], "phase", texts))
        for key, home in homes_of(ids).items()
    }


def _text(own: Iterable[RowId], kind: str, texts: Mapping[UUID, str]) -> str:
    return next((texts.get(one.uid, "") for one in own if one.kind == kind), "")


def _misfits(rows: Sequence[FileRow], held: Mapping[str, Words]) -> tuple[list[_Misfit], set[str]]:
    """Return the rows that say other words than their key, and the keys of the others."""
    misfits, fitting, met = [], set(), set()
    for place, row in enumerate(rows):
        key = row.text("row_uid")
        if key not in held or key in met:
            continue
        met.add(key)
        said = (_own_text(row, "process_title"), _own_text(row, "phase"))
        if all(not one or one == other for one, other in zip(said, held[key], strict=True)):
            fitting.add(key)
        else:
            misfits.append(_Misfit(place, key, said))
    return misfits, fitting


def _own_text(row: FileRow, name: str) -> str:
    cell = row.cells.get(name)
    return fold(cell.text) if cell and cell.origin != "repeated" else ""


def _meant(
    misfits: Sequence[_Misfit], held: Mapping[str, Words], fitting: set[str]
) -> tuple[dict[int, str], list[_Misfit]]:
    """Return by place the key whose words a row says, and the rows of which nobody can know it."""
    free: dict[Words, list[str]] = defaultdict(list)
    for key, (title, phase) in held.items():
        if key not in fitting:
            for words in {(title, phase), (title, ""), ("", phase)}:
                free[words].append(key)
    found: dict[int, str] = {}
    taken: set[str] = set()
    doubtful = []
    # what says more is found first
    for misfit in sorted(misfits, key=lambda one: one.said.count("")):
        keys = [key for key in free.get(misfit.said, ()) if key not in taken and key != misfit.key]
        exact = [key for key in keys if held[key] == misfit.said]
        if exact or len(keys) == 1:
            found[misfit.place] = (exact or keys)[0]
            taken.add(found[misfit.place])
        elif keys:
            doubtful.append(misfit)
    # a row that says new words where another one has taken its key is nobody's
    doubtful += [one for one in misfits if one.place not in found and one.key in taken]
    return found, doubtful


def _said(ledger: Ledger, rows: Sequence[FileRow]) -> str:
    """Return what counts, as a person has said; ask before, and what is read counts so far."""
    value = _("Righe con la chiave di un’altra")
    answer = ledger.answer(QuestionKind.ROW, value).get("is")
    if answer in (TEXT, KEY):
        return str(answer)
    places = _("%(rows)s di «%(sheet)s»") % {"rows": rows_told(rows), "sheet": rows[0].sheet}
    reason = _(
        "Righe %(places)s: le parole sono quelle di un’altra riga, perché la colonna "
        "nascosta con la chiave non si è mossa con loro. Che cosa vale?"
    ) % {"places": places}
    choices = (
        Choice(TEXT, _("vale ciò che si legge: le righe sono solo in un altro ordine")),
        Choice(KEY, _("vale la chiave: i testi sono stati cambiati così")),
    )
    question = Question(
        kind=QuestionKind.ROW,
        value=value,
        reason=reason,
        suggestions=choices,
        count=len(rows),
        place=rows[0].key,
        proposed=TEXT,
        places=places,
    )
    ledger.ask(question)
    return TEXT


def _in_doubt(row: FileRow) -> LedgerLine:
    reason = _(
        "La riga ha la chiave nascosta di un’altra e le sue parole non bastano a dire qual è: "
        "rimetti le righe nell’ordine che avevano, oppure scarica di nuovo il file."
    )
    text = row.text("phase") or row.text("process_title")
    return LedgerLine(row.sheet, row.row, "", text[:QUOTED], reason)
