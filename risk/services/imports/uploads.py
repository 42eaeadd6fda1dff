"""A file on its way in: stored with its bytes, read by its content, never kept when unreadable.

What a person says about it on the way, column by column and value by value, is kept with it.
"""

import hashlib
from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings
from django.db.models import Sum
from django.db.models.functions import Length
from django.utils.translation import gettext as _

from registry import trail
from registry.acts import act
from registry.models import Office, Plan, User
from registry.normalise import fold
from registry.readable import grouped
from registry.services.rows import store
from registry.services.trail import record_refusal
from registry.spreadsheets import UnreadableFile
from risk.enums import ImportState
from risk.models import ColumnMapping, RegisterImport
from risk.services.imports.ledger import QUOTED, QuestionKind
from risk.services.imports.read import ReadFile, read_here, read_in_job
from risk.services.imports.recognise.descriptions import AUTO
from risk.services.imports.refusals import ImportRefusedError
from risk.services.imports.subjects import import_subject
from risk.services.plans.moves import subject_of

MEGABYTE = 1024 * 1024
LONG_FROM = 50_000
"""Characters of all cells, each counted with its row in the register, from which reading, taking
or undoing may last two seconds: it is a job."""
UNREAD_SIZE = 20 * LONG_FROM
LONG_TIMES = 2.5
"""What takes so many times longer is done where it delays nobody's short work."""


def start_import(
    *,
    plan: Plan,
    office: Office | None,
    filename: str,
    content: bytes,
    layout: str,
    by: Any,
    reading: Callable[[bytes, str], ReadFile] = read_here,
) -> RegisterImport:
    """Store a file a person wants to take in, after it has been read once; return it.

    `office` is that of every row that names none. `reading` reads the file (`read_soon` for what a
    page was sent, which may leave it to a job). Raises `UnreadableFile` when the content is no
    file of tables, `ImportRefusedError` when the plan is adopted or too much waits already: then
    nothing is stored but the refusal, on the trail.
    """
    digest = hashlib.sha256(content).hexdigest()
    try:
        if plan.is_adopted:
            raise ImportRefusedError(_("Il piano è adottato: non si modifica più."))
        check_quotas(plan=plan, content=content, by=by)
        read = reading(content, filename)
    except (UnreadableFile, ImportRefusedError) as refused:
        record_refusal(
            kind="import", by=by, subject=subject_of(plan), reason=f"{filename}: {refused}"
        )
        raise
    return RegisterImport.objects.create(
        plan=plan,
        office=office,
        by=by,
        filename=filename[-255:],
        content=content,
        tables=read.tables,
        digest=digest,
        layout=layout,
        # what could not be read while a page waits is long
        report={"size": read.size if read.tables else UNREAD_SIZE},
    )


def check_quotas(*, plan: Plan, content: bytes, by: User) -> None:
    """Refuse a file beyond what a person or a body may have waiting to be taken.

    Counted are the files on their way, whichever plan they were brought for; raises
    `ImportRefusedError`.
    """
    waiting = RegisterImport.objects.filter(state=ImportState.UPLOADED)
    body = plan.administration
    quotas = (
        (waiting.filter(by=by), settings.PERSON_UPLOADS_MB, _("tuoi")),
        (
            waiting.filter(plan__administration=body),
            settings.BODY_UPLOADS_MB,
            _("dell’amministrazione"),
        ),
    )
    for rows, megabytes, whose in quotas:
        taken = rows.aggregate(bytes=Sum(Length("content")))["bytes"] or 0
        if taken + len(content) > megabytes * MEGABYTE:
            raise ImportRefusedError(
                _("I file %(whose)s che aspettano superano %(limit)s MB: importane o scartane.")
                % {"whose": whose, "limit": grouped(megabytes)}
            )


def is_long(register_import: RegisterImport) -> bool:
    """Return whether work on a file takes longer than a person waits for a page."""
    return register_import.report.get("size", 0) >= LONG_FROM


def delays_others(register_import: RegisterImport) -> bool:
    """Return whether it takes more than about five seconds."""
    return register_import.report.get("size", 0) >= LONG_TIMES * LONG_FROM


def read_unread(*, register_import: RegisterImport, by: Any) -> None:
    """Read a file whose reading was left to a job; one that was read stays as it is.

    Raises `ImportRefusedError`, the file set aside, when it cannot be read.
    """
    if register_import.tables:
        return
    try:
        read = read_in_job(bytes(register_import.content), register_import.filename)
    except (UnreadableFile, ImportRefusedError) as refused:
        discard_import(register_import=register_import, by=by)
        raise ImportRefusedError(str(refused)) from refused
    report = {**register_import.report, "size": read.size}
    _change(register_import, tables=read.tables, report=report)


def choose_columns(
    *,
    register_import: RegisterImport,
    layout: str,
    mapping: Mapping[str, Mapping[str, Any]],
    heads: Mapping[str, str],
    by: Any,
    places: Mapping[str, Mapping[str, Any]] | None = None,
) -> None:
    """Keep what a person says of the columns of a file, and remember it for the body's next file.

    `mapping` is that of `preview_import`; `heads` are the fields by heading that are worth
    remembering, "" for a column left out knowingly; `places` are the answers about what stands
    around the tables. Raises `ImportRefusedError` for a file that is no longer on its way.
    """
    subject = import_subject(register_import)
    heads = {**heads, **_roles_of(places or {})}
    with act("import-columns", by=by, subject=subject, detail={"heads": heads}):
        _change(register_import, layout=layout, mapping=mapping)
        if places:
            answer_questions(register_import=register_import, answers={QuestionKind.PLACE: places})
        # a heading may mean something else in another layout: it counts for the one it was said of
        known = register_import.report.get("layout", layout)
        _remember(register_import, known if layout == AUTO else layout, heads)


def remember_answers(
    *, register_import: RegisterImport, answers: Mapping[str, Mapping[str, Any]], by: Any
) -> None:
    """Remember for the body's next file what has been answered about heads and places.

    Of heads too long to be asked about whole nothing is remembered.
    """
    columns = answers.get(QuestionKind.COLUMN, {})
    whole = {head: said for head, said in columns.items() if len(head) < QUOTED}
    heads = {**_roles_of(whole), **_roles_of(answers.get(QuestionKind.PLACE, {}))}
    if heads:
        subject = import_subject(register_import)
        with act("import-columns", by=by, subject=subject, detail={"heads": heads}):
            _remember(register_import, register_import.report.get("layout", AUTO), heads)


def _roles_of(places: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    """Return the role of each place or head, "" for one that says none."""
    return {value: str(answer.get("is", "")) for value, answer in places.items()}


def answer_questions(
    *, register_import: RegisterImport, answers: Mapping[str, Mapping[str, Any]]
) -> None:
    """Add answers to those a person has given: {kind: {value: answer}} (`Question`).

    Raises `ImportRefusedError` for a file that is no longer on its way.
    """
    said = {kind: dict(values) for kind, values in register_import.answers.items()}
    for kind, values in answers.items():
        said[kind] = {**said.get(kind, {}), **values}
    _change(register_import, answers=said)


def choose_office(*, register_import: RegisterImport, office: Office) -> None:
    """Say of which office the rows are that name none; raises `ImportRefusedError`."""
    _change(register_import, office=office)


def forget_answer(*, register_import: RegisterImport, kind: str, value: str) -> None:
    """Take one answer back, so that it is asked again; raises `ImportRefusedError`.

    An answer that was not given is no error: somebody else has taken it back.
    """
    said = {name: dict(values) for name, values in register_import.answers.items()}
    said.get(kind, {}).pop(value, None)
    _change(register_import, answers={name: values for name, values in said.items() if values})


def forget_answers(*, register_import: RegisterImport) -> None:
    """Take all answers back, so that everything is asked again; raises `ImportRefusedError`."""
    _change(register_import, answers={})


def discard_import(*, register_import: RegisterImport, by: Any) -> None:
    """Set aside a file that was not taken; its bytes go, the line of the list stays.

    Raises `ImportRefusedError` for a file that was taken or set aside already.
    """
    detail = {"file": register_import.filename, "file_digest": register_import.digest}
    subject = import_subject(register_import)
    with act("import-discard", by=by, subject=subject):
        _change(register_import, state=ImportState.DISCARDED, content=b"", tables=b"", report={})
        # an act of no row with a history leaves no record by itself
        trail.write(kind="import-discard", by=by, subject=subject, detail=detail)


def _change(register_import: RegisterImport, **values: Any) -> None:
    """Write columns of a file that is still on its way."""
    on_its_way = RegisterImport.objects.filter(pk=register_import.pk, state=ImportState.UPLOADED)
    if not on_its_way.update(**values):
        raise ImportRefusedError(_("Il file è già stato importato o scartato."))
    for name, value in values.items():
        setattr(register_import, name, value)


def _remember(register_import: RegisterImport, layout: str, heads: Mapping[str, str]) -> None:
    body = register_import.plan.administration
    rows = ColumnMapping.objects.filter(administration=body, layout=layout)
    known = {row.folded: row for row in rows}
    for heading, field in heads.items():
        row = known.get(fold(heading)) or ColumnMapping(
            administration=body, layout=layout, heading=heading, field=""
        )
        if row.pk is None or row.field != field:
            row.field = field
            known[fold(heading)] = store(row)
