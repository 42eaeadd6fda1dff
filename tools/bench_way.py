"""The way of an invented plan from draft to published, by the services of either version."""

import datetime
import io
import os
from collections.abc import Callable
from typing import Any

import pikepdf
from bench_before_names import Names
from django.utils import timezone

from registry.models import Annex, Membership, Plan, User
from risk.enums import PlanVerb, Verb

DRAWN = 200_000
"""Bytes of the file that stands for a drawing; a real one has that many for some ten processes."""


def holder(plan: Plan, role: str) -> User:
    """Return the first person with a role in the body of a plan."""
    held = Membership.objects.filter(administration=plan.administration, role=role)
    return held.select_related("user").order_by("pk")[0].user


def head_everywhere(plan: Plan) -> User:
    """Make the first head of office that of every office of the body; return the person."""
    head = holder(plan, "head")
    held = set(Membership.objects.filter(user=head).values_list("office_id", flat=True))
    Membership.objects.bulk_create(
        Membership(
            user=head,
            administration=plan.administration,
            office=annex.office,
            role="head",
            starts_on=datetime.date(2020, 1, 1),
        )
        for annex in plan.annexes.select_related("office").order_by("pk")
        if annex.office_id not in held
    )
    return head


def annex_now(annex: Annex) -> Annex:
    """Return an annex as it is now."""
    return Annex.objects.with_names().get(pk=annex.pk)


def plan_now(plan: Plan) -> Plan:
    """Return a plan as it is now."""
    return Plan.objects.select_related("administration").get(pk=plan.pk)


def submit(names: Names, annex: Annex) -> None:
    """Submit a complete annex."""
    by = holder(annex.plan, "rpct")
    names.moves.move_annex(annex=annex_now(annex), verb=Verb.SUBMIT, by=by)


def validate(names: Names, annex: Annex, head: User) -> None:
    """Approve and validate a submitted annex."""
    names.approvals.approve_annex(annex=annex_now(annex), by=head)
    by = holder(annex.plan, "rpct")
    names.moves.move_annex(annex=annex_now(annex), verb=Verb.VALIDATE, by=by)


def issue(names: Names, annex: Annex) -> Any:
    """Issue a validated annex."""
    return names.issues.issue_annex(annex=annex_now(annex), by=holder(annex.plan, "rpct"))


def propose(names: Names, plan: Plan, head: User) -> None:
    """Issue all annexes of a complete plan and propose it to the organ."""
    for annex in plan.annexes.order_by("pk"):
        submit(names, annex)
        validate(names, annex, head)
        issue(names, annex)
    for verb in (PlanVerb.CONSULT, PlanVerb.PROPOSE):
        move_plan(names, plan, verb)


def move_plan(names: Names, plan: Plan, verb: PlanVerb) -> None:
    """Make one move of a plan."""
    names.plan_moves.move_plan(plan=plan_now(plan), verb=verb, by=holder(plan, "rpct"))


def adopt(names: Names, plan: Plan, progress: Callable[..., None] | None = None) -> Any:
    """Register the adoption of a proposed plan."""
    act = names.plan_issues.AdoptionAct(
        adopting_organ="Giunta", act_kind="Deliberazione", act_number="1", act_date=_yesterday()
    )
    told = {"progress": progress} if progress else {}
    by, now = holder(plan, "rpct"), plan_now(plan)
    return names.plan_issues.adopt_plan(plan=now, act=act, by=by, **told)


def _yesterday() -> datetime.date:
    return timezone.localdate() - datetime.timedelta(days=1)


def stand_in(size: int = DRAWN) -> bytes:
    """Return a PDF of about as many bytes, of what cannot be compressed."""
    book = pikepdf.new()
    book.add_blank_page()
    book.pages[0].Contents = pikepdf.Stream(book, os.urandom(size))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
