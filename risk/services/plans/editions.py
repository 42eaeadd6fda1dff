"""The next edition: a plan copied from an adopted one, row by row, each linked to its ancestor."""

import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from registry.acts import act
from registry.enums import ADOPTED_PLAN_STATES, PlanKind
from registry.models import Annex, Phase, Plan, Process
from registry.services import plans as registry_plans
from registry.services.jobs import Progress, no_progress
from registry.trail.subjects import plan_subject
from risk.services.plans.edition_copy import KIND, EditionCopy
from risk.services.plans.homes import Homes
from risk.services.plans.office_changes import change_offices, changes_of

YEARS = range(2012, 2201)
"""The years of a plan: the law that asks for one is of 2012 (L. 190/2012)."""
COPIED_AT_ONCE = 2000
"""Processes and phases, together, that are copied in about two seconds.

Measured with all that hangs on them, processor time: 2,548 of a synthetic body took 2.0 s on SQLite
and 2.5 s on PostgreSQL without its server; 7,000 took 4.2 and 3.8 s.
"""


def copy_plan(
    *,
    plan: Plan,
    title: str,
    first_year: int,
    last_year: int,
    kind: str,
    by: Any,
    offices: str = "",
    progress: Progress = no_progress,
) -> Plan:
    """Make the next edition, or an update, of an adopted plan; return it, in preparation.

    Annexes of offices still in use, with all that is theirs, come over as drafts with their
    places and numbers, headed by who heads the office today; what was retired, the names printed
    on the annexes and the exemptions stay behind. Days by which something is expected move by as
    many years as the triennium. Every row remembers its ancestor. One act in history and trail; the
    number of statements does not grow with the rows, but for the batches the engine asks for.

    `offices` is a typed list of how offices change (`risk.services.plans.office_changes`): what
    they have goes where it says, and they are renamed, moved and closed, in the same act.
    `progress` is told outside the transaction.

    Raises `ValidationError` as `check_copy`; then there is no new plan.
    """
    years = {"first_year": first_year, "last_year": last_year}
    check_copy(plan=plan, title=title, kind=kind, offices=offices, **years)
    progress(0, 1, _("Copio gli allegati"))
    body = plan.administration
    subject = plan_subject(body, title)
    with act(KIND, by=by, subject=subject, detail={"from": plan.title}) as opened:
        changes = changes_of(plan, offices)
        if changes.told:
            opened.detail["offices"] = list(changes.told)
        made = registry_plans.create_plan(
            administration=body,
            title=title,
            document=plan.document,
            kind=kind,
            origin=plan,
            by=by,
            **years,
        )
        rows = _annexes(plan, changes.homes)
        change_offices(body=body, changes=changes)
        copy = EditionCopy(source=plan, annexes=rows, target=made, by=by, homes=changes.homes)
        copy.frame()
        copy.annexes_whole()
        return made


def _annexes(plan: Plan, homes: Homes) -> QuerySet[Annex]:
    """Return the annexes that come over: of offices in use, or that others take the place of."""
    follows = Q(office__in=[*homes.merged, *homes.split])
    rows = plan.annexes.filter(Q(office__retired_on__isnull=True) | follows)
    keys = rows.exclude(office__in=homes.closed).values_list("pk", flat=True)
    # by their keys: some offices are closed before they are read
    return Annex.objects.filter(pk__in=list(keys))


def check_copy(
    *, plan: Plan, title: str, first_year: int, last_year: int, kind: str, offices: str = ""
) -> None:
    """Refuse an edition that cannot be copied.

    Raises `ValidationError` when the plan is not adopted, the body already has a plan with this
    title, its years cannot be or an update changes them (docs/decisions/0020), or the list of
    `offices` cannot be (`changes_of`).
    """
    if not plan.is_adopted:
        raise ValidationError(_("Si parte da un piano adottato."), code="not_adopted")
    if kind == PlanKind.UPDATE and (first_year, last_year) != (plan.first_year, plan.last_year):
        raise ValidationError(
            {"first_year": _("Un aggiornamento ha il triennio del piano che aggiorna.")},
            code="years",
        )
    if first_year not in YEARS or last_year not in YEARS:
        told = _("Gli anni di un piano vanno dal %(first)s al %(last)s.")
        years = {"first": YEARS[0], "last": YEARS[-1]}
        raise ValidationError({"first_year": told % years}, code="years")
    if Plan.objects.filter(administration=plan.administration_id, title=title).exists():
        raise ValidationError({"title": _("Un altro piano ha già questo titolo.")}, code="title")
    changes_of(plan, offices)


def being_made(plan: Plan) -> list[Plan]:
    """Return the editions copied from a plan and not adopted yet, the newest first."""
    rows = Plan.objects.filter(origin=plan).exclude(state__in=ADOPTED_PLAN_STATES)
    return list(rows.select_related("administration").order_by("-first_year", "-pk"))


def is_large(plan: Plan) -> bool:
    """Tell whether copying a plan takes more than about two seconds."""
    within = {"annex__plan": plan, "retired_on": None}
    processes = Process.objects.filter(**within)
    phases = Phase.objects.filter(process__in=processes.order_by().values("pk"))
    return processes.count() + phases.count() > COPIED_AT_ONCE


def copied_since(*, plan: Plan, title: str, by: Any, since: datetime.datetime) -> Plan | None:
    """Return the edition this person has copied from a plan since a moment, under this title."""
    made = Plan.objects.filter(
        administration=plan.administration_id, origin=plan, title=title
    ).first()
    begun = made and made.history.filter(history_type="+", history_user=by).first()
    return made if begun and begun.history_date >= since else None
