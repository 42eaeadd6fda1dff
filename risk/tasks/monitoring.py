"""Reports of rounds of monitoring and papers of a year: issued, corrected, drawn, as workbooks."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registry.acts import act
from registry.enums import PUBLIC_PLAN_STATES
from registry.models import Job, Office, Plan, User
from registry.packing import DamagedContentError
from registry.permissions import reach_of
from registry.services.jobs import JobKind, Progress, Result, start_job, store_file
from risk.content.canonical import UnknownFormatError
from risk.enums import RoundState, RoundVerb
from risk.models import MonitoringRound, RoundItem
from risk.paper.pdf import PaperError
from risk.services.annexes.moves import MoveRefusedError
from risk.services.monitoring.issuing import (
    CORRECTED,
    check_correction,
    correct_round,
    corrected_since,
    issue_round,
)
from risk.services.monitoring.page import OF_ROUND
from risk.services.monitoring.report import (
    draft_pdf,
    issues_of,
    office_pdf,
    office_report,
    report_now,
)
from risk.services.monitoring.report_files import report_workbook
from risk.services.monitoring.rounds import check_round_move, subject_of_round
from risk.services.monitoring.yearly import REVIEW, title_of, year_pdf, year_workbook
from risk.services.plans.moves import subject_of
from risk.tasks.parts import GoneError, mark_of, named, plan_names, plan_of, reads_whole
from risk.tasks.plans.whole import ask_open_data
from risk.workbooks.drawing import TooLongError

ISSUE, CORRECT, REPORT = "round-issue", "round-correct", "round-report"
YEAR_PAPER = "year-paper"
_WORDS = ("said", "reason", "outcome")
_TYPED = ("item", *_WORDS)
"""What a correction says: other words, or of another measure, are another correction."""


def ask_round_issue(*, row: MonitoringRound, by: User) -> Job:
    """Ask for the issue of a closed round; asked again meanwhile, the same job.

    Raises `RuleRefused` for who may not, or for a move that is not the next.
    """
    with act(ISSUE, by=by, subject=subject_of_round(row)):
        check_round_move(row=row, verb=RoundVerb.ISSUE, by=by)
    return _ask(ISSUE, row, by, subject=f"{subject_of_round(row)} {row.uid}")


def ask_correction(
    *, row: MonitoringRound, by: User, item: RoundItem | None = None, **values: str
) -> Job:
    """Ask for a correction of an issued round; asked again in the same words, the same job.

    `values` are as of `correct_round`.

    Raises `RuleRefused` for who may not, or for a round that is not issued.
    """
    with act(CORRECTED, by=by, subject=subject_of_round(row)):
        check_correction(row, by)
    values = {"outcome": "", **values, "item": str(item.uid) if item else ""}
    mark = mark_of(*(values[name] for name in _TYPED))
    subject = f"{subject_of_round(row)} {row.uid} correction {mark}"
    return _ask(CORRECT, row, by, subject=subject, **values)


def ask_report(*, row: MonitoringRound, suffix: str, by: User, office: Office | None = None) -> Job:
    """Ask for the report of a round: the draft as "pdf", or the workbook as "xlsx".

    With an office, for its sheet alone, the PDF of an issued round too. Whether the person reads
    all of the body, or the office, is asked before. Asked again meanwhile, the same job.
    """
    told = {"office": str(office.pk)} if office else {}
    subject = " ".join((subject_of_round(row), str(row.uid), *told.values(), suffix))
    about = office.name if office else ""
    return _ask(REPORT, row, by, subject=subject, about=about, suffix=suffix, **told)


def _ask(
    kind: str, row: MonitoringRound, by: User, *, subject: str, about: str = "", **arguments: str
) -> Job:
    return start_job(
        kind=kind,
        by=by,
        administration=row.plan.administration,
        subject=subject,
        title=", ".join(filter(None, (about, row.label, row.plan.title))),
        arguments={"round": str(row.uid), **arguments},
        is_long=True,
    )


@contextmanager
def _refusals_told() -> Iterator[None]:
    """Let what refuses the work be told in its own words."""
    try:
        yield
    except ValidationError as refused:
        raise MoveRefusedError(refused.messages) from refused


def _round_of(job: Job) -> MonitoringRound:
    """Return the round of a job, as long as the person who asked may see it."""
    rows = MonitoringRound.objects.visible_to(job.by).select_related(*OF_ROUND)
    row = rows.filter(uid=job.arguments["round"]).first()
    if row is None:
        raise GoneError(_("Il monitoraggio non c’è più, o non spetta più a chi ha chiesto."))
    return row


def _issue(job: Job, progress: Progress) -> Result:
    row = _round_of(job)
    # interrupted between the end of the issue and that of the job: nothing is left to do
    if not (job.attempts > 1 and row.state == RoundState.ISSUED):
        with _refusals_told():
            issue_round(row=row, by=job.by, progress=progress)
    _published(job, row)
    return _issued(job, row, _("Il monitoraggio è emesso, con la sua relazione."))


def _correct(job: Job, progress: Progress) -> Result:
    row, asked = _round_of(job), job.arguments
    item = row.items.filter(uid=asked["item"]).first() if asked["item"] else None
    values = {name: asked[name] for name in _WORDS}
    # interrupted after the correction was written: these words, and not another's
    if not (
        job.attempts > 1 and corrected_since(row, job.created_at, item=item, by=job.by, **values)
    ):
        with _refusals_told():
            correct_round(row=row, item=item, by=job.by, progress=progress, **values)
    _published(job, row)
    return _issued(job, row, _("La rettifica è scritta, e la relazione emessa di nuovo."))


def _published(job: Job, row: MonitoringRound) -> None:
    """Let what everybody reads of the year be written, where the plan is published."""
    if row.plan.state in PUBLIC_PLAN_STATES:
        ask_open_data(plan=row.plan, by=job.by)


def _issued(job: Job, row: MonitoringRound, message: str) -> Result:
    pdf = reverse("risk:round_issue_file", args=[issues_of(row)[0].uid, "pdf"])
    report = reverse("risk:round_report", args=[row.uid])
    links = [(_("Scarica il PDF"), pdf), (_("Leggi la relazione"), report)]
    return Result(message=message, links=links)


def _report(job: Job, progress: Progress) -> Result:
    row, suffix, office = _round_of(job), job.arguments["suffix"], _office_of(job)
    if suffix == "pdf" and office:
        data = office_pdf(row, office, progress=progress)
    elif suffix == "pdf":
        with _refusals_told():
            data = draft_pdf(row, progress=progress)
    else:
        progress(0, 1, _("Scrivo il foglio di calcolo"))
        report, issue = report_now(row)
        if office:
            report = office_report(report, row, office.pk)
        data = report_workbook(report, is_draft=issue is None)
    name = f"{row.label} {office.name}" if office else row.label
    return Result(
        message=_("La scheda è pronta.") if office else _("La relazione è pronta."),
        file=store_file(job, suffix=suffix, data=data),
        file_name=f"{slugify(name)}.{suffix}",
    )


def _office_of(job: Job) -> Office | None:
    """Return the office whose sheet a job makes; None where it is the whole report."""
    key = job.arguments.get("office")
    return Office.objects.get(pk=key) if key else None


def _place(job: Job) -> str:
    asked = job.arguments
    if key := asked.get("office"):
        return reverse("risk:round_office_sheet", args=[asked["round"], key])
    return reverse("risk:round_report", args=[asked["round"]])


def _round_place(job: Job) -> str:
    return reverse("risk:round", args=[job.arguments["round"]])


def _reads_round(user: User, job: Job) -> bool:
    rows = MonitoringRound.objects.visible_to(user).select_related("plan")
    row = rows.filter(uid=job.arguments["round"]).first()
    if row is None:
        return False
    office = job.arguments.get("office")
    if office and int(office) in reach_of(user).own_offices:
        return True
    return user.has_perm("risk.read_whole_plan", row.plan)


def ask_year_paper(*, plan: Plan, year: int, paper: str, suffix: str, by: User) -> Job:
    """Ask for a paper of a year ("stato", "riesame") as "pdf" or "xlsx".

    Whether the person reads all of the body is asked before. Asked again meanwhile, the same job.
    """
    told = {"year": year, "paper": paper, "suffix": suffix}
    return start_job(
        kind=YEAR_PAPER,
        by=by,
        administration=plan.administration,
        subject=f"{subject_of(plan)} {paper} {year} {suffix}",
        title=f"{title_of(paper)} {year}, {plan.title}",
        arguments={**named(plan), **told},
        is_long=True,
    )


def _year_paper(job: Job, progress: Progress) -> Result:
    plan, asked = plan_of(job), job.arguments
    year, paper = asked["year"], asked["paper"]
    if asked["suffix"] == "pdf":
        data = year_pdf(plan, year, paper, progress=progress)
    else:
        progress(0, 1, _("Scrivo il foglio di calcolo"))
        data = year_workbook(plan, year, paper)
    return Result(
        message=_("Il documento è pronto."),
        file=store_file(job, suffix=asked["suffix"], data=data),
        file_name=f"{slugify(title_of(paper))}-{year}.{asked['suffix']}",
    )


def _year_place(job: Job) -> str:
    asked = job.arguments
    name = "plan_review" if asked["paper"] == REVIEW else "plan_state"
    page = reverse(f"risk:{name}", args=plan_names(job))
    return f"{page}?anno={asked['year']}"


_REFUSALS: tuple[Any, ...] = (
    *(GoneError, MoveRefusedError, PaperError, UnknownFormatError, DamagedContentError),
)
KINDS = (
    JobKind(
        name=ISSUE,
        label=gettext_lazy("Emissione del monitoraggio"),
        work=_issue,
        place=_round_place,
        refusals=_REFUSALS,
    ),
    JobKind(
        name=CORRECT,
        label=gettext_lazy("Rettifica del monitoraggio"),
        work=_correct,
        place=_place,
        refusals=_REFUSALS,
    ),
    JobKind(
        name=REPORT,
        label=gettext_lazy("Relazione del monitoraggio"),
        work=_report,
        place=_place,
        refusals=(*_REFUSALS, TooLongError),
        may_read=_reads_round,
        goes_on=True,
    ),
    JobKind(
        name=YEAR_PAPER,
        label=gettext_lazy("Documento dell’anno"),
        work=_year_paper,
        place=_year_place,
        refusals=(GoneError, PaperError, TooLongError),
        may_read=reads_whole,
        goes_on=True,
    ),
)
