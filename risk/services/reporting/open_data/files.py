"""The open data of a published plan as stored files: written once, from then on only fetched.

They are made of what an adoption froze, so that whatever is lost is written anew, by the next
request or by `tend_open_data` (docs/decisions/0045).
"""

import functools
import hashlib
import json
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any
from uuid import UUID

from django.conf import settings
from django.core.files.storage import storages
from django.db import connection
from django.db.models import QuerySet

from registry.enums import PUBLIC_PLAN_STATES
from registry.models import Administration
from registry.models.plans import slug_of
from registry.packing import DamagedContentError
from registry.prepared import rows_of
from registry.services.stored_files import (
    StoredFile,
    drop_folder,
    is_sound,
    new_file,
    read_folder,
    stored_folder,
    sweep_folders,
)
from registry.spreadsheets import delimited, writing_text
from registry.spreadsheets.writing import write_table
from risk.content import canonical
from risk.content.canonical import UnknownFormatError
from risk.content.plan_values import PlanDocument
from risk.models import PlanIssue
from risk.services.plans.documents import printed_plan
from risk.services.plans.succession import IN_ORDER
from risk.services.reporting.open_data import plans, tables
from risk.services.reporting.open_data.plans import (
    end_of_data,
    write_annexes,
    write_draft,
    write_unended,
)
from risk.services.reporting.open_data.tables import TABLES, OpenData, open_data_table

STORE = "published"
WHOLE = "dati.json"
PATIENCE = 600
"""Seconds a job or a command waits for another that writes; a page waits less."""
_WRITERS = (canonical, delimited, plans, tables, writing_text)
_ANY = "?"
"""Stands for the code of any body in the statement that finds a plan."""
_IN_MEMORY = 4 * 1024 * 1024


def table_file(name: str) -> str:
    """Return the name of the file of one of `TABLES`."""
    return f"{name}.csv"


def open_data_files(issue: PlanIssue, *, patience: float = PATIENCE) -> dict[str, StoredFile]:
    """Return the files of an adopted plan by name, written now where they are not.

    Raises `BusyError` when another process is at them for longer than `patience` seconds,
    `UnknownFormatError` for data of another format, `OSError` when the disk refuses.
    """
    place = folder_of(issue.uid)
    return stored_folder(place, lambda folder: _fill(issue, folder), patience=patience)


def known_files(issue: UUID) -> dict[str, StoredFile]:
    """Return the files of an issue by name, by its uid; none where they are not written yet."""
    return read_folder(folder_of(issue))


def issues_of_public_plans(ipa_code: str) -> QuerySet[PlanIssue]:
    """Return what the published plans of a body were issued as.

    The body is found by itself: to plan a third table into the join was a third of what PostgreSQL
    did for a request.
    """
    body = Administration.objects.filter(ipa_code=ipa_code).values("pk")[:1]
    rows = PlanIssue.objects.filter(plan__administration=body)
    return rows.filter(plan__state__in=PUBLIC_PLAN_STATES)


@dataclass(frozen=True)
class PublishedData:
    """A published plan as its open data are asked for: its issue, and the plans beside it."""

    issue: UUID
    older: str | None
    newer: str | None
    """Titles of the plans before and after it, where there are."""


def published_data(ipa_code: str, title: str) -> PublishedData | None:
    """Return what a request for open data needs to know of a published plan; None where it is none.

    One statement, which is made once, and once planned: making and planning it anew was most of
    what a request cost. That the plans are in the order of `risk.services.plans.succession` is a
    test.
    """
    sql, values = _statement()
    given = [ipa_code if value == _ANY else value for value in values]
    rows = rows_of(connection, sql, given)
    titles = [None, *(name for _uid, name in rows), None]
    for (uid, name), older, newer in zip(rows, titles, titles[2:], strict=False):
        if slug_of(name) == title:
            return PublishedData(UUID(str(uid)), older, newer)
    return None


@functools.cache
def _statement() -> tuple[str, tuple[Any, ...]]:
    order = [f"plan__{column}" for column in IN_ORDER]
    rows = issues_of_public_plans(_ANY).order_by(*order).values_list("uid", "plan__title")
    return rows.query.sql_with_params()


def folder_of(issue: UUID) -> Path:
    """Return where the files of a plan are: by what they are made of and who writes them.

    Whatever is written otherwise, by a later version or for another address of the site, is
    another folder.
    """
    told = "\n".join((str(issue), settings.SITE_URL, _writers()))
    return Path(storages[STORE].location, hashlib.sha256(told.encode()).hexdigest()[:32])


@dataclass(frozen=True)
class Tended:
    """How many plans had their files written anew, and how many folders were of no plan.

    `unread` counts the plans whose data a later version has written, or that are damaged.
    """

    written: int
    swept: int
    unread: int


def _nothing_beside(_issue: PlanIssue) -> Iterable[Path]:
    return ()


def tend_open_data(
    beside: Callable[[PlanIssue], Iterable[Path]] = _nothing_beside,
) -> Tended:
    """Write the files that published plans lack, or that are damaged; take away all others.

    What a plan has `beside` them is left, and taken away where it is damaged. Safe to run at any
    time, as often as one likes. Raises `BusyError` and `OSError` as `open_data_files` does.
    """
    wanted, written, unread = set(), 0, 0
    public = PlanIssue.objects.filter(plan__state__in=PUBLIC_PLAN_STATES)
    for issue in public.defer("html", "pdf", "data").select_related("plan__administration"):
        folder = folder_of(issue.uid)
        for one in (folder, *beside(issue)):
            wanted.add(one.name)
            if read_folder(one) and not is_sound(one):
                drop_folder(one, patience=PATIENCE)
        if read_folder(folder):
            continue
        try:
            open_data_files(issue)
            written += 1
        except (UnknownFormatError, DamagedContentError):
            unread += 1
    above = Path(storages[STORE].path(""))
    swept = sweep_folders(above, keep=wanted, patience=PATIENCE)
    return Tended(written, swept, unread)


@functools.cache
def _writers() -> str:
    """Return a digest of the code that says how the files are written."""
    sources = [Path(str(module.__file__)).read_bytes() for module in _WRITERS]
    return hashlib.sha256(b"\n".join(sources)).hexdigest()


def _fill(issue: PlanIssue, folder: Path) -> None:
    """Write all files of a plan; each annex is read and restored once."""
    document = printed_plan(issue)
    with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as lines:
        write_annexes(issue, lines)
        lines.seek(0)
        with new_file(folder / WHOLE) as into:
            write_unended(document, issue, lines, into)
        _write_tables(document, lines, folder)


def write_whole_data(issue: PlanIssue, folder: Path) -> None:
    """Write the files of an adopted plan into a folder that is empty, the JSON to its end."""
    _fill(issue, folder)
    body = issue.plan.administration.ipa_code
    known = published_data(body, issue.plan.slug)
    older, newer = (known.older, known.newer) if known else (None, None)
    with (folder / WHOLE).open("ab") as into:
        into.write(end_of_data(body, older=older, newer=newer))


def write_draft_data(document: PlanDocument, state: str, lines: IO[bytes], folder: Path) -> None:
    """Write a plan that is not adopted as the same files, into a folder that is empty.

    `lines` has one annex a line, from `plans.annex_line`. What only an adoption or an issue has is
    null; the JSON says that it is a draft, and names no schema and no licence.
    """
    with new_file(folder / WHOLE) as into:
        write_draft(document, state, lines, into)
    _write_tables(document, lines, folder)


def _write_tables(document: PlanDocument, lines: IO[bytes], folder: Path) -> None:
    data = OpenData(document, _Lines(lines))
    for name in TABLES:
        with new_file(folder / table_file(name)) as into:
            write_table(open_data_table(data, name), "csv", into)


class _Lines:
    """Annexes as data, read from a file of one a line."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def __iter__(self) -> Iterator[dict[str, Any]]:
        self._file.seek(0)
        for line in self._file:
            yield json.loads(line)
