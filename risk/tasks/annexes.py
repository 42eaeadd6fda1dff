"""Jobs about one annex: its issue, its PDF, its workbook."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registry.enums import AnnexState, JobState
from registry.models import Annex, Job, Plan, User
from registry.packing import DamagedContentError
from registry.services.jobs import JobKind, Progress, Result, start_job, store_file
from risk.content.canonical import UnknownFormatError
from risk.content.texts import UnresolvedField
from risk.content.values import AnnexDocument
from risk.enums import Layout, Verb
from risk.paper.annex_blocks import annex_book
from risk.paper.pdf import PaperError
from risk.services.annexes.contents import ContentChangedError
from risk.services.annexes.documents import document_of
from risk.services.annexes.issues import issue_annex, issued_by
from risk.services.annexes.moves import (
    MoveRefusedError,
    check_move,
    read_for_move,
    refusals_recorded,
)
from risk.services.plans.comparison.marked import editions_before, marked_pdf
from risk.services.printing.pieces import pdf_of_draft
from risk.services.printing.rendering import text_apart
from risk.services.printing.sizes import delays_others
from risk.services.workbooks import files
from risk.services.workbooks.files import annex_workbook
from risk.tasks.parts import GoneError, annex_of, is_named, others_named, written
from risk.workbooks.drawing import TooLongError

ISSUE = "issue-annex"
PAPER = "draw-annex"
WORKBOOK = "write-annex"
TEXT = "write-annex-text"
MARKED = "mark-annex"


def ask_issue(*, annex: Annex, by: User) -> Job:
    """Ask for the issue of a validated annex; asked again meanwhile, the same job.

    Raises `MoveRefusedError` when the annex may not be issued now; the refusal is on the trail.
    """
    with refusals_recorded(annex=annex, verb=Verb.ISSUE, by=by):
        check_move(read_for_move(annex, verb=Verb.ISSUE, by=by), verb=Verb.ISSUE, by=by)
    is_long = _delays_others(partial(document_of, annex), Layout.COMPLETE)
    return _ask(ISSUE, annex, by, subject=f"annex {annex.uid}", is_long=is_long)


def job_of_issue(*, annex: Annex, user: User) -> Job | None:
    """Return the issue that is on its way, or that has failed last and may be tried again.

    Only of a validated annex, and only to whoever sees the job: who asked for it, and the RPCT.
    """
    if annex.state != AnnexState.VALIDATED:
        return None
    jobs = Job.objects.visible_to(user).filter(kind=ISSUE, subject=f"annex {annex.uid}")
    job = jobs.order_by("-created_at", "-id").first()
    return job if job is not None and (job.is_active or job.state == JobState.FAILED) else None


def ask_paper(
    *, annex: Annex, layout: Layout, by: User, document: AnnexDocument | None = None
) -> Job:
    """Ask for the PDF of an annex, a draft, in one layout; asked again meanwhile, the same job.

    `document` is the annex as it was read, by whoever has done so.
    """
    is_long = _delays_others(lambda: document or document_of(annex), layout)
    subject = f"annex {annex.uid} {layout}"
    return _ask(PAPER, annex, by, subject=subject, is_long=is_long, layout=str(layout))


def ask_workbook(*, annex: Annex, layout: Layout, by: User) -> Job:
    """Ask for the workbook of an annex in one layout; asked again meanwhile, the same job."""
    subject = f"annex {annex.uid} {layout}"
    is_long = files.delays_others([annex])
    return _ask(WORKBOOK, annex, by, subject=subject, is_long=is_long, layout=str(layout))


def ask_text(*, annex: Annex, layout: Layout, suffix: str, by: User) -> Job:
    """Ask for an annex as a text to go on with (`TEXT_FORMATS`); asked again, the same job."""
    subject = f"annex {annex.uid} {layout} {suffix}"
    # whoever asks has waited as long as a page waits
    return _ask(TEXT, annex, by, subject=subject, is_long=True, layout=str(layout), suffix=suffix)


def ask_marked(*, annex: Annex, before: Plan, layout: Layout, by: User) -> Job:
    """Ask for an annex with the signs of what changed since an edition; again, the same job.

    Whether the person may lay the two side by side is asked before (`editions_before`).
    """
    subject = f"annex {annex.uid} marks {layout} {before.slug} {by.trail_token}"
    told = {**others_named(before=before), "layout": str(layout)}
    return _ask(MARKED, annex, by, subject=subject, is_long=True, **told)


def _delays_others(read: Callable[[], AnnexDocument], layout: Layout) -> bool:
    try:
        return delays_others(read(), layout)
    except UnresolvedField:
        # the job says so, and is short
        return False


def _ask(
    kind: str, annex: Annex, by: User, *, subject: str, is_long: bool = False, **arguments: Any
) -> Job:
    return start_job(
        kind=kind,
        by=by,
        administration=annex.plan.administration,
        subject=subject,
        title=f"{annex.printed_office_name}, {annex.plan.title}",
        arguments={"annex": str(annex.uid), **arguments},
        is_long=is_long,
    )


def _issue(job: Job, progress: Progress) -> Result:
    annex = annex_of(job)
    # interrupted between the end of the issue and that of the job: there is nothing left to do
    done = issued_by(annex=annex, by=job.by, since=job.created_at) if job.attempts > 1 else None
    issue = done or issue_annex(annex=annex, by=job.by, progress=progress)
    links = [
        (_("Scarica il PDF"), reverse("risk:issue_file", args=[issue.uid, "pdf"])),
        (_("Iter dell’allegato"), _way(job)),
    ]
    return Result(message=_("Emesso con il numero %(n)d.") % {"n": issue.number}, links=links)


def _paper(job: Job, progress: Progress) -> Result:
    annex, layout = annex_of(job), Layout(job.arguments["layout"])
    progress(0, 1, _("Preparo i dati"))
    # issued meanwhile: then what was issued is drawn
    document = document_of(annex)
    progress(0, 1, _("Disegno il PDF"))
    data = pdf_of_draft(document, layout=layout, progress=progress)
    return Result(
        message=_("Il PDF è pronto."),
        file=store_file(job, suffix="pdf", data=data),
        file_name=f"{slugify(annex.printed_office_name)}-{layout}.pdf",
    )


def _text(job: Job, progress: Progress) -> Result:
    annex, layout = annex_of(job), Layout(job.arguments["layout"])
    suffix = job.arguments["suffix"]
    progress(0, 1, _("Scrivo il documento"))
    data = text_apart(annex_book(document_of(annex), layout), suffix)
    return Result(
        message=_("Il documento è pronto."),
        file=store_file(job, suffix=suffix, data=data),
        file_name=f"{slugify(annex.printed_office_name)}-{layout}.{suffix}",
    )


def _marked(job: Job, progress: Progress) -> Result:
    annex = annex_of(job)
    asked = [row for row in editions_before(annex, job.by) if is_named(row, job, "before")]
    if not asked:
        raise GoneError(_("L’edizione non c’è più, o non spetta più a chi ha chiesto."))
    # asked by a version that drew the sheets alone
    layout = Layout(job.arguments.get("layout", Layout.SHEETS))
    data = marked_pdf(annex=annex, before=asked[0], layout=layout, progress=progress)
    name = f"{slugify(annex.printed_office_name)}-{layout}-segni-{asked[0].slug}.pdf"
    file = store_file(job, suffix="pdf", data=data)
    return Result(message=_("Il PDF è pronto."), file=file, file_name=name)


def _workbook(job: Job, progress: Progress) -> Result:
    annex, layout = annex_of(job), Layout(job.arguments["layout"])
    progress(0, 1, _("Scrivo il foglio di calcolo"))
    data = annex_workbook(annex=annex, layout=layout)
    return written(job, data, subject=annex.printed_office_name, layout=layout)


def _may_read(user: User, job: Job) -> bool:
    return Annex.objects.visible_to(user).filter(uid=job.arguments["annex"]).exists()


def _is_own(user: User, job: Job) -> bool:
    return job.by_id == user.pk and _may_read(user, job)


def _changes(job: Job) -> str:
    return reverse("risk:changes", args=[job.arguments["annex"]])


def _way(job: Job) -> str:
    return reverse("risk:workflow", args=[job.arguments["annex"]])


def _print(job: Job) -> str:
    return reverse("risk:annex", args=[job.arguments["annex"], job.arguments["layout"]])


KINDS = (
    JobKind(
        name=ISSUE,
        label=gettext_lazy("Emissione dell’allegato"),
        work=_issue,
        place=_way,
        refusals=(GoneError, MoveRefusedError, UnresolvedField, PaperError),
    ),
    JobKind(
        name=PAPER,
        label=gettext_lazy("PDF dell’allegato"),
        work=_paper,
        place=_print,
        refusals=(GoneError, UnresolvedField, PaperError),
        may_read=_may_read,
        goes_on=True,
    ),
    JobKind(
        name=TEXT,
        label=gettext_lazy("Allegato da modificare (DOCX, ODT)"),
        work=_text,
        place=_print,
        refusals=(GoneError, UnresolvedField, PaperError),
        may_read=_may_read,
        goes_on=True,
    ),
    JobKind(
        name=MARKED,
        label=gettext_lazy("PDF con i segni delle modifiche"),
        work=_marked,
        place=_changes,
        refusals=(
            *(GoneError, UnresolvedField, PaperError, UnknownFormatError),
            *(DamagedContentError, ContentChangedError),
        ),
        may_read=_is_own,
        goes_on=True,
    ),
    JobKind(
        name=WORKBOOK,
        label=gettext_lazy("Foglio di calcolo dell’allegato"),
        work=_workbook,
        place=_print,
        refusals=(GoneError, TooLongError),
        may_read=_may_read,
        goes_on=True,
    ),
)
