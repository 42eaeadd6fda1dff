"""The pack of a plan: one ZIP with all there is of it, in any state, and a page that opens it.

Every annex as a PDF, the plan in one document, the registers as workbooks, the data, and the
digests of all of it. Of an adopted plan it holds what was adopted, byte for byte.
"""

import datetime
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import IO, Any, NamedTuple

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import slugify
from django.utils.translation import gettext as _

from registry import clock
from registry.models import Plan
from registry.services.jobs import Progress, no_progress
from risk.content.plan_values import PlanDocument
from risk.content.typography import without_controls
from risk.models import PlanIssue
from risk.paper.html import STYLESHEETS, style_of
from risk.paper.plan import PLAN_STYLESHEET
from risk.services.plans.archives import SUMS, ArchivedFile, SummedArchive, summed_archive
from risk.services.plans.bound import AnnexPaper, bound_plan
from risk.services.plans.documents import file_name_of, printed_plan
from risk.services.plans.draft_reading import DraftReading
from risk.services.plans.issues import adopted_files
from risk.services.reporting.open_data.files import (
    WHOLE,
    table_file,
    write_draft_data,
    write_whole_data,
)
from risk.services.reporting.open_data.plans import annex_line
from risk.services.reporting.open_data.tables import TABLES
from risk.services.workbooks.files import plan_workbook
from risk.workbooks.books import LAYOUTS
from risk.workbooks.drawing import TooLongError

PAGE = "index.html"
STEPS_AFTER = 3
"""Registers, data and page: steps after the annexes and the document."""
PACK_STYLESHEET = "risk/paper/pack.css"
_TEMPLATE = "risk/reporting/pack.html"


@dataclass(frozen=True, slots=True)
class PackedRow:
    """A line of the page: what a file is, what more there is to know of it; without one, why."""

    title: str
    detail: str
    file: ArchivedFile | None


@dataclass(slots=True)
class PackContents:
    """What is in a pack, group by group, as its page lists it."""

    documents: list[PackedRow] = field(default_factory=list)
    annexes: list[PackedRow] = field(default_factory=list)
    registers: list[PackedRow] = field(default_factory=list)
    registered: str = ""
    """When the registers of a plan that is not adopted were read: behind the others."""
    data: list[PackedRow] = field(default_factory=list)


def write_pack(*, plan: Plan, into: IO[bytes], progress: Progress = no_progress) -> None:
    """Write the pack of a plan, in any state; one annex at a time is put into it.

    `progress` is told before each annex and each step after them. Raises `PaperError` when an
    annex cannot be printed, with its name; `DamagedContentError` when what was issued is not whole;
    `UnknownFormatError` for a plan that a later version has adopted.
    """
    issue = PlanIssue.objects.select_related("plan__administration").filter(plan=plan).first()
    with (
        summed_archive(into, issue.issued_at if issue else clock.now()) as archive,
        tempfile.TemporaryDirectory() as folder,
    ):
        work = partial(_adopted, issue) if issue else partial(_draft, plan)
        contents, said, write_data = work(archive, _longer(progress))
        done = len(contents.annexes) + 1
        progress(done, done + STEPS_AFTER, _("Scrivo i registri"))
        contents.registered = "" if issue else _told(clock.now())
        contents.registers = list(_registers(plan, archive))
        progress(done + 1, done + STEPS_AFTER, _("Scrivo i dati"))
        write_data(Path(folder))
        contents.data = list(_data(archive, Path(folder)))
        progress(done + 2, done + STEPS_AFTER, _("Scrivo la pagina che apre il pacchetto"))
        page = without_controls(render_to_string(_TEMPLATE, _page(plan, said, contents)))
        archive.add(PAGE, page.encode(), is_packed=True)


def _longer(progress: Progress) -> Progress:
    """Return a progress whose steps are followed by those after the document."""
    return lambda done, total, message: progress(done, total + STEPS_AFTER, message)


WriteData = Callable[[Path], None]


class _Said(NamedTuple):
    """What the page of a pack says of the plan, as it stood at a moment."""

    document: PlanDocument
    moment: datetime.datetime
    is_adopted: bool


def _draft(
    plan: Plan, archive: SummedArchive, progress: Progress
) -> tuple[PackContents, _Said, WriteData]:
    contents, lines = PackContents(), bytearray()
    found: list[_Said] = []

    def take(paper: AnnexPaper) -> None:
        part = paper.part
        file = archive.add(f"allegati/{_name_of(paper)}", part.pdf)
        contents.annexes.append(PackedRow(part.title, part.detail, file))
        lines.extend(annex_line(paper.document, paper.issue))

    def read(reading: DraftReading) -> None:
        found.append(_Said(reading.document, reading.moment, is_adopted=False))

    bound = bound_plan(plan=plan, progress=progress, on_read=read, on_annex=take)
    _add_bound(plan, archive, contents, bound)
    (said,), state = found, plan.get_state_display()
    return contents, said, partial(write_draft_data, said.document, state, BytesIO(lines))


def _name_of(paper: AnnexPaper) -> str:
    if paper.issue is not None:
        return file_name_of(paper.annex, paper.issue)
    return f"bozza-{paper.number:03d}-{slugify(paper.annex.printed_office_name)[:80]}.pdf"


def _adopted(
    issue: PlanIssue, archive: SummedArchive, progress: Progress
) -> tuple[PackContents, _Said, WriteData]:
    plan, document, contents = issue.plan, printed_plan(issue), PackContents()
    bound = bound_plan(plan=plan, progress=progress)
    files = {
        name: archive.add(name, content, is_packed=not name.endswith(".pdf"))
        for name, content in adopted_files(issue)
    }
    _add_bound(plan, archive, contents, bound)
    for suffix, title in (
        ("pdf", _("Il piano adottato, con gli allegati dentro (PDF)")),
        ("html", _("Il piano adottato come pagina (HTML)")),
        ("json", _("Il piano adottato come dati (JSON)")),
    ):
        contents.documents.append(PackedRow(title, "", files[f"{plan.slug}.{suffix}"]))
    for row in document.annexes:
        names = {"head": row.head, "n": row.number, "day": row.issued_on}
        detail = _("Responsabile: %(head)s; emissione n. %(n)s del %(day)s") % names
        contents.annexes.append(PackedRow(row.office, detail, files[f"allegati/{row.file_name}"]))
    said = _Said(document, issue.issued_at, is_adopted=True)
    return contents, said, partial(write_whole_data, issue)


def _add_bound(plan: Plan, archive: SummedArchive, contents: PackContents, pdf: bytes) -> None:
    file = archive.add(f"{plan.slug}-in-un-documento.pdf", pdf)
    contents.documents.append(PackedRow(_("Il piano in un solo documento (PDF)"), "", file))


def _registers(plan: Plan, archive: SummedArchive) -> Iterator[PackedRow]:
    """Put the registers of all offices into the pack; one that no workbook can hold is told."""
    rows = plan.annexes.with_names().filter(exemption=None).order_by("office__folded", "pk")
    annexes = list(rows)
    for layout in LAYOUTS if annexes else ():
        title = f"{str(layout.label).capitalize()} (XLSX)"
        try:
            content = plan_workbook(plan=plan, layout=layout, annexes=annexes)
        except TooLongError as error:
            yield PackedRow(title, str(error), None)
        else:
            yield PackedRow(title, "", archive.add(f"registri/{layout}.xlsx", content))


def _data(archive: SummedArchive, folder: Path) -> Iterator[PackedRow]:
    named = [(WHOLE, _("Il piano intero (JSON)"))]
    named += [(table_file(name), f"{label} (CSV)") for name, (label, *_others) in TABLES.items()]
    for name, title in named:
        yield PackedRow(title, "", archive.add(f"dati/{name}", folder / name, is_packed=True))


def _page(plan: Plan, said: _Said, contents: PackContents) -> dict[str, Any]:
    return {
        "document": said.document,
        "is_adopted": said.is_adopted,
        "state": plan.get_state_display(),
        "moment": _told(said.moment),
        "contents": contents,
        "sums": SUMS,
        "style": style_of((*STYLESHEETS, PLAN_STYLESHEET, PACK_STYLESHEET), embed=True),
    }


def _told(moment: datetime.datetime) -> str:
    return date_format(timezone.localtime(moment), "d/m/Y, H:i")
