"""Which rows of the sheets of an annex are new, changed or moved: the signs in its margin."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from risk.content.comparison import ContentChange, Names
from risk.content.edition_values import OfficeDifference, ProcessDifference
from risk.content.values import Entry, ProcessSheet, SheetAssessment
from risk.enums import ChangeKind

PRESENCE = "presenza"
"""In the place of the uid of a row: what a sheet says of the presence of the risk."""
MEASURES = "misure"
"""In the same place: any measure of a sheet, which the *tabella* says in one cell."""
WHOLE = "tutto"
"""In the same place: anything at all, for the one line a sheet has in the *catalogo*."""


@dataclass(frozen=True, slots=True)
class ChangeMarks:
    """The signs of an annex beside an earlier edition.

    `kinds` are by the uid of the sheet and what names the part of it, apart by blanks: the uid of
    the row, the label of its entry. `gone` are the words for what a sheet has no more, by its uid;
    `dropped` the processes the annex has no more, `issue` the issue that counts, "" of a draft.
    """

    edition: str
    kinds: Mapping[str, ChangeKind]
    gone: Mapping[str, Sequence[str]]
    dropped: Sequence[str]
    issue: str = ""

    def kind(self, *parts: str) -> ChangeKind | None:
        """Return what happened to a part of a sheet, None where nothing did."""
        return self.kinds.get(" ".join(filter(None, parts)))


def change_marks(
    sheets: Iterable[ProcessSheet],
    office: OfficeDifference,
    *,
    edition: str,
    names: Names,
    wide: Iterable[ContentChange],
    issue: str = "",
) -> ChangeMarks:
    """Return the signs of an annex; `names` are the uids its rows had in the common ancestor.

    `wide` is what changed among measures said once for many processes: each sheet has them.
    """
    made = _Marks(names, {one.uid: one for one in wide if one.uid})
    changed = {row.uid: row for row in office.processes}
    for sheet in sheets:
        made.sheet(sheet, changed.get(sheet.uid))
    dropped = [row.printed for row in office.processes if row.is_dropped]
    return ChangeMarks(edition, made.kinds, made.gone, dropped, issue)


@dataclass
class _Marks:
    names: Names
    wide: Mapping[str, ContentChange]
    kinds: dict[str, ChangeKind] = field(default_factory=dict)
    gone: dict[str, list[str]] = field(default_factory=dict)

    def sheet(self, sheet: ProcessSheet, row: ProcessDifference | None) -> None:
        if row is not None and row.is_new:
            self.kinds[sheet.uid] = self.kinds[f"{sheet.uid} {WHOLE}"] = ChangeKind.ADDED
            return
        before = len(self.kinds)
        self._rows(sheet, row)
        if len(self.kinds) > before or sheet.uid in self.gone:
            of_all = self.kinds.get(sheet.uid, ChangeKind.CHANGED)
            self.kinds[f"{sheet.uid} {WHOLE}"] = of_all

    def _rows(self, sheet: ProcessSheet, row: ProcessDifference | None) -> None:
        found = {one.uid: one for one in row.changes if one.uid} if row else {}
        if row is not None:
            own = [one for one in row.changes if not one.row]
            self._process(sheet, row, {one.label for change in own for one in change.fields})
            if left := [_gone(one) for one in row.changes if one.kind == ChangeKind.REMOVED]:
                self.gone[sheet.uid] = left
        for phase in sheet.phases:
            for step in (phase, *phase.actions):
                self._mark((sheet.uid, step.uid), found.get(self._name(step.uid)))
        self._judgements(sheet, "", sheet.assessments, found)
        for behaviour in sheet.behaviours:
            change = found.get(self._name(behaviour.uid))
            self._block(sheet, behaviour.uid, behaviour.entries, change)
            self._judgements(sheet, behaviour.uid, behaviour.assessments, found)
        for measure in sheet.measures:
            name = self._name(measure.uid)
            change = found.get(name) or self.wide.get(name)
            self._block(sheet, measure.uid, measure.entries, change)
            if change is not None:
                self.kinds[f"{sheet.uid} {MEASURES}"] = ChangeKind.CHANGED

    def _process(self, sheet: ProcessSheet, row: ProcessDifference, labels: set[str]) -> None:
        if row.moved_from:
            self.kinds[sheet.uid] = ChangeKind.MOVED
        elif labels & {_("Processo"), _("Livello di rischio"), _("Codice")}:
            self.kinds[sheet.uid] = ChangeKind.CHANGED
        if labels & {_("Presenza del rischio"), _("Motivo dell’accertamento")}:
            self.kinds[f"{sheet.uid} {PRESENCE}"] = ChangeKind.CHANGED
        for key in _entries(sheet.uid, sheet.uid, sheet.entries, labels):
            self.kinds[key] = ChangeKind.CHANGED

    def _judgements(
        self,
        sheet: ProcessSheet,
        behaviour: str,
        rows: Iterable[SheetAssessment],
        found: Mapping[str, ContentChange],
    ) -> None:
        for row in rows:
            # as a comparison names them: by subject, method and moment
            change = found.get(f"{self._name(behaviour)} {row.method} {row.moment}")
            self._mark((sheet.uid, behaviour, row.method, row.moment), change)

    def _block(
        self,
        sheet: ProcessSheet,
        uid: str,
        entries: Iterable[Entry],
        change: ContentChange | None,
    ) -> None:
        if change is None:
            return
        labels = {one.label for one in change.fields}
        heads = {_("Testo"), _("Denominazione"), _("Carattere")}
        if change.kind != ChangeKind.CHANGED or labels & heads:
            self._mark((sheet.uid, uid), change)
        if change.kind != ChangeKind.ADDED:
            for key in _entries(sheet.uid, uid, entries, labels):
                self.kinds[key] = ChangeKind.CHANGED

    def _mark(self, parts: Sequence[str], change: ContentChange | None) -> None:
        if change is not None and change.kind != ChangeKind.REMOVED:
            self.kinds[" ".join(filter(None, parts))] = change.kind

    def _name(self, uid: str) -> str:
        return self.names.get(uid, uid)


def _entries(sheet: str, uid: str, entries: Iterable[Entry], labels: set[str]) -> Iterator[str]:
    for entry in entries:
        if entry.word in labels:
            yield f"{sheet} {uid} {entry.word}"


def _gone(change: ContentChange) -> str:
    return f"{change.row} «{change.title}»"
