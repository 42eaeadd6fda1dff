"""What an import would do: the stages from reading to comparing, in order; nothing is written.

A wrong cell is found by the stage that gave it: the values and merges of a sheet by `read`, a table
or its heads by `recognise`, the field of a column by `map`, rows and entries by `parse`, a row of a
list by `resolve`, what is added or changed by `compare`.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import groupby, islice
from operator import itemgetter
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from registry.enums import AliasKind
from registry.gc_paused import without_collecting
from registry.models import Office, Plan
from registry.permissions import edits_office, is_rpct_of_plan
from registry.readable import grouped
from registry.services.lookup import Index
from registry.spreadsheets import UnreadableFile
from registry.spreadsheets.serialising import deserialise
from registry.spreadsheets.workbook import Workbook, address
from risk.enums import Scale
from risk.models import ColumnMapping, EnablingFactor, Indicator, Level, Measure, RegisterImport
from risk.services.imports.account import Account
from risk.services.imports.compare import ChangeSet, compare
from risk.services.imports.ledger import Choice, Ledger, LedgerLine, Question
from risk.services.imports.map import map_columns, said_header_rows
from risk.services.imports.parse import ParseKnowledge, parse_processes, parse_rows
from risk.services.imports.parse.parsed import FileRow
from risk.services.imports.read import files_of, read
from risk.services.imports.recognise import Knowledge, claim_outside, recognise
from risk.services.imports.recognise.joining import joined, with_office_of_file
from risk.services.imports.recognise.tables import Recognised
from risk.services.imports.resolve import ListLookup, resolve
from risk.services.imports.resolve.known_rows import ids_of_plan, in_use, judged_by, texts_of

_PART = 1000
"""Lines that are told at once: all of them together are as much again as what they tell of."""
_TOLD = 10
_OWN = ("id", "uid")
"""Columns of a new row that say nothing of what it says."""


@dataclass(slots=True)
class Preview:
    """All an import would do. `digest` names it: taking it later does this or nothing.

    `rows` counts rows of the file. `without_office` are those whose office nobody has said: one
    refusal says it of all. `lists` knows what the lists must have first.
    """

    layout: str = ""
    header_row: int = 0
    rows: int = 0
    recognised: Recognised | None = None
    ledger: Ledger = field(default_factory=Ledger)
    changes: ChangeSet = field(default_factory=ChangeSet)
    lists: ListLookup | None = None
    without_office: int = 0
    digest: str = ""

    @property
    def problems(self) -> list[LedgerLine]:
        """Why something of the file cannot be taken."""
        return self.ledger.refusals

    @property
    def notes(self) -> list[LedgerLine]:
        """What a person should know and nothing stops for."""
        return self.ledger.notes

    @property
    def questions(self) -> list[Question]:
        """What a person has to say first."""
        return list(self.ledger.questions.values())

    @property
    def refused(self) -> int:
        """Rows of the file that cannot be taken."""
        places = {(line.sheet, line.row) for line in self.problems}
        # those without an office share one problem
        return len(places) + max(0, self.without_office - 1)

    @property
    def is_ready(self) -> bool:
        """Whether the import may be taken as it is."""
        return not (self.problems or self.questions)

    def forget_rows(self) -> None:
        """Let go of the rows themselves: what is left says to people what would be written."""
        self.changes.forget_rows()
        self.lists = None

    @property
    def writes_nothing(self) -> bool:
        return not (self.changes.added or self.changes.changed)


@without_collecting()
def preview_import(
    *,
    plan: Plan,
    office: Office | None = None,
    content: bytes,
    filename: str,
    layout: str = "auto",
    mapping: Mapping[str, Any] | None = None,
    answers: Mapping[str, Any] | None = None,
    by: Any = None,
    workbook: Workbook | None = None,
) -> Preview:
    """Return what taking a file into a plan would do.

    `office` is that of rows that name none. `mapping` is {sheet: {column: field}}, columns from 1
    as texts, with the row of the heads under `HEADER_ROW` where a person has said it. `answers` are
    {kind: {value: answer}} (`Question`). `by` is the person whose rights count, None for a command
    run by the installation itself. `workbook` is `content` already read. What cannot be taken is in
    `problems`, what a person has to say in `questions`; never an exception for the content of a
    file.
    """
    answers, mapping = answers or {}, mapping or {}
    ledger = Ledger(answers)
    preview = Preview(layout=layout, ledger=ledger, changes=ChangeSet(ledger))
    if plan.is_adopted:
        reason = _("Il piano è adottato: non si modifica più.")
        ledger.refusals.append(LedgerLine("", 0, "", str(plan), reason))
        return preview
    try:
        workbook = workbook or read(content, filename)
    except UnreadableFile as refused:
        column = address(0, refused.column)
        line = LedgerLine(refused.sheet, refused.row, column, refused.value, str(refused))
        ledger.refusals.append(line)
        return preview
    files = files_of(workbook)
    ledger.account = Account(*files)
    knowledge, heads = _knowledge(plan), said_header_rows(mapping)
    found = [recognise(one, layout, knowledge, heads) for one in files]
    if len(found) > 1 and office is None:
        found = list(map(with_office_of_file, found))
    found = [map_columns(one, mapping, ledger) for one in found]
    whole = preview.recognised = joined(workbook, found)
    preview.layout, preview.header_row = whole.layout, whole.header_row
    claim_outside(whole, ledger.account)
    own_texts = texts_of(plan) if any(ids_of_plan(one.ids, plan) for one in found) else {}
    rows = [parse_rows(one, ledger, lambda: _levels(plan), own_texts) for one in found]
    preview.rows = sum(map(len, rows))
    _refuse_unclaimed(ledger)
    if not ledger.refusals:
        parsing = list(zip(found, rows, strict=True))
        _compare(preview, parsing, own_texts, plan=plan, office=office, by=by)
        ledger.note_unasked()
        said_of_file = {"answers": answers, "layout": layout, "mapping": mapping}
        preview.digest = _digest(preview, content, said_of_file)
    return preview


def preview_of(
    *, register_import: RegisterImport, by: Any, workbook: Workbook | None = None
) -> Preview:
    """Return what taking a file that was brought would do, with all that has been said of it.

    It is not read again, unless it was brought before files were kept as read.
    """
    if workbook is None and register_import.tables:
        workbook = deserialise(bytes(register_import.tables))
    return preview_import(
        plan=register_import.plan,
        office=register_import.office,
        content=bytes(register_import.content),
        filename=register_import.filename,
        layout=register_import.layout,
        mapping=register_import.mapping,
        answers=register_import.answers,
        by=by,
        workbook=workbook,
    )


def _compare(
    preview: Preview,
    files: Sequence[tuple[Recognised, tuple[FileRow, ...]]],
    own_texts: Mapping[UUID, str],
    *,
    plan: Plan,
    office: Office | None,
    by: Any,
) -> None:
    """Parse the rows of files, look them up in the lists, compare all with the register."""
    ledger = preview.ledger
    may_create = by is None or is_rpct_of_plan(by, plan)
    lists = ListLookup(
        plan=plan,
        ledger=ledger,
        may_create=may_create,
        in_use=in_use(plan) if own_texts else None,
        legends=[legend for recognised, _rows in files for legend in recognised.legends],
    )
    lists.office = office
    is_measure, judged = cache(lists.is_measure), judged_by(plan) if own_texts else {}
    resolved = []
    for recognised, rows in files:
        ids = ids_of_plan(recognised.ids, plan)
        parsed = parse_processes(
            recognised, rows, ParseKnowledge(is_measure, ids, own_texts), ledger
        )
        resolved.append(resolve(parsed, lists=lists, office=office, judged=judged, ledger=ledger))
    preview.without_office = sum(one.without_office for one in resolved)
    preview.lists = lists
    preview.changes = compare(
        resolved,
        plan=plan,
        by=by,
        may_change=lambda annex: by is None or edits_office(by, annex),
        may_open=may_create,
        ledger=ledger,
    )


def _refuse_unclaimed(ledger: Ledger) -> None:
    """Stop a file of which a cell is neither taken nor left out: that is a defect of ours."""
    for sheet, places in ledger.account.unclaimed().items():
        told = ", ".join(address(row, column) for row, column in places[:_TOLD])
        reason = ngettext(
            "Difetto del programma: di una cella (%(cells)s) non si sa se è stata letta. Non entra "
            "nulla: segnalalo a chi gestisce il registro.",
            "Difetto del programma: di %(n)s celle (%(cells)s) non si sa se sono state lette. Non "
            "entra nulla: segnalalo a chi gestisce il registro.",
            len(places),
        ) % {"n": grouped(len(places)), "cells": told}
        row, column = places[0]
        ledger.refusals.append(LedgerLine(sheet, row, address(0, column), "", reason))


def _knowledge(plan: Plan) -> Knowledge:
    """Return what the body knows: its lists, the indicators of its methods, headings met before."""
    index = Index(administration=plan.administration)
    kinds = {
        "office": AliasKind.OFFICE,
        "risk_area": AliasKind.RISK_AREA,
        "function": AliasKind.FUNCTION,
        "macroprocess": AliasKind.MACROPROCESS,
    }
    indicators = Indicator.objects.filter(method__plan_methods__plan=plan)
    remembered: dict[str, dict[str, str]] = defaultdict(dict)
    known = ColumnMapping.objects.filter(administration=plan.administration)
    for layout, heading, field_name in known.values_list("layout", "heading", "field"):
        remembered[layout][heading] = field_name
    return Knowledge(
        vocabulary={
            **{name: [str(row) for row in index.rows(kind)] for name, kind in kinds.items()},
            **_crossed_lists(plan, index),
        },
        indicators=dict(indicators.values_list("code", "label")),
        remembered=remembered,
    )


def _levels(plan: Plan) -> list[Choice]:
    """Return the levels of the plan's default method, the lowest first."""
    of_plan = {"method__plan_methods__plan": plan, "method__plan_methods__is_default": True}
    levels = Level.objects.filter(scale=Scale.OVERALL, **of_plan).order_by("ordinal")
    return [Choice(level.code, level.label) for level in levels]


def _crossed_lists(plan: Plan, index: Index) -> dict[str, list[str]]:
    """Return the lists of which a register may have a column for each entry."""
    levels = Level.objects.filter(method__plan_methods__plan=plan, scale=Scale.OVERALL)
    return {
        "factors": [row.label for row in index.rows(EnablingFactor)],
        "measures": [row.label for row in index.rows(Measure)],
        "level": list(levels.values_list("label", flat=True)),
    }


def _digest(preview: Preview, content: bytes, said: Mapping[str, Any]) -> str:
    """Return the digest of all that would be written, so that another outcome has another one.

    `said` is what a person has said of the file. New rows count with all their values, of which the
    page shows the names only: a list may say something else by now of what the file calls alike.
    """
    digest = hashlib.sha256(hashlib.sha256(content).digest())
    lines = _told_lines(preview.changes, said)
    while part := list(islice(lines, _PART)):
        digest.update("\n".join([*part, ""]).encode())
    return digest.hexdigest()


def _told_lines(changes: ChangeSet, said: Mapping[str, Any]) -> Iterator[str]:
    yield json.dumps(said, sort_keys=True)
    for (office, process), rows in groupby(changes.added, itemgetter(2, 3)):
        yield f"+|{office}|{process}"
        yield from (f"+{row[0]}|{row[1]}" for row in rows)
    for row in changes.changed:
        yield f"~{row.kind}|{row.office}|{row.process}|{row.label}|{row.changes}"
    for conflict in changes.conflicts:
        yield f"!{conflict.key}"
    for model, rows in changes.created.items():
        # not the rows' attributes: those of relations cost ten times as much
        values = [row.__dict__ for row in rows]
        names = [one.attname for one in model._meta.concrete_fields if one.name not in _OWN]
        columns = zip(*map(itemgetter(*names), values), strict=True)
        for name, column in zip(names if rows else (), columns, strict=True):
            yield from _told_column(f"={model._meta.model_name}|{name}", column)
    for model, by_relations in changes.tied.items():
        for relations, pairs in by_relations.items():
            for name, rows in zip(relations, zip(*pairs, strict=True), strict=True):
                keys = tuple(row.__dict__["id"] for row in rows)
                yield from _told_column(f"&{model._meta.model_name}|{relations}|{name}", keys)


def _told_column(name: str, values: Sequence[Any]) -> Iterator[str]:
    """Yield the values of a column of new rows; one that all have alike once."""
    if values.count(values[0]) == len(values):
        yield f"{name}|{len(values)}|{values[0]!r}"
        return
    for start in range(0, len(values), _PART):
        yield f"{name}|{values[start : start + _PART]!r}"
