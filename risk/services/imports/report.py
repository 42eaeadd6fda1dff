"""The outcome of an import as one plain object: what the command writes and the pages show.

It is kept with the file, so that its pages do not read it again, and is as true as the moment it
was made: applying compares again, and refuses to do anything else than was shown.
"""

import base64
import dataclasses
import json
import zlib
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from registry import clock
from registry.hanging import content_models
from registry.readable import grouped
from registry.services.jobs import Progress, no_progress
from registry.spreadsheets.workbook import address
from risk.enums import ImportState
from risk.models import ColumnMapping, RegisterImport
from risk.services.imports.account import AccountLine, Fate, count_by_fate
from risk.services.imports.compare.changes import RowChange
from risk.services.imports.ledger import LedgerLine, QuestionKind
from risk.services.imports.map import is_sure
from risk.services.imports.preview import Preview, preview_of
from risk.services.imports.recognise.descriptions import AUTO, Said
from risk.services.imports.recognise.heads import SURE
from risk.services.imports.recognise.tables import FileColumn, FileTable, Recognised
from risk.workbooks.fields import NOT_OURS, bare

_LABELS = {model._meta.model_name: model._meta.verbose_name for model in content_models()}
_LABEL_CHARS = 160
_PLACE_TEXTS = 3
"""Texts of one kind of place that are shown: bands, names of sheets."""


def report_of(preview: Preview) -> dict[str, Any]:
    """Return all a preview says: what it counts, asks and notes, and what cannot be taken."""
    lines = preview.ledger.account.lines()
    notes = [*preview.notes, *_unread_notes(lines)]
    return {
        "layout": preview.layout,
        "header_row": preview.header_row,
        "rows": preview.rows,
        "added": len(preview.changes.added),
        "changed": len(preview.changes.changed),
        "unchanged": preview.changes.unchanged,
        "refused": preview.refused,
        "questions": [
            {
                "value": question.value,
                "kind": str(question.kind),
                "reason": question.reason,
                "place": question.place,
                "proposed": question.proposed,
                "may_be_new": question.may_be_new,
                "may_skip": question.may_skip,
                "suggestions": [dataclasses.asdict(choice) for choice in question.suggestions],
            }
            for question in preview.questions
        ],
        "account": account_of(lines),
        "notes": [dataclasses.asdict(note) for note in notes],
        "problems": [dataclasses.asdict(problem) for problem in preview.problems],
    }


def account_of(lines: list[AccountLine]) -> dict[str, Any]:
    """Return the account of cells: how many have each fate, in a sentence and one by one."""
    counts = count_by_fate(lines)
    if not any(counts.values()):
        return {"cells": 0, "sentence": _("Nel file non si è letta nessuna cella."), "groups": []}
    labels = _fate_labels(counts)
    left_out = dict.fromkeys(one.claim.what for one in lines if one.claim.fate == Fate.LEFT_OUT)
    told = ", ".join(labels[fate] for fate in Fate if counts[fate])
    cells = ngettext("%(n)s cella", "%(n)s celle", sum(counts.values()))
    sentence = f"{cells % {'n': grouped(sum(counts.values()))}}: {told}"
    if left_out:
        sentence = f"{sentence}: {', '.join(left_out)}"
    return {
        "cells": sum(counts.values()),
        "sentence": f"{sentence}.",
        "groups": [
            {
                "fate": fate,
                "cells": counts[fate],
                "label": labels[fate].partition(" ")[2],
                "lines": [_account_line(line) for line in lines if line.claim.fate == fate],
            }
            for fate in Fate
            if counts[fate]
        ],
    }


def _fate_labels(counts: dict[Fate, int]) -> dict[Fate, str]:
    """Return how many cells have each fate, in words."""
    words = {
        Fate.TAKEN: ngettext("%(n)s presa", "%(n)s prese", counts[Fate.TAKEN]),
        Fate.TITLE: ngettext("%(n)s titolo", "%(n)s titoli", counts[Fate.TITLE]),
        Fate.ASKED: ngettext(
            "%(n)s aspetta una risposta", "%(n)s aspettano una risposta", counts[Fate.ASKED]
        ),
        Fate.LEFT_OUT: ngettext(
            "%(n)s lasciata fuori", "%(n)s lasciate fuori", counts[Fate.LEFT_OUT]
        ),
    }
    return {fate: words[fate] % {"n": grouped(counts[fate])} for fate in Fate}


def _account_line(line: AccountLine) -> dict[str, Any]:
    reason = line.claim.reason
    if line.claim.fate == Fate.TAKEN and reason:
        reason = _("come %(field)s") % {"field": reason}
    elif line.claim.fate == Fate.ASKED and reason:
        reason = _("forse %(field)s") % {"field": reason}
    elif line.claim.by_person:
        reason = " · ".join(filter(None, [reason, _("scelto da chi importa")]))
    return {
        "sheet": line.sheet,
        "what": line.claim.what,
        "reason": reason,
        "cells": line.cells,
        "places": line.places,
        "texts": list(line.texts),
    }


def _unread_notes(lines: list[AccountLine]) -> list[LedgerLine]:
    """Return a note for each column, sheet or kind of cells that is left out and not noted yet."""
    notes = []
    for line in lines:
        claim = line.claim
        if claim.fate != Fate.LEFT_OUT or claim.is_noted:
            continue
        words = ngettext(
            "%(what)s: %(n)s cella non letta (%(places)s)",
            "%(what)s: %(n)s celle non lette (%(places)s)",
            line.cells,
        )
        if line.is_aside:
            words = ngettext(
                "%(what)s: %(n)s testo non letto", "%(what)s: %(n)s testi non letti", line.cells
            )
        reason = words % {
            "what": capfirst(claim.what),
            "n": grouped(line.cells),
            "places": line.places,
        }
        # of a column the command would say why, and the pages that a person has seen it
        if claim.reason and not claim.column:
            reason = f"{reason}: {claim.reason}"
        column = address(0, claim.column)
        notes.append(LedgerLine(line.sheet, 0, column, " · ".join(line.texts), f"{reason}."))
    return notes


def refresh_import(
    *, register_import: RegisterImport, by: Any, progress: Progress = no_progress
) -> None:
    """Compare a file that is on its way with the register, and keep what that says in its report.

    Nothing of the register changes. A file that was taken or set aside meanwhile stays as it is.
    """
    progress(0, 2, _("Confronto il file con il registro"))
    preview = preview_of(register_import=register_import, by=by)
    progress(1, 2, _("Preparo l’anteprima"))
    keep_preview(register_import=register_import, preview=preview)


def keep_preview(*, register_import: RegisterImport, preview: Preview) -> None:
    """Keep what a preview of a file says, for its pages; of a file still on its way."""
    report = {
        "size": register_import.report.get("size", 0),
        "at": clock.now().isoformat(),
        **_shown(preview, _remembered(register_import, preview.layout)),
    }
    on_its_way = RegisterImport.objects.filter(pk=register_import.pk, state=ImportState.UPLOADED)
    if on_its_way.update(report=report):
        register_import.report = report


def is_read(register_import: RegisterImport) -> bool:
    """Return whether the pages have anything to show yet."""
    return "digest" in register_import.report


def _remembered(register_import: RegisterImport, layout: str) -> set[str]:
    rows = ColumnMapping.objects.filter(
        administration=register_import.plan.administration, layout__in=(AUTO, layout)
    )
    return {bare(heading) for heading in rows.values_list("heading", flat=True)}


def _shown(preview: Preview, remembered: Collection[str]) -> dict[str, Any]:
    told = report_of(preview)
    # the questions of the command are a part of these
    told["questions"] = [
        {**dataclasses.asdict(question), "kind": str(question.kind)}
        for question in preview.questions
    ]
    recognised, changes = preview.recognised, preview.changes
    return {
        **told,
        "digest": preview.digest,
        "is_ready": preview.is_ready,
        "conflicts": [dataclasses.asdict(conflict) for conflict in preview.changes.conflicts],
        "only_in_register": [[row.office, row.label] for row in preview.changes.only_in_register],
        "processes": _packed(_by_process(preview)),
        "counts": _counts(preview),
        "offices": sorted({row.office for row in [*changes.added, *changes.changed]} - {""}),
        "tables": _tables(recognised) if recognised else [],
        "sheets": _sheets(recognised) if recognised else [],
        "places": _places(recognised) if recognised else [],
        "is_certain": bool(recognised and recognised.tables)
        and all(
            _is_certain(column, remembered)
            for table in recognised.tables  # type: ignore[union-attr]
            for column in table.columns
        ),
    }


def _is_certain(column: FileColumn, remembered: Collection[str]) -> bool:
    """Return whether a column is known by name, or somebody has said once what it is."""
    head = bare(column.head)
    is_known = bool(column.field and is_sure(column)) or head in NOT_OURS
    return is_known or head in remembered


def _tables(recognised: Recognised) -> list[dict[str, Any]]:
    """Return the tables as the page shows them: those with the same heads are one."""
    found: dict[tuple[str, ...], dict[str, Any]] = {}
    for table in recognised.tables:
        numbers = [column.key for column in table.columns]
        heads = tuple(column.head for column in table.columns)
        group = found.setdefault(
            heads,
            {
                "places": [],
                "header_rows": list(table.header_rows),
                "columns": [_column(column) for column in table.columns],
                "said_above": _said_above(table),
                "said_by_bands": sorted(table.bands),
            },
        )
        if [table.key, numbers] not in group["places"]:
            group["places"].append([table.key, numbers])
    return list(found.values())


def _places(recognised: Recognised) -> list[dict[str, Any]]:
    """Return what stands around the tables as the page shows it, the same of many once."""
    found: dict[str, dict[str, Any]] = {}
    for table in (*recognised.tables, *recognised.aside):
        for place in table.said:
            one = found.setdefault(
                place.value,
                {
                    "value": place.value,
                    "where": str(place.where),
                    "field": place.field,
                    "is_open": bool(place.field) and place.confidence < SURE,
                    "is_left_out": table.is_left_out and place.where == Said.TABLE,
                    "texts": [],
                },
            )
            texts = dict.fromkeys([*one["texts"], *(cell.text for cell in place.cells)])
            one["texts"] = list(texts)[:_PLACE_TEXTS]
    return list(found.values())


def _column(column: FileColumn) -> dict[str, Any]:
    return {
        "letter": column.key if column.label else address(0, column.column),
        "head": column.head,
        "field": column.field,
        "confidence": column.confidence,
        "samples": list(column.samples),
        "entry": column.entry,
    }


def _said_above(table: FileTable) -> dict[str, str]:
    return {name: cell.text for name, cell in table.context.items()}


def _sheets(recognised: Recognised) -> list[dict[str, Any]]:
    rows = {table.sheet.name: table.header_rows for table in reversed(recognised.tables)}
    return [
        {
            "name": sheet.name,
            "header_row": (rows.get(sheet.name) or (0,))[0],
            "rows": len(sheet.rows),
            "left_out": recognised.left_out.get(sheet.name, ""),
        }
        for sheet in recognised.workbook.sheets
        if sheet.rows and not sheet.hidden
    ]


def _by_process(preview: Preview) -> Iterator[dict[str, Any]]:
    """Yield what is added and changed, under the process it belongs to; those with new rows first.

    Each part stands in the order of the file.
    """
    found: dict[tuple[str, str], tuple[list[RowChange], list[RowChange]]] = {}
    for index, rows in enumerate((preview.changes.added, preview.changes.changed)):
        for row in rows:
            place = (row.office, row.process)
            if place not in found:
                found[place] = ([], [])
            found[place][index].append(row)
    for (office, title), (added, changed) in found.items():
        yield {
            "office": office,
            "title": title,
            "added": list(map(_row, added)),
            "changed": [
                {
                    **_row(row),
                    "changes": [[one.label, one.before, one.after] for one in row.changes],
                }
                for row in changed
            ],
        }


def _packed(parts: Iterable[dict[str, Any]]) -> str:
    """Return parts of a report as one text, a tenth as long: there may be tens of thousands.

    The database looks through what it is given as JSON, and stands it in memory several times.
    """
    packer = zlib.compressobj(level=1)
    lines = (
        packer.compress(f"{json.dumps(part, ensure_ascii=False)}\n".encode()) for part in parts
    )
    return base64.b64encode(b"".join([*lines, packer.flush()])).decode()


class ShownProcesses(Sequence[dict[str, Any]]):
    """The processes of a report, of which those are unpacked that are asked for."""

    def __init__(self, register_import: RegisterImport) -> None:
        kept = register_import.report["processes"]
        # those of before are not packed
        lines = zlib.decompress(base64.b64decode(kept)).decode() if isinstance(kept, str) else ""
        self._kept = (
            lines.split("\n")[:-1] if isinstance(kept, str) else list(map(json.dumps, kept))
        )

    def __len__(self) -> int:
        return len(self._kept)

    def __getitem__(self, which: Any) -> Any:
        if isinstance(which, slice):
            return list(map(json.loads, self._kept[which]))
        return json.loads(self._kept[which])


def _row(row: RowChange) -> dict[str, Any]:
    return {"kind": str(_LABELS[row.kind]), "label": row.label[:_LABEL_CHARS]}


def _counts(preview: Preview) -> list[list[Any]]:
    """Return how many rows of each kind are added, and how many changed."""
    found: dict[str, list[int]] = {}
    for index, rows in enumerate((preview.changes.added, preview.changes.changed)):
        for row in rows:
            found.setdefault(row.kind, [0, 0])[index] += 1
    order = [name for name in _LABELS if name in found]
    return [[capfirst(str(_LABELS[name])), *found[name]] for name in order]


def open_questions(register_import: RegisterImport) -> list[dict[str, Any]]:
    """Return the questions of a file nobody has answered yet, conflicts left to the preview."""
    answers = register_import.answers
    return [
        question
        for question in register_import.report.get("questions", [])
        if question["kind"] != QuestionKind.CONFLICT
        and question["value"] not in answers.get(question["kind"], {})
    ]
