"""The report of a round, as it was issued last or as its rows say; drawn as a draft once closed."""

from dataclasses import replace

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from registry.acts import RuleRefused
from registry.models import Office
from registry.services.jobs import Progress, no_progress
from risk.content.round_parts import parts_of
from risk.content.round_values import RoundReport, day, report_of, restore_round
from risk.content.typography import printable
from risk.enums import RoundState
from risk.models import MonitoringRound, RoundIssue, RoundItem
from risk.models.packed import intact
from risk.paper.round_report import ReportHead, report_fragments
from risk.services.monitoring.report_data import round_content
from risk.services.monitoring.report_kept import content_to_read
from risk.services.printing.pieces import report_apart

LIGHT = ("data", "pdf")
"""The long columns of an issue, for whoever only names it."""


def issues_of(row: MonitoringRound, *, is_public: bool = False) -> list[RoundIssue]:
    """Return the issues of a round, the last first, without what is long."""
    rows = RoundIssue.objects.filter(round=row, is_public=is_public).defer(*LIGHT)
    return list(rows.select_related("by").order_by("-earlier"))


def report_now(row: MonitoringRound) -> tuple[RoundReport, RoundIssue | None]:
    """Return what the report of a round says: as it was issued last, else as its rows say.

    Raises `UnknownFormatError`, `DamagedContentError`.
    """
    issue = RoundIssue.objects.filter(round=row, is_public=False).defer("pdf")
    last = issue.order_by("-earlier").first()
    if last is None:
        return report_of(content_to_read(row)), None
    return restore_round(intact(last, "data")), last


def office_report(report: RoundReport, row: MonitoringRound, office: int) -> RoundReport:
    """Return the report of what one office was asked."""
    uids = RoundItem.objects.filter(round=row, office=office).values_list("uid", flat=True)
    return report.only({str(uid) for uid in uids})


def head_of_report(report: RoundReport, issue: RoundIssue | None) -> ReportHead:
    """Return what stands on each page of a report; without an issue it is a draft."""
    title = _("Relazione del monitoraggio")
    if report.is_public:
        title = _("Relazione del monitoraggio – versione pubblica")
    head = ReportHead(
        body=printable(report.body),
        plan=printable(report.plan),
        label=printable(report.label),
        title=title,
        situation_on=day(report.situation_on),
    )
    if issue is None:
        return head
    return replace(
        head,
        is_draft=False,
        number=issue.number,
        issued_at=date_format(timezone.localtime(issue.issued_at), "d/m/Y H:i"),
        digest=issue.data_digest,
        anchor=issue.anchor,
        verify_at=f"{settings.SITE_URL}{reverse('risk:verify')}",
    )


def draft_pdf(row: MonitoringRound, *, progress: Progress = no_progress) -> bytes:
    """Return the report of a closed round as a PDF that says it is a draft; what is kept is kept.

    Raises `RuleRefused` for a round that is not closed, `risk.paper.pdf.PaperError`.
    """
    if row.state != RoundState.CLOSED:
        raise RuleRefused(_("La relazione in bozza c’è da quando il monitoraggio è chiuso."))
    progress(0, 1, _("Leggo le risposte"))
    report = report_of(round_content(row))
    return drawn_report(report, head_of_report(report, None), progress)


def office_pdf(row: MonitoringRound, office: Office, *, progress: Progress = no_progress) -> bytes:
    """Return the sheet of one office as a tagged PDF: of an issued round as it was issued.

    It is no issue of its own, and has no digest. Raises as `report_now`, and
    `risk.paper.pdf.PaperError`.
    """
    progress(0, 1, _("Leggo le risposte"))
    report, issue = report_now(row)
    head = replace(
        head_of_report(report, None),
        title=_("Scheda di %(office)s") % {"office": printable(office.name)},
        is_draft=issue is None,
    )
    return drawn_report(office_report(report, row, office.pk), head, progress)


def drawn_report(report: RoundReport, head: ReportHead, progress: Progress = no_progress) -> bytes:
    """Return a report as a PDF, drawn in pieces; pieces that are kept are not drawn again."""
    fragments = report_fragments(head, parts_of(report))
    return report_apart(fragments, named=head.label, progress=progress, is_kept=True)
