"""What an annex is read from: its rows, and once it is issued what was issued."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet

from registry.enums import AnnexState
from registry.models import Annex
from risk.content.approvals import annex_is_one_person
from risk.content.build import OF_PROCESSES, build_document, cover_of
from risk.content.pieces import IssuedData
from risk.content.reading import blocks_of, read_annex
from risk.content.reconfirmed import reconfirmed_of
from risk.content.values import AnnexDocument
from risk.models import AnnexIssue
from risk.models.packed import as_kept
from risk.services.annexes.drawn_sheets import drawn_sheets
from risk.services.annexes.issues import reprint


def issue_read(annex: Annex) -> AnnexIssue | None:
    """Return the issue an issued annex is read from; None while it is not issued."""
    return _issues_read(annex).defer("html", "pdf").first()


def _issue_as_kept(annex: Annex) -> Any:
    """Return the same with its data as they are kept, in `kept_data`, none of them unpacked."""
    rows = _issues_read(annex).defer("html", "pdf", "data")
    return rows.annotate(kept_data=as_kept("data")).first()


def _issues_read(annex: Annex) -> QuerySet:
    is_issued = annex.state == AnnexState.ISSUED
    return annex.issues.standing() if is_issued else AnnexIssue.objects.none()


def document_of(annex: Annex) -> AnnexDocument:
    """Return what is printed of an annex: what was issued, or its rows as they are now."""
    issue = issue_read(annex)
    return reprint(issue) if issue is not None else build_document(read_annex(annex))


@dataclass(frozen=True)
class DocumentPage:
    """Some processes of an annex as its document says them, and which page of all that is.

    Only what hangs on them is read and built (docs/decisions/0046).
    """

    document: AnnexDocument
    page: Page

    @property
    def times(self) -> float:
        """How many times as many processes the whole document has."""
        return self.page.paginator.count / max(len(self.page), 1)


class DocumentPages:
    """The document of an annex, `rows` processes at a time, with what it `holds` of them."""

    def __init__(self, annex: Annex, *, rows: int, holds: Collection[str] = OF_PROCESSES) -> None:
        self.annex = annex
        self.issue = _issue_as_kept(annex)
        self.rows = rows
        self.holds = holds

    def page(self, number: Any) -> DocumentPage:
        """Return the page with a number, the nearest there is. Raises `UnresolvedField`."""
        if self.issue is not None:
            page = Paginator(range(self._issued.count), self.rows).get_page(number)
            start = page.start_index() - 1 if page else 0
            part = self._issued.part(start, start + len(page), holds=self.holds)
            return DocumentPage(reprint(self.issue, part=part), page)
        rows = self._processes.values_list("pk", "number")
        page = Paginator(rows, self.rows).get_page(number)
        if set(self.holds) == {"sheets"} and not self.annex.plan.is_adopted:
            return DocumentPage(self._drawn(list(page)), page)
        keys = [pk for pk, _number in page] if page.paginator.num_pages > 1 else None
        content = read_annex(self.annex, only=keys, deep=set(self.holds) != {"catalogue"})
        document = build_document(content, is_part=keys is not None, holds=self.holds)
        return DocumentPage(document, page)

    def _drawn(self, named: list[tuple[int, object]]) -> AnnexDocument:
        """Return the names and texts of the annex, with sheets that are drawn already."""
        cover = cover_of(self.annex, blocks_of(self.annex))
        sheets: Any = drawn_sheets(self.annex, named)
        said = {"is_one_person": annex_is_one_person(self.annex)}
        return replace(cover, sheets=sheets, reconfirmed=reconfirmed_of(self.annex), **said)

    def place_of(self, process: str) -> tuple[int, str] | None:
        """Return on which page a process stands, by its uid or its number, and its uid."""
        rows = self._numbered()
        for place, (uid, number) in enumerate(rows):
            if process in (uid, number):
                return place // self.rows + 1, uid
        return None

    def _numbered(self) -> list[tuple[str, str]]:
        if self.issue is not None:
            return self._issued.names
        rows = self._processes.values_list("uid", "number")
        return [(str(uid), str(number)) for uid, number in rows]

    @cached_property
    def _issued(self) -> IssuedData:
        return IssuedData(self.issue.kept_data)

    @property
    def _processes(self):
        return self.annex.processes.in_use().order_by("position")
