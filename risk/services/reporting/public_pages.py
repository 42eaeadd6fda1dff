"""A published plan as pages that anybody reads: its parts, and its annexes office by office.

They are made of what was adopted, and each annex and the parts are written once, by whoever asks
first (docs/decisions/0045). What is stored is what stands inside the frame of a page.
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from django.core.files.storage import storages
from django.core.paginator import Page, Paginator
from django.template.loader import render_to_string
from django.urls import reverse

from registry.services.stored_files import StoredFile, new_file, stored_folder
from risk.content.part_values import (
    PartContent,
    PartLink,
    PartSection,
    to_annex,
    to_process,
)
from risk.content.plan_facts import PlanFacts, annex_facts
from risk.content.plan_parts import PLAN_PARTS, parts_of
from risk.content.typography import without_controls
from risk.enums import Layout
from risk.models import AnnexIssue, PlanIssue
from risk.paper.layouts import PRINTED_LAYOUTS
from risk.paper.plan_chapters import DrawnLink, drawn_parts
from risk.paper.short_sheets import shortened
from risk.services.annexes.issues import reprint
from risk.services.plans.documents import printed_plan
from risk.services.printing.sources import digest_of_sources
from risk.services.reporting.open_data.files import PATIENCE, STORE

SHEETS_A_PAGE = PRINTED_LAYOUTS[Layout.SHEETS].on_screen
ROWS_A_PAGE = 50
"""Rows and sections of a part that stand on one page."""
_AT_ONCE = 20
"""Issues whose data are in memory at a time."""
_WRITERS = (
    *("content", "formatted", "paper", "templatetags"),
    *("services/reporting", "services/plans/comparison"),
)
"""The folders of this room that say how pages are written, beside the templates."""


@dataclass(frozen=True)
class PublicPage:
    """A page of a part or an annex: what stands in its frame, and its place among the others."""

    html: str
    page: Page


def annex_page(issue: AnnexIssue, number: Any, *, patience: float = PATIENCE) -> PublicPage:
    """Return a page of an annex as it was adopted, the nearest there is; written now if need be.

    Raises `BusyError` when another process is at it for longer than `patience` seconds,
    `UnknownFormatError` and `DamagedContentError` for data nobody can read, `OSError` when the disk
    refuses.
    """
    return stored_page(_annex_folder(issue), lambda: _annex_files(issue), "", number, patience)


def part_page(
    issue: PlanIssue, name: str, number: Any, *, patience: float = PATIENCE
) -> PublicPage:
    """Return a page of a part of an adopted plan, one of `PLAN_PARTS`, as `annex_page`.

    All parts of a plan are written at once.
    """
    return stored_page(
        _parts_folder(issue), lambda: _part_files(issue), f"{name}-", number, patience
    )


def write_public_pages(issue: PlanIssue, progress: Callable[[int, int], None]) -> None:
    """Write all pages of an adopted plan that are not written; raises as `annex_page`."""
    rows = _issues_of(issue)
    total = rows.count() + 1
    written_pages(_parts_folder(issue), lambda: _part_files(issue), PATIENCE)
    for done, row in enumerate(rows.iterator(chunk_size=_AT_ONCE), start=1):
        progress(done, total)
        written_pages(_annex_folder(row), lambda row=row: _annex_files(row), PATIENCE)


def page_folders(issue: PlanIssue) -> Iterator[Path]:
    """Yield where the pages of an adopted plan are, or will be."""
    yield _parts_folder(issue)
    for row in issue.annex_issues.only("uid"):
        yield _annex_folder(row)


def _issues_of(issue: PlanIssue) -> Any:
    rows = issue.annex_issues.defer("html", "pdf").select_related("annex__office")
    return rows.order_by("annex__office__folded", "number")


def stored_page(
    folder: Path, files: "Files", start: str, number: Any, patience: float
) -> PublicPage:
    """Return a page of those in a folder whose names begin so, written now if need be."""
    found = _named(written_pages(folder, files, patience), start)
    page = Paginator(found, 1).get_page(number)
    (file,) = page.object_list
    return PublicPage(file.path.read_text(), page)


def _named(files: Mapping[str, StoredFile], start: str) -> list[StoredFile]:
    return [file for name, file in sorted(files.items()) if name.startswith(start)]


Files = Callable[[], Iterator[tuple[str, str]]]
"""Gives the names and the texts of the files of a folder."""


def written_pages(folder: Path, files: Files, patience: float) -> dict[str, StoredFile]:
    """Return the pages of a folder, written now where they are not."""

    def fill(place: Path) -> None:
        for name, text in files():
            with new_file(place / name) as into:
                into.write(without_controls(text).encode())

    return stored_folder(folder, fill, patience=patience)


def _annex_files(issue: AnnexIssue) -> Iterator[tuple[str, str]]:
    document = reprint(issue)
    texts = document.texts_of(Layout.SHEETS)
    for page in Paginator(document.sheets, SHEETS_A_PAGE):
        # what is said once on a page is not said again on it
        shown = replace(document, sheets=shortened(page.object_list))
        context = {"document": shown, "texts": texts, "page": page}
        yield (
            f"{page.number:06d}.html",
            render_to_string("risk/reporting/pages/annex.html", context),
        )


def _part_files(issue: PlanIssue) -> Iterator[tuple[str, str]]:
    document, facts, addresses = printed_plan(issue), [], PartAddresses()
    for row in _issues_of(issue).iterator(chunk_size=_AT_ONCE):
        facts.append(annex_facts(reprint(row)))
        addresses |= _addresses(issue, row, [one.uid for one in facts[-1].processes])
    whole = (document.measures, document.exempt, document.figures)
    own = (document.objectives, document.chapters, document.contributions)
    told = PlanFacts(tuple(facts), *whole, *own)
    # one that has nothing to say says so
    for part in parts_of(told, names=PLAN_PARTS):
        for page in Paginator(pages_of_part(part), 1):
            (drawn,) = drawn_parts(page.object_list, addresses)
            context = {"document": document, "part": drawn}
            html = render_to_string("risk/reporting/pages/part.html", context)
            yield f"{part.name}-{page.number:06d}.html", html


def _addresses(issue: PlanIssue, row: AnnexIssue, processes: list[str]) -> dict[str, str]:
    """Return where an annex and its sheets stand, by what leads to them."""
    plan = issue.plan
    names = [plan.administration.ipa_code, plan.slug, row.number]
    annex = reverse("risk:published_annex", args=names)
    found = {to_annex(str(row.annex.uid)): annex}
    for place, uid in enumerate(processes):
        page = place // SHEETS_A_PAGE + 1
        asked = f"?pagina={page}" if page > 1 else ""
        found[to_process(uid)] = f"{annex}{asked}#processo-{uid}"
    return found


def pages_of_part(part: PartContent) -> list[PartContent]:
    """Return a part page by page; a table that is longer goes on under its title."""
    pages: list[list[PartSection]] = [[]]
    used = 0
    for section in part.sections:
        for piece, size in _pieces(section):
            if used and used + size > ROWS_A_PAGE:
                pages.append([])
                used = 0
            pages[-1].append(piece)
            used += size
    first, *others = (replace(part, sections=tuple(sections)) for sections in pages)
    return [first, *(replace(one, paragraphs=()) for one in others)]


def _pieces(section: PartSection) -> Iterator[tuple[PartSection, int]]:
    table = section.table
    if table is None or len(table.rows) < ROWS_A_PAGE:
        yield section, 1 + (len(table.rows) if table else len(section.words))
        return
    step = ROWS_A_PAGE - 1
    for start in range(0, len(table.rows), step):
        rows = table.rows[start : start + step]
        piece = replace(section, table=replace(table, rows=rows))
        yield (replace(piece, paragraphs=(), entries=()) if start else piece), 1 + len(rows)


class PartAddresses(dict[str, str]):
    """Where the pages stand that links lead to, by their targets; one that has none is its text."""

    def drawn(self, link: PartLink | None, *, part: str) -> DrawnLink | None:
        return link and DrawnLink(link.text, self.get(link.target, ""))


def _annex_folder(issue: AnnexIssue) -> Path:
    return folder_of_pages("allegato", str(issue.uid))


def _parts_folder(issue: PlanIssue) -> Path:
    return folder_of_pages("parti", str(issue.uid))


def folder_of_pages(kind: str, uid: str) -> Path:
    """Return where pages of a kind are kept of what has this uid."""
    # written by another version, or with other addresses, they are other pages
    told = "\n".join((kind, uid, reverse("risk:published"), _writers()))
    return Path(storages[STORE].location, hashlib.sha256(told.encode()).hexdigest()[:32])


@cache
def _writers() -> str:
    """Return the digest of all that says how pages are written."""
    return digest_of_sources(
        rooms=_WRITERS, templates=["paper", "reporting", "plans/comparison", "annexes/changes"]
    ).hex()
