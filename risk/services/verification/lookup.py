"""Finding issues by digest: a number of statements, and bytes read, that do not grow with them."""

import hashlib
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import IntegerField, Value

from registry.models import Annex, Plan
from risk.models import AnnexIssue, PlanIssue

FOR_EVER: dict[str, Any] = {"plan_issue": PlanIssue, "issue": AnnexIssue}
"""What a file may be, by the field of `Found` that says so."""
_PDF, _DATA = "pdf_digest", "data_digest"
MOST_ENDS = 500
"""Of places in one file that may be the end of an issue; a signature adds one."""
_AT_ONCE = 500
_EOF = re.compile(rb"%%EOF")
_LINE_ENDS = (b"", b"\r", b"\n", b"\r\n")


@dataclass(frozen=True)
class Found:
    """An issue found by a digest of its file, or (`is_data`) by that of its data."""

    issue: AnnexIssue | None = None
    plan_issue: PlanIssue | None = None
    is_data: bool = False


def whole_digest(content: bytes) -> str:
    """Return the SHA-256 of a file."""
    return hashlib.sha256(content).hexdigest()


def prefix_digests(content: bytes) -> dict[str, int]:
    """Return the SHA-256 of each beginning of a file that ends as a PDF does, with its length.

    One pass over the bytes. A signed PDF is the issued one and what was appended (ISO 32000-1,
    7.5.6), so that the issue is among the beginnings. No more than `MOST_ENDS` of them.
    """
    digest, digests, done = hashlib.sha256(), {}, 0
    view = memoryview(content)
    for end in _ends(content):
        digest.update(view[done:end])
        digests[digest.hexdigest()] = done = end
    return digests


def _ends(content: bytes) -> Iterable[int]:
    if not content.startswith(b"%PDF-"):
        return
    count = 0
    for match in _EOF.finditer(content):
        at = match.end()
        tail = content[at : at + 2]
        for line_end in _LINE_ENDS:
            if tail.startswith(line_end) and at + len(line_end) < len(content):
                count += 1
                yield at + len(line_end)
        if count >= MOST_ENDS:
            return


@dataclass(frozen=True)
class _Hit:
    """What the index tells of an issue: its kind, its key, its plan and its annex, 0 for a plan."""

    kind: str
    column: str
    digest: str
    key: int
    plan: int
    annex: int


def find_issues(digests: Collection[str]) -> dict[str, Found]:
    """Return the issues with these digests, of their PDF or of their data, by the digest.

    One statement for each 500 digests, which the indexes alone answer, and two for each kind
    that was found; no bytes of an issue are read.
    """
    hits: list[_Hit] = []
    wanted = sorted(set(digests))
    for start in range(0, len(wanted), _AT_ONCE):
        hits += _hits(wanted[start : start + _AT_ONCE])
    if not hits:
        return {}
    rows = {name: _issues(name, [hit for hit in hits if hit.kind == name]) for name in FOR_EVER}
    found: dict[str, Found] = {}
    # a file before data of the same digest, the latest issue before the others
    for hit in sorted(hits, key=lambda hit: (hit.column == _DATA, -hit.key)):
        issue = rows[hit.kind][hit.key]
        found.setdefault(hit.digest, Found(**{hit.kind: issue}, is_data=hit.column == _DATA))
    return found


def _hits(digests: list[str]) -> list[_Hit]:
    first, *others = [
        model.objects.order_by()
        .filter(**{f"{column}__in": digests})
        .annotate(kind=Value(name), column=Value(column), none=Value(0, IntegerField()))
        .values_list(
            *("kind", "column", column, "pk", "plan_id"),
            "annex_id" if name == "issue" else "none",
        )
        for name, model in FOR_EVER.items()
        for column in (_PDF, _DATA)
    ]
    return [_Hit(*row) for row in first.union(*others, all=True)]


def _issues(name: str, hits: list[_Hit]) -> dict[int, Any]:
    """Return issues of a kind by key, with their plan and annex.

    These come from the index: to reach a column that stands after the file of a row, SQLite walks
    through the whole file.
    """
    if not hits:
        return {}
    issues = FOR_EVER[name].objects.order_by().filter(pk__in=[hit.key for hit in hits])
    of_row = ("uid", "issued_at", _DATA, *(("number",) if name == "issue" else ()))
    rows = {row.pk: row for row in issues.only(*of_row)}
    if name == "issue":
        whole = Annex.objects.select_related("office", "plan__administration")
        annexes = whole.in_bulk([hit.annex for hit in hits])
        for hit in hits:
            rows[hit.key].annex = annexes[hit.annex]
            rows[hit.key].plan = annexes[hit.annex].plan
    else:
        plans = Plan.objects.select_related("administration").in_bulk([hit.plan for hit in hits])
        for hit in hits:
            rows[hit.key].plan = plans[hit.plan]
    return rows


def find_claimed(digests: Collection[str]) -> Found | None:
    """Return an issue that one of these digests of data names, that of a plan first."""
    if not digests:
        return None
    named = [found for found in find_issues(digests).values() if found.is_data]
    return next((found for found in named if found.plan_issue), next(iter(named), None))
