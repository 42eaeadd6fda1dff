"""Jobs about the workbooks of a round: all in one ZIP; those that came back, as of imports."""

import tempfile

from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from registry.acts import Refused, RuleRefused
from registry.models import Job, User
from registry.services.jobs import JobKind, Progress, Result, start_job, store_file
from registry.services.undo import NotUndoable
from risk.enums import ImportState
from risk.models import MonitoringRound, RegisterImport
from risk.services.answer_books.files import books_archive
from risk.services.answer_books.uploads import (
    TAKEN,
    TAKEN_BACK,
    brought_by,
    compare_books,
    delays_others,
    may_bring,
    read_unread,
    take_books,
    undo_books,
)
from risk.services.monitoring.rounds import subject_of_round
from risk.tasks.parts import GoneError, mark_of
from risk.workbooks.drawing import TooLongError

BOOKS = "round-books"
READ = "read-round-books"
TAKE = "take-round-books"
UNDO = "undo-round-books"


def ask_books(*, row: MonitoringRound, by: User) -> Job:
    """Ask for all workbooks of a round, with the texts of the mails; asked again, the same job."""
    return start_job(
        kind=BOOKS,
        by=by,
        administration=row.plan.administration,
        subject=f"{subject_of_round(row)} {row.uid}",
        title=f"{row.label}, {row.plan.title}",
        arguments={"round": str(row.uid)},
    )


def _books(job: Job, progress: Progress) -> Result:
    rows = MonitoringRound.objects.visible_to(job.by).select_related("plan__administration")
    row = rows.filter(uid=job.arguments["round"]).first()
    if row is None:
        raise GoneError(_("Il monitoraggio non c’è più, o non spetta più a chi ha chiesto."))
    with tempfile.TemporaryFile() as file:
        count = books_archive(row=row, by=job.by, into=file, progress=progress)
        return Result(
            message=ngettext(
                "I fogli di %(n)s ufficio sono pronti, con i testi delle mail.",
                "I fogli di %(n)s uffici sono pronti, con i testi delle mail.",
                count,
            )
            % {"n": count},
            file=store_file(job, suffix="zip", data=file),
            file_name=f"{slugify(row.label)}.zip",
        )


def ask_reading(*, row: MonitoringRound, upload: RegisterImport, by: User) -> Job:
    """Ask for what was brought to be read and compared; asked again meanwhile, the same job."""
    return _ask(READ, row, upload, by)


def ask_taking(*, row: MonitoringRound, upload: RegisterImport, digest: str, by: User) -> Job:
    """Ask for it to be taken as its preview said; asked again of the same, the same job."""
    return _ask(TAKE, row, upload, by, digest=digest)


def ask_taking_back(*, row: MonitoringRound, upload: RegisterImport, by: User) -> Job:
    """Ask for what was taken to be taken back; asked again meanwhile, the same job."""
    return _ask(UNDO, row, upload, by)


def _ask(
    kind: str, row: MonitoringRound, upload: RegisterImport, by: User, **arguments: str
) -> Job:
    # of another preview it is another job
    mark = f" {mark_of(digest)}" if (digest := arguments.get("digest")) else ""
    return start_job(
        kind=kind,
        by=by,
        administration=row.plan.administration,
        subject=f"import {upload.uid}{mark}",
        title=f"{upload.filename}, {row.label}",
        arguments={"import": str(upload.uid), **arguments},
        is_long=delays_others(upload),
    )


def _read(job: Job, progress: Progress) -> Result:
    row, upload = _brought(job)
    read_unread(upload=upload, by=job.by, progress=progress)
    compare_books(row=row, upload=upload, by=job.by)
    links = [(_("Che cosa cambierebbe"), _brought_place(job))]
    return Result(message=_("I fogli sono letti: nel registro non è cambiato nulla."), links=links)


def _take(job: Job, progress: Progress) -> Result:
    row, upload = _brought(job)
    # interrupted between the end of the act and that of the job: nothing is left to do
    if not (job.attempts > 1 and upload.state == ImportState.TAKEN):
        progress(0, 1, _("Scrivo le risposte nel registro"))
        try:
            take_books(row=row, upload=upload, digest=job.arguments["digest"], by=job.by)
        except Refused:
            if upload.state == ImportState.UPLOADED:
                compare_books(row=row, upload=upload, by=job.by)
            raise
    links = [(_("Che cosa è stato preso"), _brought_place(job))]
    return Result(message=str(TAKEN), links=links)


def _take_back(job: Job, progress: Progress) -> Result:
    row, upload = _brought(job)
    if not (job.attempts > 1 and upload.state == ImportState.UNDONE):
        progress(0, 1, _("Riporto le risposte com’erano"))
        undo_books(row=row, upload=upload, by=job.by)
    links = [(_("I fogli annullati"), _brought_place(job))]
    return Result(message=str(TAKEN_BACK), links=links)


def _brought(job: Job) -> tuple[MonitoringRound, RegisterImport]:
    """Return what a job is about, as long as the person who asked may bring workbooks."""
    found = brought_by(job.by, job.arguments["import"])
    if found is None or not may_bring(job.by, found[0]):
        raise GoneError(_("I fogli non ci sono più, o non spettano più a chi ha chiesto."))
    return found


def _place(job: Job) -> str:
    return reverse("risk:round_books", args=[job.arguments["round"]])


def _brought_place(job: Job) -> str:
    return reverse("risk:round_brought", args=[job.arguments["import"]])


KINDS = (
    JobKind(
        name=BOOKS,
        label=gettext_lazy("Fogli di risposta di un monitoraggio"),
        work=_books,
        place=_place,
        refusals=(GoneError, RuleRefused, TooLongError),
        goes_on=True,
    ),
    JobKind(
        name=READ,
        label=gettext_lazy("Lettura di fogli di risposta"),
        work=_read,
        place=_brought_place,
        refusals=(GoneError, Refused),
    ),
    JobKind(
        name=TAKE,
        label=gettext_lazy("Risposte da prendere da fogli"),
        work=_take,
        place=_brought_place,
        refusals=(GoneError, Refused),
    ),
    JobKind(
        name=UNDO,
        label=gettext_lazy("Annullamento di risposte prese da fogli"),
        work=_take_back,
        place=_brought_place,
        refusals=(GoneError, Refused, NotUndoable),
    ),
)
