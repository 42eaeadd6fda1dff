"""What the start page says first: what presses whom, with its day, and where they left off."""

import datetime
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, F, Max, Model, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from registry.kept_statements import KeptStatement
from registry.models import Administration, Annex, Office, Phase, Plan, Process, User
from registry.permissions import reach_of
from registry.readable import grouped
from risk.models import Assessment, RiskBehaviour
from risk.services.desk.control_room import Totals, annexes_of_room, totals_by_plan
from risk.services.notices.chapters import chapter_lines, unapproved_chapters
from risk.services.notices.follow_ups import follow_up_lines, open_follow_ups
from risk.services.notices.rounds import asked_rounds, round_lines
from risk.services.notices.suitability import suitability_line, unjudged_plans
from risk.services.notices.waiting import on_their_way, waiting_for
from risk.services.plans.deadlines import Days, days_left, with_due

RECENT = 10
"""Processes somebody wrote in last, among which the one to go on with is looked for."""
_WAYS: tuple[tuple[Any, str], ...] = (
    (Process, "id"),
    (Phase, "process_id"),
    (RiskBehaviour, "process_id"),
    (Assessment, "process_id"),
    (Assessment, "behaviour__process_id"),
)
"""What is written on the sheet of a process, and the way from its history to the process."""


@dataclass(frozen=True)
class Pressing:
    """One thing that presses: a sentence that names it, its day, and the one next act."""

    sentence: str
    path: str
    act: str
    name: str
    days: int | None
    """Days left to the day it is awaited by, fewer than none when that has passed."""


@dataclass(frozen=True)
class LastPlace:
    """The process a person wrote in last, still open to them, and when."""

    process: Process
    at: datetime.datetime


@dataclass(frozen=True)
class PlanStanding:
    """A plan in the making, and how its annexes stand."""

    plan: Plan
    totals: Totals | None


def annexes_on_their_way(person: User, days: Days) -> list[Annex]:
    """Return the annexes a person sees that wait for somebody, each with its `due_on`."""
    return list(with_due(on_their_way(Annex.objects.visible_to(person)), days))


def own_open(person: User, annexes: Iterable[Annex]) -> list[tuple[Annex, int | None]]:
    """Return of some annexes the open ones of a person’s own offices, each with its days left.

    The one that presses most stands first.
    """
    own = reach_of(person).own_offices
    mine = [(row, days_left(row.due_on)) for row in annexes if row.is_open and row.office_id in own]
    return sorted(mine, key=lambda one: (_last_without_day(one[1]), -one[0].plan.first_year))


def pressing_for(
    person: User,
    annexes: Sequence[Annex],
    standing: Iterable[PlanStanding],
    plans: Iterable[Plan],
) -> list[Pressing]:
    """Return what presses a person, the latest first: moves, remarks, rounds, late offices.

    `annexes` are those on their way (`annexes_on_their_way`), `standing` the plans the person
    keeps, `plans` all of the person’s bodies: one that is adopted is monitored, one that is not has
    chapters to approve. Statements do not depend on how much there is.
    """
    due = {row.pk: days_left(row.due_on) for row in annexes}
    is_monitored = any(plan.is_adopted for plan in plans)
    is_made = any(not plan.is_adopted for plan in plans)
    rounds = asked_rounds([person]) if is_monitored else []
    left = open_follow_ups([person]) if is_monitored else []
    chapters = unapproved_chapters([person] if is_made else [])
    told = (
        *round_lines(person, rounds),
        *follow_up_lines(person, left),
        *chapter_lines(person, chapters),
    )
    unjudged = unjudged_plans(person) if is_monitored else []
    asked = [*(line for line, _rings in told), *map(suitability_line, unjudged)]
    pressing = [
        Pressing(
            sentence=line.sentence,
            path=line.path,
            act=line.act,
            name=line.name,
            days=due.get(line.annex) if line.annex and line.is_dated else line.days,
        )
        for line in [*waiting_for(person, annexes), *asked]
    ]
    late = [_late(one) for one in standing if one.totals is not None and one.totals.late]
    return [*late, *sorted(pressing, key=lambda one: _last_without_day(one.days))]


def first_steps_of(person: User, plans: Iterable[Plan]) -> list[Pressing]:
    """Return how a body begins that a person keeps and that has no plan: its offices, its plan.

    `plans` are all of the person’s bodies. No statement where each has one.
    """
    without = reach_of(person).rpct_of - {plan.administration_id for plan in plans}
    if not without:
        return []
    offices = Office.objects.in_use().filter(administration=OuterRef("pk"))
    bodies = Administration.objects.filter(pk__in=without).annotate(begun=Exists(offices))
    return [_first_step(body, has_offices=body.begun) for body in bodies.order_by("folded")]


def _first_step(body: Administration, *, has_offices: bool) -> Pressing:
    if has_offices:
        sentence, act = _("%(body)s non ha ancora un piano."), _("Crea il piano")
        name = "risk:plan_new"
    else:
        sentence, act = _("%(body)s non ha ancora uffici."), _("Aggiungi gli uffici")
        name = "registry:offices_add"
    path = reverse(name, args=[body.ipa_code])
    return Pressing(sentence % {"body": body.name}, path, act, body.name, None)


def _last_without_day(days: int | None) -> tuple[bool, int]:
    return days is None, days or 0


def _late(standing: PlanStanding) -> Pressing:
    plan, count = standing.plan, standing.totals.late if standing.totals else 0
    sentence = ngettext(
        "%(plan)s: %(n)s ufficio è in ritardo.", "%(plan)s: %(n)s uffici sono in ritardo.", count
    )
    path = reverse("risk:plan", args=[plan.administration.ipa_code, plan.slug])
    return Pressing(
        sentence % {"plan": plan.title, "n": grouped(count)},
        f"{path}?scadenza=passata#allegati",
        _("Guarda e sollecita"),
        plan.title,
        None,
    )


def standing_of(plans: Sequence[Plan], days: Days) -> list[PlanStanding]:
    """Return how the annexes of some plans in the making stand; one statement."""
    rooms = annexes_of_room(Annex.objects.filter(plan__in=plans), days)
    totals = totals_by_plan(rooms) if plans else {}
    return [PlanStanding(plan, totals.get(plan.pk)) for plan in plans]


def last_place_of(person: User) -> LastPlace | None:
    """Return where a person left off: the process they wrote in last that is still open.

    None when there is none; two statements, one for who wrote nothing.
    """
    at: dict[int, datetime.datetime] = {}
    for row in _WRITTEN(person.pk):
        at.setdefault(row["process_key"], row["at"])
    if not at:
        return None
    reach = reach_of(person)
    rows = _OPEN(reach.own_offices, reach.whole_bodies, at)
    last = max(rows, key=lambda row: at[row.pk], default=None)
    return None if last is None else LastPlace(last, at[last.pk])


def _last_written(person: int) -> QuerySet:
    first, *others = (_written(model, way, person) for model, way in _WAYS)
    return first.union(*others, all=True).order_by("-at")[:RECENT]


def _open(offices: Collection[int], bodies: Collection[int], keys: Collection[int]) -> QuerySet:
    """Return some processes that are open to whoever reaches some offices and bodies."""
    open_ones = Annex.objects.open().filter(exemption__isnull=True)
    rows = Process.objects.visible_within(offices, bodies).in_use()
    rows = rows.filter(pk__in=keys, annex__in=open_ones)
    return rows.select_related("annex__office", "annex__plan")


_WRITTEN, _OPEN = KeptStatement(_last_written), KeptStatement(_open)


def _written(model: type[Model], way: str, person: int) -> QuerySet:
    """Return by process when a person last wrote a row of a model on its sheet."""
    rows = model.history.filter(history_user=person).exclude(Q(**{f"{way}__isnull": True}))
    return rows.order_by().values(process_key=F(way)).annotate(at=Max("history_date"))
