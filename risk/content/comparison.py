"""Exactly what changed between two contents of a process, field by field.

Both contents are sheets as the paper prints them (`risk.content.values`), so nothing is compared
but what people read. Rows are recognised by their uid; across editions, by that of their ancestor.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from django.utils.translation import gettext as _

from registry.normalise import short
from registry.services.history import FieldChange
from risk.content.values import (
    DASH,
    Entry,
    LevelLabel,
    ProcessSheet,
    SheetAction,
    SheetAssessment,
    SheetMeasure,
    SheetPhase,
)
from risk.enums import ChangeKind

Names = Mapping[str, str]
"""What uid a row had in the earlier content, where it is another."""

_NUMBER = re.compile(r"(?<![^\s])\d+(\.\d+)?\.?\s+")
_SHOWN = 90


@dataclass(frozen=True, slots=True)
class ContentChange:
    """What happened to one row; `row` says what kind of row it is, `title` its words.

    Both are empty for the process itself. A row that moved may have changed too. `uid` is that by
    which the row was recognised; it says nothing of what happened, and nobody compares by it.
    """

    kind: ChangeKind
    row: str = ""
    title: str = ""
    fields: tuple[FieldChange, ...] = ()
    uid: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class _Row:
    """A row of a sheet made ready to compare.

    `under` is the row it hangs on: order counts within it, and what is gone with it is told once.
    """

    uid: str
    title: str
    fields: dict[str, str] = field(default_factory=dict)
    under: str = ""


def changes_between(
    before: ProcessSheet, after: ProcessSheet, *, names: Names | None = None
) -> tuple[ContentChange, ...]:
    """Return what changed, the process itself first, then its rows as the sheet orders them.

    `names` gives the uid a row of `after` had in `before`, for two editions; a row without one
    there is new. The numbers that rows have by their place are no change: their moving is told.
    """
    earlier, later = _rows_of(before, None), _rows_of(after, names)
    gone = {row.uid for kind in earlier for row in _without(earlier[kind], later[kind]) if row.uid}
    return tuple(
        change for kind in later for change in _compared(kind, earlier[kind], later[kind], gone)
    )


def measures_between(
    before: Iterable[SheetMeasure], after: Iterable[SheetMeasure]
) -> tuple[ContentChange, ...]:
    """Return what changed among measures that are said once for many processes, by their uids."""
    kind = _("Misura")
    old, new = ([_measure(row, row.uid) for row in some] for some in (before, after))
    return tuple(_compared(kind, old, new, set()))


def rows_between(
    kind: str,
    before: Iterable[tuple[str, str, dict[str, str]]],
    after: Iterable[tuple[str, str, dict[str, str]]],
) -> tuple[ContentChange, ...]:
    """Return what changed among rows of one kind: uid, title and texts by label of each."""
    old, new = ([_Row(*row) for row in some] for some in (before, after))
    return tuple(_compared(kind, old, new, set()))


def renumbered() -> ContentChange:
    """Return the change of a content whose rows only count otherwise than before."""
    return ContentChange(
        ChangeKind.MOVED, _("Numerazione"), _("è cambiata la numerazione delle righe")
    )


def _compared(
    kind: str, before: Sequence[_Row], after: Sequence[_Row], gone: set[str]
) -> Iterator[ContentChange]:
    old = {row.uid: row for row in before}
    moved = {
        uid
        for under in {row.under for row in after}
        for uid in _moved(
            *([row.uid for row in some if row.under == under] for some in (before, after))
        )
    }
    for row in after:
        was = old.get(row.uid)
        fields = tuple(_fields(was.fields if was else {}, row.fields))
        if was is None:
            # its title has said it
            others = tuple(one for one in fields if one.after != row.title)
            yield ContentChange(ChangeKind.ADDED, kind, row.title, others, row.uid)
        elif row.uid in moved or was.under != row.under:
            yield ContentChange(ChangeKind.MOVED, kind, row.title, fields, row.uid)
        elif fields:
            yield ContentChange(ChangeKind.CHANGED, kind, row.title, fields, row.uid)
    for row in _without(before, after):
        if row.under not in gone:
            yield ContentChange(ChangeKind.REMOVED, kind, row.title)


def _without(before: Iterable[_Row], after: Iterable[_Row]) -> list[_Row]:
    kept = {row.uid for row in after}
    return [row for row in before if row.uid not in kept]


def _moved(before: list[str], after: list[str]) -> set[str]:
    """Return the rows in both that no longer stand in the order they had to each other."""
    common = set(before) & set(after)
    first = [uid for uid in before if uid in common]
    second = [uid for uid in after if uid in common]
    if first == second:
        return set()
    blocks = SequenceMatcher(None, first, second, autojunk=False).get_matching_blocks()
    return common - {uid for block in blocks for uid in first[block.a : block.a + block.size]}


def _fields(before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[FieldChange]:
    for label in dict.fromkeys((*after, *before)):
        old, new = before.get(label, ""), after.get(label, "")
        if old != new:
            yield FieldChange(label, old, new)


def _rows_of(sheet: ProcessSheet, names: Names | None) -> dict[str, list[_Row]]:
    """Return the rows of a sheet by kind, each under the uid it is recognised by."""

    def known(uid: str) -> str:
        return uid if names is None else names.get(uid, uid)

    behaviours = [(known(row.uid), row) for row in sheet.behaviours]
    return {
        "": [_Row("", "", _process_fields(sheet))],
        _("Valutazione del processo"): [_judgement(row) for row in sheet.assessments],
        _("Fase"): [_step(row, known(row.uid)) for row in sheet.phases],
        _("Azione"): [
            _step(row, known(row.uid), under=known(phase.uid))
            for phase in sheet.phases
            for row in phase.actions
        ],
        _("Comportamento a rischio"): [
            _Row(
                uid,
                short(row.text, _SHOWN),
                {**_filled((_("Testo"), row.text)), **_texts_of(row.entries)},
            )
            for uid, row in behaviours
        ],
        _("Valutazione del comportamento"): [
            _judgement(row, under=uid, of=short(behaviour.text, _SHOWN))
            for uid, behaviour in behaviours
            for row in behaviour.assessments
        ],
        _("Misura"): [_measure(row, known(row.uid)) for row in sheet.measures],
    }


def _step(row: SheetPhase | SheetAction, uid: str, under: str = "") -> _Row:
    fields = _filled((_("Denominazione"), row.title), (_("Esecutore"), row.executor))
    return _Row(uid, short(row.title, _SHOWN), fields, under)


def _measure(row: SheetMeasure, uid: str) -> _Row:
    fields = _filled((_("Denominazione"), row.title), (_("Carattere"), row.kind))
    return _Row(uid, short(row.title, _SHOWN), {**fields, **_texts_of(row.entries)})


def _process_fields(sheet: ProcessSheet) -> dict[str, str]:
    return {
        **_filled((_("Processo"), sheet.title), (_("Livello di rischio"), _level(sheet.level))),
        **_filled(
            (_("Codice"), sheet.code),
            (_("Presenza del rischio"), sheet.presence),
            (_("Motivo dell’accertamento"), sheet.presence_reason),
        ),
        **_texts_of(sheet.entries),
    }


def _judgement(row: SheetAssessment, under: str = "", of: str = "") -> _Row:
    """Return an assessment: one for each subject, method, moment (docs/decisions/0021)."""
    fields = _filled((_("Livello"), _level(row.level)), (_("Giudizio"), row.motivation))
    fields |= _texts_of(row.entries)
    for rating in row.ratings:
        fields |= _filled(
            (rating.indicator, rating.value),
            (_("%(indicator)s: elementi") % {"indicator": rating.indicator}, rating.evidence),
        )
    title = ": ".join(filter(None, (f"{row.method}, {row.moment}", of)))
    return _Row(f"{under} {row.method} {row.moment}", title, fields, under)


def _level(level: LevelLabel | None) -> str:
    if level is None:
        return ""
    return _("%(level)s (derivato)") % {"level": level.label} if level.derived else level.label


def _texts_of(entries: Iterable[Entry]) -> dict[str, str]:
    """Return entries as texts by label, without the numbers that places give to rows."""
    counted = (_("Fasi e azioni interessate"), _("Ambito"))
    derived = _("Non ancora indicati")
    return _filled(
        *(
            (
                entry.word,
                "\n".join(
                    _NUMBER.sub("", line, count=1) if entry.label in counted else line
                    for line in entry.lines
                ),
            )
            for entry in entries
            if entry.label != derived
        )
    )


def _filled(*pairs: tuple[str, str]) -> dict[str, str]:
    return {label: text for label, text in pairs if text and text != DASH}
