"""The days an edition awaits something by, beside those of the edition before, to be corrected."""

import datetime
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.core.paginator import Page, Paginator
from django.db.models import F, Q, QuerySet, Value
from django.utils.translation import gettext as _

from registry.acts import act
from registry.enums import PlanKind
from registry.models import Office, Plan
from registry.services.editing import StaleRow, save_fields
from risk.models import ImplementationStep, ObjectiveIndicator, PlannedMeasure
from risk.services.plans.edition_copy import KIND as COPIED
from risk.services.plans.moved_days import MOVED
from risk.services.plans.moves import subject_of

KIND = "edition-days"
DAYS_A_PAGE = 40
_PARENTS = (
    "planned_measure__measure",
    "planned_measure__annex__office",
    "planned_measure__annex__plan",
)
_LEAP = (2, 29)
_YEAR = re.compile(
    r"(?<![\d/])(?:\d{1,2}/(?=\d{1,2}/))?(?:(?P<month>\d{1,3})/)?(?P<year>(?:19|20)\d\d)(?!\d)"
)
_MONTHS = 12


@dataclass(frozen=True)
class EditionDay:
    """A step or an indicator with the day it is awaited by; `before` in the edition before.

    `before` is None of what was not copied from there; `plan` is the edition.
    """

    row: Any
    before: datetime.date | None
    plan: Plan

    @property
    def day(self) -> datetime.date | None:
        return getattr(self.row, MOVED[type(self.row)])

    @property
    def is_step(self) -> bool:
        return isinstance(self.row, ImplementationStep)

    @property
    def is_outside(self) -> bool:
        """Whether the day lies outside the years of the plan: some measures outlive it."""
        return is_outside(self.plan, self.day)

    @property
    def words(self) -> str:
        """When a step is to be done, in words, which no copy moves; "" of an indicator."""
        return self.row.timing if self.is_step else ""

    @property
    def years_past(self) -> tuple[int, ...]:
        """The years its words name that come before those of the plan, the first one first."""
        return tuple(year for year in years_named(self.words) if year < self.plan.first_year)

    @property
    def office(self) -> Office | None:
        """The office of its annex; None of a measure of the whole plan."""
        annex = self.row.planned_measure.annex
        return annex.office if annex else None

    @property
    def is_open(self) -> bool:
        annex = self.row.planned_measure.annex
        return annex is None or annex.is_open

    @property
    def was_no_day(self) -> bool:
        """Whether the day of before is none in the new year, so that the day before it stands."""
        before, day = self.before, self.day
        if before is None or day is None or (before.month, before.day) != _LEAP:
            return False
        return (day.month, day.day) == (_LEAP[0], _LEAP[1] - 1)


def is_outside(plan: Plan, day: datetime.date | None) -> bool:
    """Tell whether a day lies outside the years of a plan."""
    return day is not None and not plan.first_year <= day.year <= plan.last_year


def years_named(words: str) -> list[int]:
    """Return the years words name, in order and once each; that of an act ("33/2013") is none."""
    found = {
        int(one["year"])
        for one in _YEAR.finditer(words)
        if one["month"] is None or int(one["month"]) <= _MONTHS
    }
    return sorted(found)


def days_page(plan: Plan, *, office: Office | None, number: Any) -> Page:
    """Return a page of the days of an edition, the first ones first: `EditionDay` rows.

    Of one `office`, or of all and of the measures of the whole plan. Statements do not grow.
    """
    asked = [_rows(model, plan, office) for model in MOVED]
    keys = asked[0].union(*asked[1:], all=True).order_by("day", "table", "key")
    page = Paginator(keys, DAYS_A_PAGE).get_page(number)
    chosen = list(page.object_list)
    rows: dict[tuple[str, int], Any] = {}
    for model in MOVED:
        name = model._meta.model_name
        of_kind = [one["key"] for one in chosen if one["table"] == name]
        found = model.objects.filter(pk__in=of_kind).select_related(*_PARENTS)
        before = _before(model, list(found))
        rows |= {(name, row.pk): EditionDay(row, before.get(row.pk), plan) for row in found}
    page.object_list = [rows[one["table"], one["key"]] for one in chosen]
    return page


def has_days(plan: Plan) -> bool:
    """Tell whether anything of an edition is awaited by a day; two statements at most."""
    return any(_dated(model, plan).exists() for model in MOVED)


def _dated(model: Any, plan: Plan) -> QuerySet:
    measures = PlannedMeasure.objects.filter(plan=plan).in_use().order_by().values("pk")
    return model.objects.filter(planned_measure__in=measures, **{f"{MOVED[model]}__isnull": False})


def _rows(model: Any, plan: Plan, office: Office | None) -> QuerySet:
    rows = _dated(model, plan)
    if office is not None:
        rows = rows.filter(planned_measure__annex__office=office)
    values = {
        "day": F(MOVED[model]),
        "table": Value(model._meta.model_name),
        "key": F("pk"),
    }
    return rows.order_by().annotate(**values).values("day", "table", "key")


def _before(model: Any, rows: Sequence[Any]) -> dict[int, datetime.date]:
    """Return the days of before, by the key of each row; two statements.

    Steps and indicators remember no ancestor: the one of before stood in the same place of the
    measure of before, when the copy was made.
    """
    histories = model.history.filter(
        id__in=[row.pk for row in rows],
        history_type="+",
        history_change_reason__startswith=f"{COPIED}:",
    )
    places = dict(histories.values_list("id", "position"))
    origins = {row.pk: row.planned_measure.origin_id for row in rows}
    old = model.objects.filter(planned_measure__in={key for key in origins.values() if key})
    days = {
        (measure, position): day
        for measure, position, day in old.values_list(
            "planned_measure_id", "position", MOVED[model]
        )
    }
    found = {key: days.get((origins[key], place)) for key, place in places.items()}
    return {key: day for key, day in found.items() if day is not None}


def offices_with_days(plan: Plan) -> QuerySet[Office]:
    """Return the offices in whose annexes something is awaited by a day."""
    ways = Q()
    for model in MOVED:
        rows = _dated(model, plan).order_by()
        ways |= Q(pk__in=rows.values("planned_measure__annex__office"))
    return Office.objects.filter(ways).order_by("folded")


def targets_missing(plan: Plan) -> int:
    """Return how many indicators of objectives say nothing of the last year of the plan.

    Of what is written here, those without any value are still being written; of what was copied
    from three years before nothing is left. An update has its values as they were adopted.
    """
    if plan.kind == PlanKind.UPDATE:
        return 0
    rows = ObjectiveIndicator.objects.filter(objective__plan=plan, objective__retired_on=None)
    some = ~Q(first_target=None, second_target=None) | Q(objective__origin_uid__isnull=False)
    return rows.filter(some, third_target=None).count()


@dataclass(frozen=True)
class TypedDay:
    """A day as it was typed, for the row seen at a version."""

    row: Any
    day: datetime.date | None
    version: int

    @property
    def is_other(self) -> bool:
        """Whether it is another day than the row had when it was read."""
        return self.day != getattr(self.row, MOVED[type(self.row)])


def correct_days(*, plan: Plan, typed: Collection[TypedDay], by: Any) -> int:
    """Write the days that are others than before; return how many. One act, all or none.

    Raises `ValidationError` with a sentence by the uid of the row: where its annex is closed, where
    somebody else wrote another day meanwhile, where the row is gone.
    """
    wrong: dict[str, list[str]] = {}
    written = 0
    with act(KIND, by=by, subject=subject_of(plan)):
        for one in typed:
            try:
                written += _write(one, by)
            except ValidationError as refused:
                wrong[str(one.row.uid)] = refused.messages
        if wrong:
            raise ValidationError(wrong)
    return written


def _write(one: TypedDay, by: Any) -> bool:
    values: Mapping[str, Any] = {MOVED[type(one.row)]: one.day}
    try:
        saved = save_fields(row=one.row, values=values, version=one.version, kind=KIND, by=by)
    except StaleRow as stale:
        sentence = _("%(who)s ha scritto intanto %(day)s: ricarica la pagina e decidi.")
        clash = stale.clashes[0]
        day = f"{clash.saved:%d/%m/%Y}" if clash.saved else _("nessuna data")
        told = {"who": stale.by or _("Qualcuno"), "day": day}
        raise ValidationError(sentence % told) from stale
    except type(one.row).DoesNotExist as gone:
        raise ValidationError(_("La riga non c’è più.")) from gone
    return bool(saved.written)
