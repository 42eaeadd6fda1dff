"""Finding issues by digest: a number of statements, and bytes read, that do not grow with them."""

import hashlib
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import OuterRef, Subquery

from registry.models import Annex, Plan
from risk.models import AnnexIssue, MonitoringRound, PlanIssue, RoundIssue, Transition

FOR_EVER: dict[str, Any] = {
    "plan_issue": PlanIssue,
    "issue": AnnexIssue,
    "round_issue": RoundIssue,
}
"""What a file may be, by the field of `Found` that says so."""
_PDF, _DATA = "pdf_digest", "data_digest"
_OF = {"plan_issue": "plan", "issue": "annex", "round_issue": "round"}
_OF_PLAN = (
    *("title", "state", "act_kind", "act_number", "act_date", "adopting_organ"),
    *("administration__name", "administration__ipa_code"),
)
"""What is told of a plan; a row of everything costs more than finding it."""
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
    round_issue: RoundIssue | None = None
    is_data: bool = False

    @property
    def found(self) -> Any:
        """The issue, whichever it is of."""
        return self.issue or self.plan_issue or self.round_issue


def whole_digest(content: bytes) -> str:
    """Return the SHA-256 of a file."""
    return hashlib.sha256(content).hexdigest()


def beginning_digests(content: bytes) -> dict[str, int]:
    """Return the SHA-256 of a file, and of each beginning that ends as a PDF does, with its length.

    In the order of their lengths, the whole last. One pass over the bytes. A signed PDF is the
    issued one and what was appended (ISO 32000-1, 7.5.6), so that the issue is among the
    beginnings. No more than `MOST_ENDS` of them.
    """
    digest, digests, done = hashlib.sha256(), {}, 0
    view = memoryview(content)
    for end in (*_ends(content), len(content)):
        digest.update(view[done:end])
        digests[digest.hexdigest()] = done = end
    return digests


def _ends(content: bytes) -> Iterator[int]:
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
    for hit in sorted(hits, key=lambda hit: (hit.is_data, -hit.key)):
        issue = rows[hit.kind][hit.key]
        found.setdefault(hit.digest, Found(**{hit.kind: issue}, is_data=hit.is_data))
    return found


class _Hit(NamedTuple):
    """What the index tells of an issue: its kind, its key, and that of its annex or plan."""

    kind: str
    is_data: bool
    digest: str
    key: int
    of: int


def _hits(digests: list[str]) -> list[_Hit]:
    """Return what the indexes tell, in one statement.

    It is written out: to put it together anew costs the ORM as long as hashing 3 MB.
    """
    marks = ", ".join(["%s"] * len(digests))
    columns = list(product(FOR_EVER, (_PDF, _DATA)))
    parts = [
        # names of our own tables; the digests are parameters
        f'SELECT {number}, "{column}", "id", "{_OF[name]}_id" '  # noqa: S608
        f'FROM "{FOR_EVER[name]._meta.db_table}" WHERE "{column}" IN ({marks})'
        for number, (name, column) in enumerate(columns)
    ]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), digests * len(parts))
        rows = cursor.fetchall()
    return [_Hit(columns[number][0], columns[number][1] == _DATA, *told) for number, *told in rows]


def _issues(name: str, hits: list[_Hit]) -> dict[int, Any]:
    """Return issues of a kind by key, with their plan and annex.

    These come from the index: to reach a column that stands after the file of a row, SQLite walks
    through the whole file.
    """
    if not hits:
        return {}
    issues = FOR_EVER[name].objects.order_by().filter(pk__in=[hit.key for hit in hits])
    own = {"issue": ("number",), "round_issue": ("earlier", "is_public", "round")}
    rows = {row.pk: row for row in issues.only("issued_at", _DATA, *own.get(name, ()))}
    parents = {"issue": _annexes, "plan_issue": _plans, "round_issue": _rounds}[name](hits)
    for hit in hits:
        parent = parents[hit.of]
        setattr(rows[hit.key], _OF[name], parent)
        rows[hit.key].plan = parent if name == "plan_issue" else parent.plan
    return rows


def _rounds(hits: list[_Hit]) -> dict[int, Any]:
    """Return rounds with their plan, and as `newest` how many issues their last one has before."""
    issues = RoundIssue.objects.filter(round=OuterRef("pk")).order_by("-earlier")
    rows = MonitoringRound.objects.select_related("plan__administration").only(
        *("label", "situation_on", *(f"plan__{name}" for name in _OF_PLAN))
    )
    return rows.annotate(newest=Subquery(issues.values("earlier")[:1])).in_bulk(
        [hit.of for hit in hits]
    )


def _annexes(hits: list[_Hit]) -> dict[int, Any]:
    """Return annexes with their plan, and as `standing` the digest of their last step.

    Of an issued one it is that of the data of the issue it stands as, which need not be the newest.
    """
    steps = Transition.objects.filter(annex=OuterRef("pk")).order_by("-id")
    rows = Annex.objects.select_related("office", "plan__administration").only(
        *("state", "office_name", "office__name", *(f"plan__{name}" for name in _OF_PLAN))
    )
    return rows.annotate(standing=Subquery(steps.values("digest")[:1])).in_bulk(
        [hit.of for hit in hits]
    )


def _plans(hits: list[_Hit]) -> dict[int, Any]:
    rows = Plan.objects.select_related("administration").only(*_OF_PLAN)
    return rows.in_bulk([hit.of for hit in hits])


def claimed_issue(found: Iterable[Found]) -> Found | None:
    """Return which of the issues a file names it claims to be: one by its data, a plan first."""
    named = [one for one in found if one.is_data]
    return next((one for one in named if one.plan_issue), next(iter(named), None))
