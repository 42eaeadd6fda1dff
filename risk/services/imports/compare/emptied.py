"""Cells of a file of ours that have lost the entry of a list they held.

A program that takes merged cells apart leaves blanks too, so none clears a field by itself: of
those that stood in a cell of their own a person says once what they mean.
"""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from registry.models import Action, Phase, Process
from registry.normalise import short
from registry.readable import grouped
from risk.models import Assessment, Measure
from risk.services.imports.compare.changes import ChangeSet
from risk.services.imports.compare.register import Register
from risk.services.imports.ledger import QUOTED, Choice, LedgerLine, Question, QuestionKind
from risk.services.imports.parse.parsed import ParsedAssessment, ParsedProcess
from risk.services.imports.recognise.descriptions import DESCRIPTIONS
from risk.services.imports.resolve.resolved import ResolvedProcess, ResolvedStep
from risk.workbooks.fields import MEASURES
from risk.workbooks.rowids import RowIds

KEEP, CLEAR = "keep", "clear"
_LISTED = {"process_kind": "kind", "risk_area": "risk_area", "macroprocess": "macroprocess"}
"""Fields of a process that hold an entry of a list, by the field of a file."""
_TOLD = 8
"""Cells that are named in the question."""


class MissingMeasures:
    """Tells once which measures the register has of processes of our files that no longer say them.

    `has_them`: whether the file is one of ours with a column for measures. Nothing is taken off:
    what is not done any more ends in the register, with its reason.
    """

    def __init__(self, register: Register, changes: ChangeSet) -> None:
        self.has_them = False
        self._register = register
        self._changes = changes
        self._missing: list[tuple[ResolvedProcess, set[int]]] = []

    def look(self, process: Process, said: ResolvedProcess, above: Process | None) -> None:
        """Keep what a process lacks; `above` is the one whose cells may be merged with its own."""
        parsed = said.parsed
        is_asked = len(said.measures) < len(parsed.measures)
        if not self.has_them or is_asked or parsed.uid != process.uid:
            return
        known = self._register.measures_of(process)
        was_covered = (
            not parsed.measures
            and parsed.row.emptied.isdisjoint(MEASURES)
            and above is not None
            and self._register.measures_of(above) == known
        )
        missing = known - {getattr(one.measure, "pk", None) for one in said.measures}
        if missing and not was_covered:
            self._missing.append((said, missing))

    def tell(self) -> None:
        """Note what was missed, with the places of the first."""
        if not self._missing:
            return
        names = dict(
            Measure.objects.filter(pk__in=set().union(*(keys for _said, keys in self._missing)))
            .order_by("label")
            .values_list("pk", "label")
        )
        told = [
            _("%(measures)s di «%(process)s»")
            % {
                "measures": ", ".join(f"«{name}»" for key, name in names.items() if key in keys),
                "process": said.parsed.title[:QUOTED],
            }
            for said, keys in self._missing
        ]
        cells = "; ".join(told[:_TOLD])
        if more := max(0, len(told) - _TOLD):
            others = ngettext(" e un altro processo", " e altri %(n)s processi", more)
            cells += others % {"n": grouped(more)}
        reason = _("Misure che nel file non ci sono più e nel registro restano: %(cells)s.")
        row = self._missing[0][0].parsed.row
        line = LedgerLine(row.sheet, row.row, "", "", reason % {"cells": cells})
        self._changes.ledger.notes.append(line)


def named_above(ids: RowIds | None) -> dict[UUID, UUID]:
    """Return for each process the one above it, where a file was drawn with cells merged over both.

    Nothing where the layout of the file merges none.
    """
    layout = DESCRIPTIONS.get(ids.origin.layout) if ids else None
    if ids is None or layout is None or not layout.is_merged:
        return {}
    named = [one.uid for own in ids.by_key.values() for one in own if one.kind == "process"]
    return dict(zip(named[1:], named, strict=False))


class EmptiedCells:
    """Says of one emptied cell after the other whether it clears its field; asks once for all."""

    def __init__(self, changes: ChangeSet) -> None:
        self._changes = changes
        self._value = _("Celle svuotate")
        self._answer = changes.ledger.answer(QuestionKind.EMPTIED, self._value).get("is")
        self._met: dict[tuple[str, str], list[str]] = {}
        self._place = ""

    def keep_fields(
        self,
        process: Process,
        said: ResolvedProcess,
        values: dict[str, Any],
        above: Process | None,
    ) -> None:
        """Take out of `values` the lists of a process whose empty cells clear nothing.

        `above` is the process whose cells may have been merged with its own in the file.
        """
        known = self._changes.base_of(process, said.parsed)
        for name, column in _LISTED.items():
            field = Process._meta.get_field(column)
            before = getattr(known, field.attname)
            cell = said.parsed.cells.get(name)
            if not before or name not in said.parsed.cells or (cell and cell.text):
                continue
            shared = above.macroprocess_id if above and column == "macroprocess" else None
            was_covered = shared == before and name not in said.parsed.row.emptied
            label, printed = str(field.verbose_name), _printed(process, column)
            if was_covered or not self._clears(label, printed, said.parsed):
                del values[column]

    def clears_executor(
        self, row: Phase | Action, step: ResolvedStep, said: ResolvedProcess
    ) -> bool:
        """Return whether an empty cell takes the executor off a phase or an action."""
        known = self._changes.base_of(row, step.parsed)
        if not (known.executor_role_id or known.executor_office_id):
            return True
        label = str(row._meta.get_field("executor_role").verbose_name)
        return self._clears(label, row.printed_executor, said.parsed)

    def clears_level(self, row: Assessment, said: ParsedAssessment, process: ParsedProcess) -> bool:
        """Return whether an empty cell takes the level off a judgement."""
        if row.level is None or not self._changes.base_of(row, said).level_id:
            return True
        label = str(row._meta.get_field("level").verbose_name)
        return self._clears(label, row.level.label, process)

    def _clears(self, label: str, before: str, process: ParsedProcess) -> bool:
        """Return whether a cell clears its field; until somebody says so it does not."""
        self._met.setdefault((label, before), []).append(process.title)
        self._place = self._place or process.row.key
        return self._answer == CLEAR

    def ask(self) -> None:
        """Ask what the cells met so far mean, where nobody has said it yet."""
        if not self._met or self._answer in (KEEP, CLEAR):
            return
        count = sum(map(len, self._met.values()))
        told, left = [], _TOLD
        for (label, before), titles in self._met.items():
            if own := titles[: max(left, 0)]:
                processes = ", ".join(f"«{short(title, QUOTED)}»" for title in own)
                words = {"label": label, "before": short(before, QUOTED), "processes": processes}
                told.append(_("%(label)s «%(before)s» di %(processes)s") % words)
            left -= len(own)
        cells = "; ".join(told)
        if count > _TOLD:
            cells += _(" e altre %(n)s celle") % {"n": grouped(count - _TOLD)}
        reason = _("Nel file queste celle sono vuote, nel registro no: %(cells)s. Che cosa vale?")
        choices = (
            Choice(KEEP, _("resta ciò che c’è nel registro")),
            Choice(CLEAR, _("si svuotano anche nel registro")),
        )
        question = Question(
            kind=QuestionKind.EMPTIED,
            value=self._value,
            reason=reason % {"cells": cells},
            suggestions=choices,
            count=count,
            place=self._place,
            proposed=KEEP,
        )
        self._changes.ledger.ask(question)


def _printed(process: Process, column: str) -> str:
    """Return an entry of a list as people read it."""
    return process.get_kind_display() if column == "kind" else str(getattr(process, column) or "")
