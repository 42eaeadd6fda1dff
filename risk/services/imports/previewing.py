"""What an import would do: read, recognise, match, compare. Nothing is written."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import islice
from operator import itemgetter
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from registry.enums import AliasKind
from registry.gc_paused import without_collecting
from registry.models import Office, Plan
from registry.normalise import short
from registry.permissions import edits_office, is_rpct_of_plan
from registry.services.lookup import Index
from registry.spreadsheets import UnreadableFile
from registry.spreadsheets.reading import read_workbook
from registry.spreadsheets.serialising import deserialise
from registry.spreadsheets.workbook import Finding, Workbook, address
from risk.models import ColumnMapping, Indicator, RegisterImport
from risk.services.imports.comparing import Comparing
from risk.services.imports.ex_officio import refuse_ex_officio
from risk.services.imports.gone import tell_gone
from risk.services.imports.misplaced import note_lost_ids, refuse_misplaced
from risk.services.imports.own_files import ids_of_plan, in_use, texts_of
from risk.services.imports.register import Register
from risk.services.imports.shapes import Choice, Preview, Problem, Question, QuestionKind
from risk.services.imports.values import Values
from risk.services.imports.wanting import Wanting
from risk.workbooks.reading import read_rows
from risk.workbooks.recognising import Knowledge, corrected, recognise
from risk.workbooks.shapes import Doubt, FileRow, Recognised

HEADER_ROW = "header_row"
"""Key of a mapping's sheet under which a person's word on the row of its heads stands."""
_ABOVE, _HERE = "above", "here"
_PART = 1000


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
    preview = Preview(layout=layout)
    answers = answers or {}
    if plan.is_adopted:
        preview.problems.append(
            Problem("", 0, "", str(plan), _("Il piano è adottato: non si modifica più."))
        )
        return preview
    try:
        workbook = workbook or read_workbook(content, filename)
    except UnreadableFile as refused:
        column = address(0, refused.column)
        preview.problems.append(
            Problem(refused.sheet, refused.row, column, refused.value, str(refused))
        )
        return preview
    mapping = mapping or {}
    said = {sheet: rows[HEADER_ROW] for sheet, rows in mapping.items() if HEADER_ROW in rows}
    recognised = recognise(workbook, layout, _knowledge(plan), said)
    recognised = corrected(recognised, _columns(mapping))
    preview.recognised, preview.layout = recognised, recognised.layout
    preview.header_row = recognised.header_row
    rows = _rows(preview, recognised, answers)
    if not preview.problems:
        _compare(preview, rows, plan=plan, office=office, answers=answers, by=by)
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
    rows: list[FileRow],
    *,
    plan: Plan,
    office: Office | None,
    answers: Mapping[str, Any],
    by: Any,
) -> None:
    """Match the rows with the lists, compare them with the register, and fill the preview."""
    may_create = by is None or is_rpct_of_plan(by, plan)
    recognised = preview.recognised
    tables = recognised.tables if recognised else ()
    ids = ids_of_plan(recognised.ids if recognised else None, plan)
    known = in_use(plan) if ids else None
    values = Values(plan=plan, answers=answers, may_create=may_create, in_use=known)
    fields = {name for table in tables for name in table.mapping.values()}
    # a sheet of one process has its labels in the context
    fields |= {name for table in tables if table.exact for name in table.context}
    texts = texts_of(plan) if ids else {}
    wanting = Wanting(
        values=values,
        office=office,
        ids=ids,
        fields=fields,
        texts=texts,
        is_exact=any(table.exact for table in tables),
    )
    wanting.read(rows)
    preview.problems += wanting.problems
    _say_without_office(preview, wanting.without_office)
    offices = {wanted.office.pk: wanted.office for wanted in wanting.processes}
    comparing = Comparing(
        preview=preview,
        register=Register(plan=plan, offices=list(offices.values())),
        values=values,
        answers=answers,
        may_change=lambda annex: by is None or edits_office(by, annex),
        may_open=may_create,
        has_actions="action" in fields,
    )
    comparing.compare(wanting.processes)
    note_lost_ids(preview, ids, rows)
    refuse_misplaced(preview, comparing.register, ids, rows)
    tell_gone(preview, comparing.register, ids, rows, wanting.processes)
    refuse_ex_officio(preview, by=by)
    preview.questions += values.questions.values()
    preview.writes.values = values


def _rows(preview: Preview, recognised: Recognised, answers: Mapping[str, Any]) -> list[FileRow]:
    order = answers.get(QuestionKind.ORDER, {})
    said = {key: answer.get("is") for key, answer in order.items()}
    reading = read_rows(recognised, {key for key, where in said.items() if where == _ABOVE})
    preview.rows = len(reading.rows)
    for finding in [*recognised.findings, *reading.findings, *reading.problems]:
        (preview.problems if finding.stops else preview.notes).append(_told(finding))
    rows = []
    for row in reading.rows:
        for doubt in row.doubts:
            if said.get(row.key) not in (_ABOVE, _HERE):
                preview.questions.append(
                    Question(
                        kind=QuestionKind.ORDER,
                        value=row.key,
                        reason=doubt.reason,
                        suggestions=_sides(row, doubt),
                        place=row.key,
                    )
                )
            elif doubt.kind == "behaviours-above" and said[row.key] == _HERE:
                cells = {n: cell for n, cell in row.cells.items() if n != "behaviours"}
                row = replace(row, cells=cells)
        rows.append(row)
    return rows


def _sides(row: FileRow, doubt: Doubt) -> tuple[Choice, Choice]:
    """Return the two answers to a doubt, in the words of its question."""
    if doubt.kind == "behaviours-above":
        return (
            Choice(_ABOVE, _("sì, quelli della riga sopra")),
            Choice(_HERE, _("no, qui non ce ne sono")),
        )
    label = _("a «%(process)s»")
    here = row.text("process_title")
    return (
        Choice(_ABOVE, label % {"process": short(doubt.belongs_to)}),
        Choice(_HERE, label % {"process": short(here)}),
    )


def _told(finding: Finding) -> Problem:
    column = address(0, finding.column)
    return Problem(finding.sheet, finding.row, column, finding.value, finding.reason)


def _columns(mapping: Mapping[str, Any]) -> dict[tuple[str, int], str]:
    return {
        (sheet, int(column)): field
        for sheet, columns in mapping.items()
        for column, field in columns.items()
        if column != HEADER_ROW
    }


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
    for layout, heading, field in known.values_list("layout", "heading", "field"):
        remembered[layout][heading] = field
    return Knowledge(
        vocabulary={name: [str(row) for row in index.rows(kind)] for name, kind in kinds.items()},
        indicators=dict(indicators.values_list("code", "label")),
        remembered=remembered,
    )


def _digest(preview: Preview, content: bytes, said: Mapping[str, Any]) -> str:
    """Return the digest of all that would be written, so that another outcome has another one.

    `said` is what a person has said of the file. New rows count with all their values, of which the
    page shows the names only: a list may say something else by now of what the file calls alike.
    """
    digest = hashlib.sha256(hashlib.sha256(content).digest())
    lines = _told_lines(preview, said)
    # in parts: all of them together are as much again as what they tell of
    while part := list(islice(lines, _PART)):
        digest.update("\n".join([*part, ""]).encode())
    return digest.hexdigest()


def _told_lines(preview: Preview, said: Mapping[str, Any]) -> Iterator[str]:
    yield json.dumps(said, sort_keys=True)
    for row in preview.added:
        yield f"+{row.kind}|{row.office}|{row.process}|{row.label}"
    for row in preview.changed:
        yield f"~{row.kind}|{row.office}|{row.process}|{row.label}|{row.changes}"
    for row in preview.conflicts:
        yield f"!{row.key}"
    for model, rows in preview.writes.created.items():
        columns = model._meta.concrete_fields
        # not the rows' attributes: those of relations cost ten times as much
        values = itemgetter(*(one.attname for one in columns if one.name not in ("id", "uid")))
        name = model._meta.model_name
        for row in rows:
            yield f"={name}|{values(row.__dict__)}"


def _say_without_office(preview: Preview, rows: list[FileRow]) -> None:
    """Say once of all rows without an office that they have none: one answer serves them all."""
    if not rows:
        return
    preview.without_office = len(rows)
    reason = ngettext(
        "Il file non dice l’ufficio di questa riga: indicalo.",
        "Il file non dice l’ufficio di %(rows)d righe, a cominciare da questa: indicalo.",
        len(rows),
    ) % {"rows": len(rows)}
    preview.problems.append(Problem(rows[0].sheet, rows[0].row, "", "", reason))
