"""Jobs about the workbooks of a round: all of them in one ZIP."""

import tempfile

from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registry.acts import RuleRefused
from registry.models import Job, User
from registry.services.jobs import JobKind, Progress, Result, start_job, store_file
from risk.models import MonitoringRound
from risk.services.answer_books.files import books_archive
from risk.services.monitoring.rounds import subject_of_round
from risk.tasks.parts import GoneError
from risk.workbooks.drawing import TooLongError

BOOKS = "round-books"


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
            message=_("I fogli di %(n)s uffici sono pronti, con i testi delle mail.")
            % {"n": count},
            file=store_file(job, suffix="zip", data=file),
            file_name=f"{slugify(row.label)}.zip",
        )


def _place(job: Job) -> str:
    return reverse("risk:round_books", args=[job.arguments["round"]])


KINDS = (
    JobKind(
        name=BOOKS,
        label=gettext_lazy("Fogli di risposta di un monitoraggio"),
        work=_books,
        place=_place,
        refusals=(GoneError, RuleRefused, TooLongError),
    ),
)
