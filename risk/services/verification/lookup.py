"""Finding issues by digest: a number of statements, and bytes read, that do not grow with them."""

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from risk.models import AnnexIssue, PlanIssue

FOR_EVER: dict[str, Any] = {"plan_issue": PlanIssue, "issue": AnnexIssue}
"""What a file may be, by the field of `Found` that says so."""
_NAMES = {
    "plan_issue": ("plan__administration",),
    "issue": ("annex__office", "plan__administration"),
}
MOST_ENDS = 500
"""Of places in one file that may be the end of an issue; a signature adds one."""
_AT_ONCE = 500
_EOF = b"%%EOF"
_LINE_ENDS = (b"", b"\r", b"\n", b"\r\n")


@dataclass(frozen=True)
class Found:
    """An issue found by a digest of its file, or (`is_data`) by that of its data."""

    issue: AnnexIssue | None = None
    plan_issue: PlanIssue | None = None
    is_data: bool = False


def prefix_digests(content: bytes) -> dict[str, int]:
    """Return the SHA-256 of a file and of each beginning that ends as a PDF does, with its length.

    One pass over the bytes. A signed PDF is the issued one and what was appended (ISO 32000-1,
    7.5.6), so that the issue is among the beginnings. No more than `MOST_ENDS` of them.
    """
    digest, digests, done = hashlib.sha256(), {}, 0
    view = memoryview(content)
    for end in _ends(content):
        digest.update(view[done:end])
        digests[digest.hexdigest()] = done = end
    digest.update(view[done:])
    digests[digest.hexdigest()] = len(content)
    return digests


def _ends(content: bytes) -> Iterable[int]:
    if not content.startswith(b"%PDF-"):
        return
    count, at = 0, content.find(_EOF)
    while at >= 0 and count < MOST_ENDS:
        at += len(_EOF)
        tail = content[at : at + 2]
        for line_end in _LINE_ENDS:
            if tail.startswith(line_end) and at + len(line_end) < len(content):
                count += 1
                yield at + len(line_end)
        at = content.find(_EOF, at)


def find_issues(digests: Collection[str]) -> dict[str, Found]:
    """Return the issues with these digests, of their PDF or of their data, by the digest.

    A statement for each kind of issue and each 500 digests; no bytes of an issue are read.
    """
    found: dict[str, Found] = {}
    wanted = sorted(set(digests))
    for start in range(0, len(wanted), _AT_ONCE):
        chunk = wanted[start : start + _AT_ONCE]
        of_these = Q(pdf_digest__in=chunk) | Q(data_digest__in=chunk)
        for name, model in FOR_EVER.items():
            rows = model.objects.defer("pdf", "html", "data").select_related(*_NAMES[name])
            for row in rows.filter(of_these).order_by("-pk"):
                found[row.pdf_digest] = Found(**{name: row})
                found.setdefault(row.data_digest, Found(**{name: row}, is_data=True))
    return {digest: found[digest] for digest in wanted if digest in found}


def find_claimed(digests: Collection[str]) -> Found | None:
    """Return an issue that one of these digests of data names, that of a plan first."""
    if not digests:
        return None
    named = [found for found in find_issues(digests).values() if found.is_data]
    return next((found for found in named if found.plan_issue), next(iter(named), None))
