"""Workbooks on their way back: kept as imports keep their files, taken in one act, taken back.

The row is that of any import, with a layout of its own (docs/decisions/0090).
"""

import hashlib
import io
import zipfile
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from registry import clock, trail
from registry.acts import RuleRefused, act
from registry.gc_paused import without_collecting
from registry.models import User
from registry.permissions import is_rpct_of_plan, reach_of
from registry.readable import grouped
from registry.services.bulk import create_in_bulk, update_each
from registry.services.holding import hold
from registry.services.jobs import Progress, no_progress
from registry.services.trail import record_refusal
from registry.services.undo import undo
from registry.spreadsheets.workbook import UnreadableFile
from risk.enums import ImportState, ItemState
from risk.models import Evidence, Measurement, MonitoringRound, RegisterImport, RoundItem
from risk.services.answer_books.compare import propose
from risk.services.answer_books.contents import ANSWERED
from risk.services.answer_books.proposal import BooksProposal, report_of
from risk.services.answer_books.read import kept_books
from risk.services.answer_books.reading import (
    Files,
    Reading,
    distinct,
    read_in_job,
    read_whole,
)
from risk.services.imports.refusals import ImportRefusedError
from risk.services.imports.uploads import LONG_TIMES, check_quotas, discard_import
from risk.services.monitoring.answers import BOOKS, settled_state
from risk.services.monitoring.page import OF_ROUND
from risk.services.monitoring.rounds import locked_round, subject_of_round
from risk.services.monitoring.steps import TOLD
from risk.workbooks.rowids import ANSWERS

UNDO = "round-books-undo"
_MOMENT = (1980, 1, 1, 0, 0, 0)
_NUMBER = len("001 ")
"""Before the name of each file, as it is kept."""
LONG_ROWS = 500
"""Rows of measures, indicators and steps from which comparing, taking or undoing may last a second
where others work too: it is a job."""
UNREAD_ROWS = 3 * LONG_ROWS
TAKEN = gettext_lazy(
    "Le risposte sono nel registro: le conferma il responsabile di ciascun ufficio."
)
TAKEN_BACK = gettext_lazy("Le risposte sono tornate com’erano prima. Misurazioni e prove restano.")


def may_bring(user: User, row: MonitoringRound) -> bool:
    """Tell whether a person brings workbooks of a round: its RPCT, whoever works for an office."""
    body = row.plan.administration
    own = reach_of(user).own_offices
    return is_rpct_of_plan(user, row.plan) or body.offices.filter(pk__in=own).exists()


def uploads_of(user: User, row: MonitoringRound) -> QuerySet[RegisterImport]:
    """Return what was brought for a round, the last first, of what a person may see of it."""
    rows = RegisterImport.objects.visible_to(user).filter(plan=row.plan_id, layout=ANSWERS)
    return rows.filter(answers__round=str(row.uid)).order_by("-pk")


def brought_by(user: User, uid: UUID | str) -> tuple[MonitoringRound, RegisterImport] | None:
    """Return what was brought and its round, of what a person may see; None where that is none."""
    rows = RegisterImport.objects.visible_to(user).filter(layout=ANSWERS)
    upload = rows.select_related("by").defer("content", "tables").filter(uid=uid).first()
    if upload is None:
        return None
    rounds = MonitoringRound.objects.visible_to(user).select_related(*OF_ROUND)
    row = rounds.filter(uid=upload.answers["round"]).first()
    return (row, upload) if row else None


def start_books(
    *, row: MonitoringRound, files: Files, by: User, reading: Reading = read_whole
) -> RegisterImport:
    """Keep workbooks a person has brought for a round; return the row, to be compared.

    `reading` reads them (`read_soon` for what a page was sent, which may leave it to a job). Raises
    `ImportRefusedError` where the round takes no answers any more, too much waits already, or they
    cannot be read in time; `UnreadableFile` where they are more than a list may be.
    """
    named = distinct(files)
    content = _kept(named)
    try:
        if not row.is_answering:
            state = row.get_state_display()
            raise ImportRefusedError(
                _("Il monitoraggio è %(state)s: non si risponde più.") % {"state": state}
            )
        check_quotas(plan=row.plan, content=content, by=by)
        read = reading(named)
    except (UnreadableFile, ImportRefusedError) as refused:
        record_refusal(kind=BOOKS, by=by, subject=subject_of_round(row), reason=str(refused))
        raise
    return RegisterImport.objects.create(
        plan=row.plan,
        by=by,
        filename=_name_of(files),
        content=content,
        tables=read.tables,
        digest=hashlib.sha256(content).hexdigest(),
        layout=ANSWERS,
        # what becomes of a file that is set aside, the list of its round still says
        answers={"round": str(row.uid)},
        # what could not be read while a page waits is long
        report={"rows": read.size if read.tables else UNREAD_ROWS},
    )


def is_long(upload: RegisterImport) -> bool:
    """Tell whether comparing, taking or undoing takes longer than a person waits for a page."""
    return _rows(upload) >= LONG_ROWS


def delays_others(upload: RegisterImport) -> bool:
    """Tell whether it takes more than about five seconds."""
    return _rows(upload) >= LONG_TIMES * LONG_ROWS


def _rows(upload: RegisterImport) -> int:
    return upload.report.get("rows", 0)


def _name_of(files: Files) -> str:
    if len(files) == 1:
        return files[0][0][-255:]
    n = len(files)
    return ngettext("%(n)s foglio", "%(n)s fogli", n) % {"n": grouped(n)}


def _kept(files: Files) -> bytes:
    """Return files as one: a ZIP of them, the same bytes for the same files."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for n, (name, content) in enumerate(files, 1):
            archive.writestr(zipfile.ZipInfo(f"{n:03d} {name}", _MOMENT), content)
    return stream.getvalue()


def read_unread(*, upload: RegisterImport, by: User, progress: Progress = no_progress) -> None:
    """Read workbooks whose reading was left to a job; those that were read stay as they are.

    Raises `ImportRefusedError`, the workbooks set aside, when they cannot be read.
    """
    if upload.tables or upload.state != ImportState.UPLOADED:
        return
    try:
        read = read_in_job(_files_of(bytes(upload.content)), progress)
    except (UnreadableFile, ImportRefusedError) as refused:
        discard_import(register_import=upload, by=by)
        raise ImportRefusedError(str(refused)) from refused
    _on_its_way(upload, tables=read.tables, report={"rows": read.size})


def _files_of(content: bytes) -> Files:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return [(name[_NUMBER:], archive.read(name)) for name in archive.namelist()]


@without_collecting()
def compare_books(*, row: MonitoringRound, upload: RegisterImport, by: User) -> None:
    """Compare what was brought with the register as it is now, for its page.

    Nothing is written of what it says. A file that is none of ours is told in the report.
    """
    proposal = propose(row=row, books=kept_books(bytes(upload.tables)), by=by)
    _on_its_way(upload, report=report_of(proposal) | {"rows": _rows(upload)})


def _on_its_way(upload: RegisterImport, **values: Any) -> None:
    """Write columns of what was brought, unless it was taken or set aside meanwhile."""
    rows = RegisterImport.objects.filter(pk=upload.pk, state=ImportState.UPLOADED)
    if rows.update(**values):
        upload.__dict__.update(values)


@without_collecting()
def take_books(
    *, row: MonitoringRound, upload: RegisterImport, digest: str, by: User
) -> BooksProposal:
    """Write all that workbooks say, as their preview with this `digest` has shown it. One act.

    Whoever takes them is the author of their answers: another person confirms them. What was not
    taken is in the proposal, and stays as it is. Raises `ImportRefusedError` when they were taken
    or set aside already, say nothing new, or would do something else than was shown.
    """
    subject = subject_of_round(row)
    detail = {"round": str(row.uid), "file": upload.filename, "file_digest": upload.digest}
    with act(BOOKS, by=by, subject=subject, detail=detail) as opened:
        taken = _locked(upload)
        if taken.state != ImportState.UPLOADED:
            raise ImportRefusedError(_("I fogli sono già stati presi o scartati."))
        hold(MonitoringRound, row.pk)
        current = MonitoringRound.objects.select_related("plan__administration").get(pk=row.pk)
        books = kept_books(bytes(taken.tables))
        found = propose(row=current, books=books, by=by, is_locked=True)
        if not current.is_answering:
            raise ImportRefusedError(_("Il monitoraggio non riceve più risposte."))
        if found.is_empty:
            raise ImportRefusedError(_("Nei fogli non c’è nulla di nuovo da prendere."))
        if found.digest != digest:
            raise ImportRefusedError(
                _("Le risposte sono cambiate dopo l’anteprima: guardala di nuovo.")
            )
        _write(found, opened)
        detail = opened.detail
        detail |= {"answers": len(found.answers), "measurements": len(found.measurements)}
        detail |= {"steps": len(found.steps)} if found.steps else {}
        if not opened.has_touched:
            # an act of no row with a history leaves no record by itself
            trail.write(kind=BOOKS, by=by, subject=subject, detail=detail)
        taken.state, taken.tables = ImportState.TAKEN, b""
        taken.act_uid, taken.taken_at = opened.uid, clock.now()
        taken.report = report_of(found) | {"rows": _rows(upload)}
        taken.save(update_fields=["state", "tables", "act_uid", "taken_at", "report"])
        return found


def _locked(upload: RegisterImport) -> RegisterImport:
    rows = RegisterImport.objects.select_for_update().defer("content", "report")
    return rows.get(pk=upload.pk)


def _write(found: BooksProposal, opened: Any) -> None:
    told = [one.state for one in found.steps]
    update_each([one.answer for one in found.answers], fields=ANSWERED, opened=opened)
    update_each(_settled(found), fields=["state"], opened=opened)
    update_each([one for one in told if one.pk], fields=TOLD, opened=opened)
    create_in_bulk([one for one in told if not one.pk], kind=BOOKS, by=opened.by)
    trail.bind_row(opened.detail, *Measurement.objects.bulk_create(found.measurements))
    trail.bind_row(opened.detail, *Evidence.objects.bulk_create(found.evidence))


def _settled(found: BooksProposal) -> list[RoundItem]:
    """Return the measures in the state they are brought to, where it is another one.

    What was sent back is compiled again by whatever is added to it, as on its page
    (`risk.services.monitoring.answers.writing_answer`).
    """
    added = (*found.measurements, *found.evidence, *(one.state for one in found.steps))
    answers = {one.item: one.item.answer for one in added if one.item.state == ItemState.RETURNED}
    answers |= {one.answer.item: one.answer for one in found.answers}
    items = []
    for item, answer in answers.items():
        state = settled_state(item, answer)
        if item.state != state:
            item.state = state
            items.append(item)
    return items


def undo_books(*, row: MonitoringRound, upload: RegisterImport, by: User) -> None:
    """Take back the answers that workbooks have brought, as one act, all or none.

    Measurements and proofs stay: they are written once, and are corrected one by one. Raises
    `registry.services.undo.NotUndoable` where an answer was written or confirmed since,
    `ImportRefusedError` where they were not taken, `RuleRefused` for a round that is closed and
    for who does not answer for all of their offices.
    """
    with locked_round(row, kind=UNDO, by=by) as locked:
        taken = RegisterImport.objects.select_for_update().defer("content", "tables")
        found = taken.get(pk=upload.pk)
        if found.state != ImportState.TAKEN or not has_answers(found):
            raise ImportRefusedError(_("Solo risposte prese da fogli si annullano."))
        if not locked.is_answering:
            raise RuleRefused(_("Il monitoraggio non riceve più risposte."))
        if not may_undo(found, locked, by):
            raise RuleRefused(_("Annulla chi risponde per tutti gli uffici dei fogli."))
        undo(uid=found.act_uid, at=found.taken_at, by=by)
        found.state = ImportState.UNDONE
        found.save(update_fields=["state"])


def has_answers(upload: RegisterImport) -> bool:
    """Tell whether what was taken has anything that can be taken back: answers, steps."""
    return bool(upload.report.get("answers") or upload.report.get("steps"))


def may_undo(upload: RegisterImport, row: MonitoringRound, by: User) -> bool:
    """Tell whether a person takes back what was taken: who still answers for all its offices."""
    offices = set(upload.report.get("keys", ()))
    return is_rpct_of_plan(by, row.plan) or offices <= reach_of(by).own_offices
