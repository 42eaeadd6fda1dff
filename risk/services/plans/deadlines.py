"""By when an annex is awaited, and from whom: a day that passed stays passed until it is met.

The annex of an office is handed in when its head has approved it; from there on it is the RPCT who
is awaited, by the day the plan is adopted. A day is moved with a reason, of the plan or of one
office.
"""

import datetime
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import (
    Case,
    DateField,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registry import clock
from registry.acts import act
from registry.enums import AnnexState, DeadlineKind
from registry.kept_statements import KeptStatement
from registry.models import Annex, Plan, PlanDeadline, User
from registry.permissions import is_rpct_of_annex, is_rpct_of_plan
from registry.services.plans import said_of_adopted
from registry.services.rows import store
from registry.trail.subjects import annex_subject
from risk.models import DeadlineExtension
from risk.services.annexes.moves import MoveRefusedError, lock_annex
from risk.services.plans.moves import lock_plan, plan_refusals_recorded, subject_of

_OF_DAY = ("id", "kind", "due_on", "label")
OF_OFFICE = (AnnexState.DRAFT, AnnexState.RETURNED, AnnexState.SUBMITTED)
"""States in which an office, its head included, is awaited."""
OF_RPCT = (AnnexState.APPROVED, AnnexState.VALIDATED)
"""States in which the RPCT is."""
_ENDS = (DeadlineKind.ADOPTION, DeadlineKind.PUBLICATION)
MOVED = "deadline-moved"
DAY_PASSED = gettext_lazy("Il nuovo giorno è già passato.")
EXTENSION = "extension"


Days = dict[int, dict[str, datetime.date]]
"""By plan, the first day of each kind that still concerns it."""


def days_of(plans: Sequence[Plan]) -> Days:
    """Return the first days of some plans; one statement."""
    return first_days(PlanDeadline.objects.current().filter(plan__in=plans))


def first_days(rows: Iterable[PlanDeadline]) -> Days:
    """Return the first day of each kind, by plan, among dates that still concern their plans."""
    days: Days = {}
    for row in sorted(rows, key=lambda row: row.due_on, reverse=True):
        days.setdefault(row.plan_id, {})[row.kind] = row.due_on
    return days


def plans_with_days(bodies: Collection[int]) -> tuple[list[Plan], list[PlanDeadline]]:
    """Return the plans of some bodies, the newest first, and the dates that still concern them.

    The dates, past and to come, are in their order. One statement for both.
    """
    plans: dict[int, Plan] = {}
    days = []
    for row in _WITH_DAYS(bodies):
        plan = plans.setdefault(row.pk, row)
        if row.is_current:
            values = {name: getattr(row, f"day_{name}") for name in _OF_DAY}
            days.append(PlanDeadline(plan=plan, **values))
    return list(plans.values()), sorted(days, key=lambda day: (day.due_on, day.label))


def _with_days(bodies: Collection[int]) -> QuerySet[Plan]:
    current = PlanDeadline.objects.current().filter(pk=OuterRef("deadlines__pk"))
    columns = {f"day_{name}": F(f"deadlines__{name}") for name in _OF_DAY}
    rows = Plan.objects.filter(administration__in=bodies).select_related("administration")
    rows = rows.annotate(**columns, is_current=Exists(current))
    return rows.order_by("-first_year", "-act_date", "title", "pk", "day_due_on", "day_label")


_WITH_DAYS = KeptStatement(_with_days)


@dataclass(frozen=True)
class CalendarDay:
    """A date of the calendar of a plan, and how many days are left to it."""

    row: PlanDeadline
    left: int

    @property
    def is_of_annexes(self) -> bool:
        """Whether it is the day the annexes are handed in by, met once all of them are."""
        return self.row.kind == DeadlineKind.TRANSMISSION


def deadlines_of(plan: Plan) -> list[CalendarDay]:
    """Return the days that still concern a plan, past or to come, the first one first."""
    rows = PlanDeadline.objects.current().filter(plan=plan).order_by("due_on", "label")
    return [CalendarDay(row, (row.due_on - clock.today()).days) for row in rows]


def with_due(annexes: QuerySet, days: Days) -> QuerySet:
    """Return annexes with `due_on`, None where nobody is awaited or no day is set.

    `days` are those of their plans (`days_of`); `extended_to` and `extension_reason` are of the
    last extension. No statement of its own.
    """
    last = DeadlineExtension.objects.filter(annex=OuterRef("pk")).order_by("-pk")
    awaited = Q(exemption__isnull=True)
    handing_in, ends = _by_plan(days, [DeadlineKind.TRANSMISSION]), _by_plan(days, _ENDS)
    return annexes.annotate(
        extended_to=Subquery(last.values("due_on")[:1]),
        extension_reason=Subquery(last.values("reason")[:1]),
    ).annotate(
        due_on=Case(
            When(awaited & Q(state__in=OF_OFFICE), then=Coalesce(F("extended_to"), handing_in)),
            When(awaited & Q(state__in=OF_RPCT), then=ends),
            default=None,
            output_field=DateField(),
        )
    )


def _by_plan(days: Days, kinds: Iterable[str]) -> Any:
    """Return the first day of some kinds, as a column of the plan of each row."""
    first = {
        plan: min((of[k] for k in kinds if k in of), default=None) for plan, of in days.items()
    }
    whens = [When(plan=plan, then=Value(day)) for plan, day in first.items() if day is not None]
    empty = Value(None, output_field=DateField())
    return Case(*whens, default=empty, output_field=DateField()) if whens else empty


def days_left(due_on: datetime.date | None) -> int | None:
    """Return how many days are left to a day, fewer than none when it has passed."""
    return None if due_on is None else (due_on - clock.today()).days


def extend_annex(
    *, annex: Annex, due_on: datetime.date, reason: str, by: User
) -> DeadlineExtension:
    """Give one office a later day to hand in its annex, and return it.

    Raises `MoveRefusedError` for who is not the RPCT, once the plan is adopted, and where the
    office is not awaited any more; `ValidationError` without a reason, for a day that has passed.
    """
    with (
        plan_refusals_recorded(plan=annex.plan, kind=EXTENSION, by=by),
        act(EXTENSION, by=by, subject=annex_subject(annex), detail={"reason": reason}) as opened,
    ):
        locked = lock_annex(annex.pk)
        if not is_rpct_of_annex(by, locked):
            raise MoveRefusedError([_("Le scadenze le sposta il RPCT dell’amministrazione.")])
        _check_open(locked.plan)
        if locked.state not in OF_OFFICE:
            state = AnnexState(locked.state).said
            sentence = _("L’allegato è %(state)s: la scadenza è già rispettata.")
            raise MoveRefusedError([sentence % {"state": state}])
        _check_day(due_on, reason)
        opened.detail["due_on"] = due_on.isoformat()
        return store(DeadlineExtension(annex=locked, due_on=due_on, reason=reason.strip(), by=by))


def move_deadline(
    *, deadline: PlanDeadline, due_on: datetime.date, reason: str, by: User
) -> PlanDeadline:
    """Move a day of the calendar of a plan, for all its offices, and return its row.

    Raises `MoveRefusedError` for who is not the RPCT and once the plan is adopted,
    `ValidationError` without a reason, for a day that has passed.
    """
    plan = deadline.plan
    with (
        plan_refusals_recorded(plan=plan, kind=MOVED, by=by),
        act(MOVED, by=by, subject=subject_of(plan), detail={"reason": reason}) as opened,
    ):
        locked = lock_plan(plan)
        if not is_rpct_of_plan(by, locked):
            raise MoveRefusedError([_("Le scadenze le sposta il RPCT dell’amministrazione.")])
        _check_open(locked)
        _check_day(due_on, reason)
        row = PlanDeadline.objects.select_for_update().get(pk=deadline.pk)
        opened.detail |= {"from": row.due_on.isoformat(), "to": due_on.isoformat()}
        row.due_on = due_on
        return store(row)


def _check_open(plan: Plan) -> None:
    if plan.is_adopted:
        raise MoveRefusedError([said_of_adopted()])


def _check_day(due_on: datetime.date, reason: str) -> None:
    if not reason.strip():
        raise ValidationError({"reason": _("Chi sposta una scadenza ne scrive il motivo.")})
    if due_on < clock.today():
        raise ValidationError({"due_on": DAY_PASSED})
