"""The rows of the tables of a file: merged cells unfolded, each phase in its place."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from uuid import UUID

from django.utils.translation import gettext as _

from registry.normalise import short
from registry.spreadsheets.workbook import Finding
from risk.services.imports.account import Account, Claim, Fate
from risk.services.imports.ledger import Choice, Ledger, Question, QuestionKind
from risk.services.imports.parse.ambiguities import moved, with_ambiguities
from risk.services.imports.parse.colours import Levels
from risk.services.imports.parse.dittos import with_dittos_read
from risk.services.imports.parse.gathering import gathered
from risk.services.imports.parse.grid import Grid
from risk.services.imports.parse.legend_codes import with_codes_read
from risk.services.imports.parse.looks import with_looks_read
from risk.services.imports.parse.own_keys import with_keys_settled
from risk.services.imports.parse.own_rows import arranged, disordered
from risk.services.imports.parse.parsed import Ambiguity, FileRow
from risk.services.imports.parse.phase_lists import with_phase_lists
from risk.services.imports.parse.unfolding import Unfolding
from risk.services.imports.recognise.tables import Recognised

_ABOVE, _HERE = "above", "here"
_OF_LOOKS = (QuestionKind.CANCELLED, QuestionKind.HIDDEN)


@dataclass(slots=True)
class UnfoldedRows:
    """All rows of a file, and what was skipped or joined on the way.

    Findings: "page-head" (the heads or the title repeated by a page), "text-outside" (a text that
    is no row), "row-joined" (a row cut by a page), "text-hidden" (under a merged cell, which shows
    another one); none of them stops the file.
    """

    rows: list[FileRow] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    @property
    def problems(self) -> list[Finding]:
        """What stops the file, of the cells read."""
        return [finding for row in self.rows for finding in row.findings if finding.stops]


def parse_rows(
    recognised: Recognised,
    ledger: Ledger,
    levels: Levels = tuple,
    own_texts: Mapping[UUID, str] | None = None,
) -> tuple[FileRow, ...]:
    """Return the rows of all tables in their order; asks where their order leaves something open.

    What reading and recognising have found goes into the ledger with what is found here. `levels`
    are those a colour may stand for; `own_texts` are the folded titles of the processes and phases
    of the plan a file of ours was written from, by uid.
    """
    seen = with_looks_read(recognised, ledger, levels)
    _claim_dropped(recognised, seen, ledger)
    recognised = with_codes_read(with_dittos_read(seen, ledger), ledger)
    order = QuestionKind.ORDER
    answers = {key: answer.get("is") for key, answer in ledger.answers(order).items()}
    moved_up = {key for key, where in answers.items() if where == _ABOVE}
    unfolded = unfold(recognised, moved_up, ledger.account)
    if recognised.ids:
        if own_texts:
            unfolded.rows = with_keys_settled(unfolded.rows, recognised.ids, own_texts, ledger)
        unfolded.rows, told = arranged(unfolded.rows, recognised)
        unfolded.findings += told
    else:
        unfolded.findings += disordered(unfolded.rows)
        unfolded.rows = list(with_phase_lists(unfolded.rows))
    stopping = {id(finding) for finding in recognised.problems}
    for finding in recognised.findings:
        # what stops where it is read, and is not read, is only to be known
        is_read = id(finding) in stopping
        ledger.add(finding if is_read else replace(finding, stops=False))
    for finding in [*unfolded.findings, *unfolded.problems]:
        ledger.add(finding)
    rows = []
    for row in unfolded.rows:
        if row.key in moved_up:
            # it is where it was said to be, and has nothing to ask about
            ledger.answer(order, row.key)
        for one in row.ambiguities:
            where = ledger.answer(order, row.key).get("is")
            if where not in (_ABOVE, _HERE):
                ledger.ask(Question(order, row.key, one.reason, _sides(row, one), place=row.key))
            elif one.kind == "behaviours-above" and where == _HERE:
                cells = {n: cell for n, cell in row.cells.items() if n != "behaviours"}
                row = replace(row, cells=cells)
        rows.append(row)
    return tuple(gathered(rows, ledger))


def _claim_dropped(before: Recognised, after: Recognised, ledger: Ledger) -> None:
    """Claim the cells that are not parsed for what they look like: struck, hidden, not ticked."""
    is_open = any(kind in _OF_LOOKS for kind, _value in ledger.questions)
    if is_open:
        claim = Claim(Fate.ASKED, _("celle barrate, nascoste o non spuntate"))
    else:
        claim = Claim(Fate.LEFT_OUT, _("celle barrate, nascoste o non spuntate"), is_noted=True)
    for old, new in zip(before.tables, after.tables, strict=True):
        own = ledger.account.sheets.get(old.sheet.name)
        if own is None or old is new:
            continue
        for row, (cells, left) in enumerate(zip(old.sheet.rows, new.sheet.rows, strict=True), 1):
            if cells is left:
                continue
            for column, (value, kept) in enumerate(zip(cells, left, strict=True), 1):
                if value is not None and kept is None:
                    own.set(row, column, claim)
        for name in old.context.keys() - new.context.keys():
            own.set(old.context[name].row, old.context[name].column, claim)


def unfold(
    recognised: Recognised, moved_up: Collection[str] = (), account: Account | None = None
) -> UnfoldedRows:
    """Return the rows of all tables in their order.

    `moved_up` are the keys of the rows whose phase belongs to the process before: the answer to
    the ambiguity "phase-above". What is answered is not asked again.
    """
    unfolded = UnfoldedRows()
    for table in recognised.tables:
        own = account.sheets.get(table.sheet.name) if account else None
        unfolding = Unfolding(Grid(table), recognised.rejoined, own)
        rows = unfolding.rows()
        unfolded.findings += unfolding.findings
        unfolded.rows += moved(with_ambiguities(rows, table), moved_up)
    return unfolded


def _sides(row: FileRow, ambiguity: Ambiguity) -> tuple[Choice, Choice]:
    """Return the two answers to an ambiguity, in the words of its question."""
    if ambiguity.kind == "behaviours-above":
        return (
            Choice(_ABOVE, _("sì, quelli della riga sopra")),
            Choice(_HERE, _("no, qui non ce ne sono")),
        )
    label = _("a «%(process)s»")
    here = row.text("process_title")
    return (
        Choice(_ABOVE, label % {"process": short(ambiguity.belongs_to)}),
        Choice(_HERE, label % {"process": short(here)}),
    )
