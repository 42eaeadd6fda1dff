"""Contributions to the consultation of a plan: received, answered, printed, senders forgotten.

The RPCT writes them in and answers them until the plan is adopted; offices read those on their own
rows. Who sent one is told to the RPCT alone, is printed nowhere, and is forgotten by a term
(docs/decisions/0084).
"""

import datetime
from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any

from django.db.models import Exists, Max, OuterRef, QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registry import clock, trail
from registry.acts import RuleRefused
from registry.enums import ADOPTED_PLAN_STATES
from registry.models import Annex, Plan, User
from registry.services.editing import save_fields
from registry.services.ordering import next_value
from registry.services.rows import store
from risk.content.plan_values import PlanContribution
from risk.content.typography import printable
from risk.enums import ContributionWay, PlanVerb
from risk.models import Contribution, ContributionSender, PlanTransition
from risk.models.contributions import ChangedRow
from risk.services.plans.contribution_rows import Topic
from risk.services.plans.moves import subject_of
from risk.services.plans.own_rows import writing

KIND, ANSWER = "contribution", "contribution-answer"
FORGET = "contribution-senders"
KEPT_DAYS = 60
"""Days after the adoption for which a sender can still be written to: those of an appeal."""
_REFUSAL = gettext_lazy("Il piano è adottato: i contributi e i loro esiti non cambiano più.")
_writing = partial(writing, refusal=_REFUSAL)


def contributions_of(plan: Plan) -> QuerySet[Contribution]:
    """Return the contributions to a plan in their order."""
    return Contribution.objects.filter(plan=plan).order_by("number")


def contributions_seen_by(user: User, plan: Plan) -> QuerySet[Contribution]:
    """Return those a person may read: all of a plan they read whole, else those on their rows."""
    rows = contributions_of(plan)
    if user.has_perm("risk.read_whole_plan", plan):
        return rows
    own = Annex.objects.visible_to(user).filter(plan=plan).values("uid")
    return rows.filter(annex_uid__in=own)


def add_contribution(
    *,
    plan: Plan,
    sender: str,
    way: str,
    text: str,
    topic: Topic,
    received_on: datetime.date,
    name: str = "",
    email: str = "",
    by: Any,
) -> Contribution:
    """Take down a contribution as the last of a plan; return it. One act.

    `by` is None where it came in by the public form. Raises `ValidationError` for what the model
    refuses, `RuleRefused` once the plan is adopted and for a day to come.
    """
    if received_on > clock.today():
        raise RuleRefused({"received_on": _("Un contributo non arriva in una data futura.")})
    with _writing(plan, kind=KIND, by=by):
        row = Contribution(
            plan=plan,
            number=next_value(Contribution.objects.filter(plan=plan), "number"),
            sender=sender,
            way=way,
            text=text,
            received_on=received_on,
            about=topic.kind,
            about_uid=topic.uid,
            about_label=topic.label if topic.uid else "",
            annex_uid=topic.annex,
        )
        store(row, sure={"plan", "number"})
        if name.strip() or email.strip():
            store(ContributionSender(contribution=row, name=name.strip(), email=email.strip()))
        return row


def answer_contribution(
    *,
    row: Contribution,
    outcome: str,
    reason: str,
    published: str,
    changed: Sequence[ChangedRow],
    version: int,
    by: Any,
) -> None:
    """Say what has become of a contribution, why, and which rows changed because of it. One act.

    Without an `outcome` it waits again. Raises `StaleRow` where somebody answered it otherwise
    meanwhile, `ValidationError` for an outcome without a reason, `RuleRefused` once adopted.
    """
    values = {
        "outcome": outcome,
        "reason": reason.strip(),
        "published": published.strip(),
        "changed": [list(one) for one in changed],
        "decided_on": clock.today() if outcome else None,
    }
    with _writing(row.plan, kind=ANSWER, by=by):
        save_fields(row=row, values=values, version=version, kind=ANSWER, by=by)


def plan_contributions(plan: Plan) -> tuple[PlanContribution, ...]:
    """Return the contributions to a plan as they are printed: nobody’s name."""
    return tuple(map(_printed, contributions_of(plan)))


def answered(rows: Iterable[PlanContribution]) -> tuple[PlanContribution, ...]:
    """Return the contributions that everybody may read while the draft is open: with an outcome.

    What a stranger wrote of somebody has then been read, and what must not be public left out.
    """
    return tuple(row for row in rows if row.outcome)


def _printed(row: Contribution) -> PlanContribution:
    way = ContributionWay(row.way).label
    return PlanContribution(
        uid=str(row.uid),
        number=str(row.number),
        sender=str(row.get_sender_display()),
        way=str(way),
        received_on=date_format(row.received_on, "d/m/Y"),
        subject=printable(row.subject),
        text=tuple(map(printable, (row.published or row.text).splitlines())),
        outcome=str(row.get_outcome_display()) if row.outcome else "",
        reason=tuple(map(printable, row.reason.splitlines())),
        changed=tuple((one.kind, one.uid, printable(one.label)) for one in row.changed_rows),
    )


def forget_senders() -> int:
    """Delete who sent contributions to plans adopted more than `KEPT_DAYS` ago.

    Returns how many. A record on the trail for each plan, with their number. Safe to run as often
    as one likes.
    """
    before = clock.now() - datetime.timedelta(days=KEPT_DAYS)
    adopted = PlanTransition.objects.filter(verb=PlanVerb.ADOPT, plan=OuterRef("pk"), at__lt=before)
    senders = ContributionSender.objects.filter(contribution__plan=OuterRef("pk"))
    plans = Plan.objects.filter(Exists(adopted), Exists(senders), state__in=ADOPTED_PLAN_STATES)
    return sum(map(_forget, plans.select_related("administration")))


def _forget(plan: Plan) -> int:
    count, _by_model = ContributionSender.objects.filter(contribution__plan=plan).delete()
    trail.write(kind=FORGET, by=None, subject=subject_of(plan), detail={"count": count})
    return count


def senders_kept_until(plan: Plan) -> datetime.date | None:
    """Return until when the senders of a plan are kept, None while it is not adopted."""
    moves = PlanTransition.objects.filter(plan=plan, verb=PlanVerb.ADOPT)
    at = moves.aggregate(at=Max("at"))["at"]
    return at.date() + datetime.timedelta(days=KEPT_DAYS) if at else None
