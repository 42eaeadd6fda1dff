"""The control room of a plan: who holds the annex of each office, by when, what stands in the way.

Nothing of an annex is built for it: what stands in the way is what was last found
(docs/decisions/0047). Statements do not depend on how many offices there are.
"""

import datetime
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import (
    Case,
    CharField,
    Count,
    F,
    IntegerField,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from registry import clock
from registry.enums import AnnexState, TrailOutcome
from registry.models import Annex, Process, TrailRecord, User
from registry.readable import grouped
from registry.trail.subjects import annex_subject
from risk.enums import Verb
from risk.models import Remark, Reminder, Transition
from risk.services.annexes.contents import last_known
from risk.services.completeness.plan_loading import is_exempt
from risk.services.completeness.points import count_blocking
from risk.services.notices.holders import Holder, holders_of
from risk.services.plans.deadlines import OF_OFFICE, Days, days_left, with_due
from risk.services.reporting.list_heads import ANNEX_STATES

NEXT: dict[str, Verb] = {
    AnnexState.DRAFT: Verb.SUBMIT,
    AnnexState.RETURNED: Verb.SUBMIT,
    AnnexState.SUBMITTED: Verb.APPROVE,
    AnnexState.APPROVED: Verb.VALIDATE,
    AnnexState.VALIDATED: Verb.ISSUE,
}
"""The step an annex waits for, which what is missing stops."""
NO_EDIT = (
    *("export", "protocol", "process-approve", "exemption", "exemption-lifted", "extension"),
    *("reminder", "reminder-failed", "remark", "remark-answer", "remark-close"),
)
"""Acts on an annex that write none of its content, besides its moves."""
LATE, COMING, ISSUED, EXEMPT = range(4)


@dataclass(frozen=True)
class LastEdit:
    """When something of an annex was written last, and by whom, where that is known."""

    at: datetime.datetime
    by: User | None = None


@dataclass(frozen=True)
class Row:
    """One office of the room; `annex` comes from `annexes_of_room`."""

    annex: Annex
    holder: Holder | None
    days: int | None
    """Days left to the day it is awaited by, fewer than none when that has passed."""
    last_edit: LastEdit | None
    blocking: int | None
    """How many things stop its next step, as last found; None where it has none."""
    old: int
    """Processes written since that was found."""

    @property
    def is_late(self) -> bool:
        return self.days is not None and self.days < 0

    @property
    def may_be_reminded(self) -> bool:
        """Whether a reminder makes sense: the office is awaited, and was not reminded today."""
        is_awaited = self.holder is not None and self.annex.state in OF_OFFICE
        return is_awaited and self.annex.reminded_on != timezone.localdate()


@dataclass(frozen=True)
class Totals:
    """How the whole plan stands."""

    states: list[tuple[str, str, int]]
    """Value, word and number of the states that some annex is in, the exempted ones last."""
    total: int
    late: int
    with_remarks: int
    is_handed_in: bool
    """Whether no office is awaited any more: each annex is approved by its head, or exempted."""

    @property
    def sentence(self) -> str:
        """All of it in words: what stands instead of the bar for who does not see it."""
        parts = [f"{label} {grouped(count)}" for _value, label, count in self.states]
        offices = ngettext("%(n)s ufficio", "%(n)s uffici", self.total) % {"n": grouped(self.total)}
        late = ngettext("%(n)s in ritardo", "%(n)s in ritardo", self.late) % {
            "n": grouped(self.late)
        }
        return _("%(offices)s: %(parts)s; %(late)s.") % {
            "offices": offices,
            "parts": ", ".join(parts),
            "late": late,
        }

    @property
    def bar(self) -> list[dict[str, Any]]:
        """The parts of the bar, each with its place and width in thousandths of it."""
        parts, at = [], 0
        for value, _label, count in self.states:
            width = round(1000 * count / self.total)
            parts.append({"value": value, "at": at, "width": width})
            at += width
        return parts


def annexes_of_room(annexes: QuerySet, days: Days) -> QuerySet:
    """Return annexes of one plan with what their rows say of them, the latest office first.

    `days` are those of the plan. No statement of its own.
    """
    moved = Transition.objects.filter(annex=OuterRef("pk")).order_by("-pk").values("at")[:1]
    begun = Annex.history.filter(id=OuterRef("pk")).order_by("history_date").values("history_date")
    reminders = Reminder.objects.filter(annex=OuterRef("pk")).order_by("-pk").values("on")[:1]
    rows = with_due(annexes, days).annotate(
        since=Coalesce(Subquery(moved), Subquery(begun[:1])),
        open_remarks=_count_of(Remark.objects.open()),
        reminded_on=Subquery(reminders),
        rank=Case(
            When(exemption__isnull=False, then=EXEMPT),
            When(state=AnnexState.ISSUED, then=ISSUED),
            When(due_on__lt=clock.today(), then=LATE),
            default=COMING,
            output_field=IntegerField(),
        ),
    )
    rows = rows.with_names().select_related("exemption")
    return rows.order_by("rank", F("due_on").asc(nulls_last=True), "office__folded", "pk")


def _count_of(rows: QuerySet) -> Coalesce:
    of_annex = rows.filter(annex=OuterRef("pk")).order_by().values("annex")
    return Coalesce(Subquery(of_annex.annotate(n=Count("pk")).values("n")), 0)


def room_rows(annexes: Sequence[Annex]) -> list[Row]:
    """Return the rows of one page of the room; a dozen statements, of however many offices."""
    awaited = [row for row in annexes if row.state in NEXT and not is_exempt(row)]
    known = last_known(awaited)
    verbs = {row.pk: NEXT[row.state] for row in awaited}
    blocking = count_blocking([kept for kept, _old in known], verbs) if known else Counter()
    old = {kept.annex.pk: count for kept, count in known}
    holders, edits = holders_of(awaited), last_edits(annexes)
    return [
        Row(
            annex=row,
            holder=holders.get(row.pk),
            days=days_left(row.due_on),
            last_edit=edits.get(row.pk),
            blocking=blocking[row.pk] if row.pk in verbs else None,
            old=old.get(row.pk, 0),
        )
        for row in annexes
    ]


def totals_of(annexes: QuerySet) -> Totals:
    """Return how many of the annexes of a room are in each state, late, with open remarks."""
    rows = annexes.order_by().values_list("state", "rank", "open_remarks")
    return _totals(rows)


def totals_by_plan(annexes: QuerySet) -> dict[int, Totals]:
    """Return the same of annexes of several plans, by plan; one statement."""
    by_plan: dict[int, list] = {}
    for plan, *row in annexes.order_by().values_list("plan", "state", "rank", "open_remarks"):
        by_plan.setdefault(plan, []).append(row)
    return {plan: _totals(rows) for plan, rows in by_plan.items()}


def _totals(rows: Iterable[Sequence]) -> Totals:
    counts: Counter[str] = Counter()
    late = with_remarks = awaited = 0
    for state, rank, remarks in rows:
        counts["exempted" if rank == EXEMPT else state] += 1
        late += rank == LATE
        awaited += rank != EXEMPT and state in OF_OFFICE
        with_remarks += bool(remarks)
    words = {state.value: str(state.label) for state in reversed(ANNEX_STATES)}
    words["exempted"] = _("esonerato")
    states = [(value, word, counts[value]) for value, word in words.items() if counts[value]]
    total = sum(counts.values())
    return Totals(states, total, late, with_remarks, is_handed_in=bool(total) and not awaited)


def last_edits(annexes: Sequence[Annex]) -> dict[int, LastEdit]:
    """Return by key when something of each annex was written last: three statements.

    As the trail tells it; of an import, which it tells of its file, as the histories do.
    """
    if not annexes:
        return {}
    keys = [row.pk for row in annexes]
    subjects = [When(pk=row.pk, then=Value(str(annex_subject(row)))) for row in annexes]
    records = TrailRecord.objects.filter(subject=OuterRef("subject"), outcome=TrailOutcome.DONE)
    records = records.exclude(Q(kind__in=NO_EDIT) | Q(kind__startswith="annex-"))
    last = records.order_by("-pk").values("pk")[:1]
    named = Annex.objects.filter(pk__in=keys).order_by()
    named = named.annotate(subject=Case(*subjects, output_field=CharField()))
    told = dict(named.annotate(last=Subquery(last)).values_list("pk", "last"))
    records_by_key = {
        record.pk: record
        for record in TrailRecord.objects.filter(pk__in=filter(None, told.values()))
    }
    people = _people({record.person for record in records_by_key.values()})
    edits = {}
    for key, number in told.items():
        if number is not None:
            record = records_by_key[number]
            edits[key] = LastEdit(record.at, people.get(record.person))
    written = Process.history.filter(annex__in=keys).order_by().values("annex")
    for key, at in written.annotate(at=Max("history_date")).values_list("annex", "at"):
        # a moment apart, they tell of the same act
        if key not in edits or at - edits[key].at > datetime.timedelta(seconds=5):
            edits[key] = LastEdit(at)
    return edits


def _people(tokens: set) -> dict[Any, User]:
    return {person.trail_token: person for person in User.objects.filter(trail_token__in=tokens)}
