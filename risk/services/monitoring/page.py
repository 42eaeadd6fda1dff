"""What the pages of a round show, in a number of statements that does not grow."""

import datetime
from collections.abc import Collection
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from django.db.models import Case, Count, Exists, OuterRef, Prefetch, Q, QuerySet, Subquery, When
from django.db.models.functions import JSONObject
from django.utils.translation import gettext as _

from registry.models import Office, Plan, User
from registry.permissions import reach_of
from risk.enums import DerivedOutcome, ItemState, RoundState
from risk.models import (
    Evidence,
    ImplementationStep,
    Measurement,
    MonitoringRound,
    ProgressIndicator,
    RoundCheck,
    RoundItem,
    StepState,
)
from risk.scoring.outcomes import REASONED_OUTCOMES, UNFINISHED, OutcomeGroup
from risk.services.monitoring.progress import counting
from risk.services.monitoring.steps import TOLD
from risk.services.treatment.places import with_place
from risk.workflow import ANSWERABLE

OF_ROUND = ("plan__administration", "level")
_COUNTED = {
    "to_answer": (ItemState.TO_ANSWER,),
    "returned": (ItemState.RETURNED,),
    "answered": (ItemState.ANSWERED,),
    "confirmed": (ItemState.CONFIRMED,),
    "verified": (ItemState.VERIFIED, ItemState.NOT_DUE),
}


_UNTOLD = tuple(one for one in UNFINISHED if one != DerivedOutcome.IN_PROGRESS)
_SAID_LATE = Q(answer__declared__in=REASONED_OUTCOMES)
IN_GROUP: dict[OutcomeGroup, Q] = {
    OutcomeGroup.LATE: Q(outcome__in=(DerivedOutcome.PARTLY, DerivedOutcome.NOT_DONE))
    | Q(outcome__in=UNFINISHED) & (_SAID_LATE | Q(late_days__gt=0)),
    OutcomeGroup.UNTOLD: Q(outcome=DerivedOutcome.NO_ANSWER)
    | Q(outcome__in=_UNTOLD) & ~_SAID_LATE & ~Q(late_days__gt=0),
}
"""Which measures of a closed round stand in a group, as `risk.scoring.outcomes.group_of` has it."""


@dataclass(frozen=True)
class RoundStep:
    """What was done with a round as a whole: when, in words, by whom."""

    at: datetime.datetime
    what: str
    by: User | None


@dataclass(frozen=True)
class OutcomeList:
    """Some measures of a closed round under their title, and how many more there are."""

    title: str
    items: list[RoundItem]
    more: int
    tells_causes: bool


def rounds_of(plan: Plan, user: User) -> QuerySet[MonitoringRound]:
    """Return the rounds of a plan a person may see, the last first, with how many measures each."""
    rows = MonitoringRound.objects.visible_to(user).filter(plan=plan)
    return rows.annotate(measures=Count("items")).order_by("-situation_on", "-pk")


def steps_of(row: MonitoringRound) -> list[RoundStep]:
    """Return the moves of a round and how its terms were put off, the last first.

    Two statements.
    """
    moves = row.transitions.select_related("by")
    steps = [RoundStep(one.at, one.get_verb_display(), one.by) for one in moves]
    written = list(row.history.select_related("history_user").order_by("history_id"))
    for before, after in pairwise(written):
        if before.state != RoundState.DRAFT and (moved := _moved_terms(before, after)):
            what = _("termini spostati: %(terms)s") % {"terms": moved}
            steps.append(RoundStep(after.history_date, what, after.history_user))
    return sorted(steps, key=lambda step: step.at, reverse=True)


def _moved_terms(before: Any, after: Any) -> str:
    names = {"answers_by": _("risposte"), "checks_by": _("verifica")}
    told = []
    for field, name in names.items():
        old, new = getattr(before, field), getattr(after, field)
        if old != new:
            days = {"name": name, "old": f"{old:%d/%m/%Y}", "new": f"{new:%d/%m/%Y}"}
            told.append(_("%(name)s dal %(old)s al %(new)s") % days)
    return ", ".join(told)


def asking(offices: Collection[int]) -> QuerySet[MonitoringRound]:
    """Return the rounds that wait for answers of some offices, what is due first.

    `is_by_term`: whether by the term of the round; what was sent back has a day of its own.
    """
    waiting = RoundItem.objects.filter(office__in=offices, state__in=ANSWERABLE).order_by()
    by_term = waiting.filter(round=OuterRef("pk")).exclude(state=ItemState.RETURNED)
    rows = MonitoringRound.objects.filter(pk__in=waiting.values("round"))
    rows = rows.annotate(is_by_term=Exists(by_term))
    rows = rows.filter(state__in=(RoundState.OPEN, RoundState.CHECKING))
    return rows.order_by("answers_by", "pk")


def board_of(row: MonitoringRound, user: User) -> QuerySet[Office]:
    """Return the offices of a round a person may see, with how far each is, by name."""
    reach = reach_of(user)
    offices = Office.objects.filter(round_items__round=row)
    if row.plan.administration_id not in reach.whole_bodies:
        offices = offices.filter(pk__in=reach.own_offices)
    counts = {
        name: Count("round_items", filter=Q(round_items__state__in=states))
        for name, states in _COUNTED.items()
    }
    return offices.annotate(measures=Count("round_items"), **counts).order_by("folded", "pk")


def office_items(row: MonitoringRound, offices: Collection[int]) -> QuerySet[RoundItem]:
    """Return what is asked of offices, with what the rows of their pages show; five statements."""
    asked = RoundCheck.objects.filter(item=OuterRef("pk")).order_by("-pk")
    rows = RoundItem.objects.filter(round=row, office__in=offices).annotate(
        last_request=Subquery(asked.values("request")[:1]),
        last_request_by=Subquery(asked.values("request_by")[:1]),
    )
    rows = with_place(rows, "planned_measure").prefetch_related("evidence")
    said = StepState.objects.filter(step=OuterRef("pk"), item__round=row).order_by()
    told = JSONObject(pk="pk", version="version", **{name: name for name in TOLD})
    # with its steps: the page of an office has no statement to spare
    steps = _steps().annotate(said=Subquery(said.values(told=told)[:1]))
    return _with_programme(rows, steps).order_by("planned_measure__measure__folded", "pk")


def _steps() -> QuerySet[ImplementationStep]:
    return ImplementationStep.objects.order_by("position")


def _with_programme(
    rows: QuerySet[RoundItem], steps: QuerySet[ImplementationStep]
) -> QuerySet[RoundItem]:
    indicators = ProgressIndicator.objects.order_by("position").prefetch_related(counting())
    return rows.select_related(
        "answer", "planned_measure__measure", "planned_measure__annex__office"
    ).prefetch_related(
        Prefetch("planned_measure__steps", queryset=steps),
        Prefetch("planned_measure__progress_indicators", queryset=indicators),
    )


def one_item(rows: QuerySet[RoundItem]) -> QuerySet[RoundItem]:
    """Return measures with all the page of one shows."""
    measurements = Measurement.objects.select_related("indicator", "by").order_by("-pk")
    measurements = measurements.select_related("replaced_by")
    return (
        _with_programme(with_place(rows, "planned_measure"), _steps())
        .select_related("office", "round__plan__administration", "answer__confirmed_by")
        .prefetch_related(
            Prefetch("measurements", queryset=measurements),
            Prefetch("evidence", queryset=Evidence.objects.select_related("by").order_by("pk")),
            "follow_ups",
            "step_states",
            Prefetch("checks", queryset=RoundCheck.objects.select_related("by").order_by("-pk")),
        )
    )


def next_to_check(item: RoundItem) -> RoundItem | None:
    """Return the confirmed answer to check after one, of its office first; None where none is left.

    One statement.
    """
    name = item.planned_measure.measure.folded
    own = Q(office=item.office_id)
    turn = Case(
        When(own & Q(planned_measure__measure__folded__gt=name), then=0),
        When(own, then=1),
        default=2,
    )
    rows = RoundItem.objects.filter(round=item.round_id, state=ItemState.CONFIRMED)
    rows = rows.exclude(pk=item.pk).select_related("office", "planned_measure__measure")
    return rows.order_by(turn, "office__folded", "planned_measure__measure__folded", "pk").first()


def outcome_lists(row: MonitoringRound, user: User, *, most: int) -> list[OutcomeList]:
    """Return the measures of a closed round that its report lists with their reasons; some of each.

    As there: those that are late or not done, then those of which nothing is known. Those that a
    person may not see are neither told nor counted. Four statements at most.
    """
    titles = {
        OutcomeGroup.LATE: _("Che cosa non è stato fatto, e perché"),
        OutcomeGroup.UNTOLD: _("Misure non rilevate, e perché"),
    }
    of_round = RoundItem.objects.visible_to(user).filter(round=row)
    named = with_place(of_round, "planned_measure")
    named = named.select_related("office", "answer", "planned_measure__measure")
    found = []
    for group, title in titles.items():
        rows = named.filter(IN_GROUP[group])
        rows = rows.order_by("office__folded", "planned_measure__measure__folded", "pk")
        items = list(rows[: most + 1])
        more = rows.count() - most if len(items) > most else 0
        found.append(OutcomeList(title, items[:most], more, group == OutcomeGroup.LATE))
    return [one for one in found if one.items]
