"""The chapters that wait for the approval of who did not write them: of plans still made.

One approval is enough, and whoever answers for an office may give it: the desk tells it to all of
them, and the mail says it beside what else waits, by itself once a week.
"""

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from django.db.models import OuterRef, QuerySet, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from registry.enums import ADOPTED_PLAN_STATES
from registry.kept_statements import KeptStatement
from registry.models import Office, Plan, User
from registry.permissions import reach_of
from registry.readable import grouped
from risk.models import Chapter, ChapterApproval
from risk.services.notices.waiting import WaitingLine
from risk.services.plans.chapter_review import words_written

AGAIN_AFTER = 7
"""Days between two mails that are sent for chapters alone."""


@dataclass(frozen=True)
class UnapprovedChapters:
    """By plan the chapters that wait, each with its `writer`, and the bodies of offices."""

    by_plan: Mapping[Plan, list[Chapter]] = field(default_factory=dict)
    body_of: Mapping[int, int] = field(default_factory=dict)


def unapproved_chapters(people: Iterable[User]) -> UnapprovedChapters:
    """Return what waits in the bodies of some people; two statements, one if nothing does.

    None where nobody heads an office or keeps a body.
    """
    reaches = [reach_of(person) for person in people]
    may = [reach for reach in reaches if reach.headed_offices or reach.rpct_of]
    bodies = {body for reach in may for body in reach.administrations}
    by_plan: dict[Plan, list[Chapter]] = defaultdict(list)
    for row in _OF_PLANS_MADE(bodies):
        if row.blocks and not row.is_approved:
            by_plan[row.plan].append(row)
    if not by_plan:
        return UnapprovedChapters()
    headed = {office for reach in may for office in reach.headed_offices}
    offices = Office.objects.filter(pk__in=headed).order_by()
    return UnapprovedChapters(by_plan, dict(offices.values_list("pk", "administration_id")))


def _of_plans_made(bodies: Collection[int]) -> QuerySet[Chapter]:
    given = ChapterApproval.objects.filter(chapter=OuterRef("pk")).order_by("-pk")
    edits = words_written(OuterRef("uid"))
    return (
        Chapter.objects.filter(plan__administration__in=bodies)
        .exclude(plan__state__in=ADOPTED_PLAN_STATES)
        .select_related("plan__administration", "origin")
        .annotate(
            approved_digest=Subquery(given.values("digest")[:1]),
            writer=Subquery(edits.values("history_user")[:1]),
        )
        .order_by("plan_id", "position")
    )


_OF_PLANS_MADE = KeptStatement(_of_plans_made)


def chapter_lines(person: User, waiting: UnapprovedChapters) -> Iterator[tuple[WaitingLine, bool]]:
    """Yield what waits for the approval of a person, and whether it makes a mail by itself.

    What they wrote last themselves waits for somebody else.
    """
    reach = reach_of(person)
    headed = {waiting.body_of.get(office) for office in reach.headed_offices}
    for plan, rows in waiting.by_plan.items():
        if plan.administration_id not in reach.rpct_of | headed:
            continue
        alone = plan.administration.is_one_person
        asked = [row for row in rows if alone or row.writer != person.pk]
        if asked:
            yield _line(plan, asked), _rings(person)


def _line(plan: Plan, rows: list[Chapter]) -> WaitingLine:
    place = [plan.administration.ipa_code, plan.slug]
    told = {"plan": plan.title, "chapter": rows[0].title, "n": grouped(len(rows))}
    if len(rows) == 1:
        sentence = _("%(plan)s: il capitolo «%(chapter)s» è da approvare.") % told
        path = reverse("risk:plan_chapter", args=[*place, rows[0].uid])
    else:
        sentence = _("%(plan)s: %(n)s capitoli del piano da approvare.") % told
        path = reverse("risk:plan_chapters", args=place)
    return WaitingLine(sentence, path, _("Leggi e approva"), plan.title)


def _rings(person: User) -> bool:
    last: datetime.date | None = getattr(person, "last_notice", None)
    return last is None or (timezone.localdate() - last).days >= AGAIN_AFTER
