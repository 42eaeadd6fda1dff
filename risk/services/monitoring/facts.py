"""Facts of a year, recorded by the RPCT: how many of a kind, and the rows of the map they concern.

A correction is a row that names the one it replaces (docs/decisions/0094).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from registry import trail
from registry.acts import RuleRefused, act
from registry.models import Plan, Process, User
from registry.normalise import fold, uids_in
from registry.permissions import is_rpct_of_plan
from registry.services.rows import store
from registry.trail.subjects import plan_subject
from risk.models import Fact, RiskBehaviour
from risk.services.monitoring.rounds import is_in_force
from risk.services.monitoring.suitability import years_of

KIND = "fact"
MOST_OFFERED = 30
"""Rows of each kind that a search offers."""


@dataclass(frozen=True)
class FactRows:
    """The rows of the map a fact is about, as far as they are still there."""

    processes: list[Process]
    behaviours: list[RiskBehaviour]


def facts_of(plan: Plan) -> QuerySet[Fact]:
    """Return what counts of the facts of a plan, the last year first; what was taken back too."""
    rows = Fact.objects.filter(plan=plan, replaced_by=None).select_related("area", "by")
    return rows.order_by("-year", "kind", "pk")


def record_fact(*, plan: Plan, by: User, replaces: Fact | None = None, **values: Any) -> Fact:
    """Record facts of a kind in a year of a plan in force, or correct what was recorded. One act.

    Rows of the map are kept from what is replaced unless `named_rows` says others. Raises
    `RuleRefused` for who is not the RPCT, for a plan not in force, and where what is corrected was
    corrected already; `ValidationError` for another year.
    """
    subject = plan_subject(plan.administration, plan.title)
    with act(KIND, by=by, subject=subject):
        if not is_rpct_of_plan(by, plan):
            raise RuleRefused(_("I fatti li registra il RPCT dell’amministrazione."))
        if not is_in_force(plan):
            raise RuleRefused(_("Si registrano fatti su un piano adottato, finché è aperto."))
        if values["year"] not in years_of(plan):
            raise ValidationError({"year": _("Un anno dall’adozione del piano a quello in corso.")})
        if replaces is not None and Fact.objects.filter(replaces=replaces).exists():
            raise RuleRefused(_("Un’altra persona l’ha corretto ora: rileggilo."))
        if replaces is not None:
            values.setdefault("named_rows", replaces.named_rows)
        row = Fact(plan=plan, replaces=replaces, by=by, **values)
        row.outcome = row.outcome.strip()
        store(row, sure={"plan", "by"})
        detail: dict[str, Any] = {"year": row.year, "fact": str(row.uid)}
        trail.bind_row(detail, row)
        trail.write(kind=KIND, by=by, subject=subject, detail=detail)
        return row


def change_rows(*, fact: Fact, uids: Sequence[str], by: User) -> Fact:
    """Say which rows of the map a fact is about, all of them; return the fact as it is now.

    Raises as `record_fact`, and `ValidationError` for a row that is none of the plan.
    """
    known = rows_named(fact.plan, uids)
    found = {str(one.uid) for one in (*known.processes, *known.behaviours)}
    if missing := [uid for uid in uids if uid not in found]:
        raise ValidationError(_("Una riga non è di questo piano: %(uid)s.") % {"uid": missing[0]})
    values = {name: getattr(fact, name) for name in _SAID}
    rows = "".join(f"{uid}\n" for uid in dict.fromkeys(uids))
    return record_fact(plan=fact.plan, by=by, replaces=fact, named_rows=rows, **values)


_SAID = ("kind", "year", "count", "area", "was_measure", "outcome")


def rows_named(plan: Plan, uids: Sequence[str]) -> FactRows:
    """Return the rows of a plan some uids name; two statements."""
    keys = uids_in(uids)
    processes = Process.objects.filter(annex__plan=plan, uid__in=keys)
    behaviours = RiskBehaviour.objects.filter(process__annex__plan=plan, uid__in=keys)
    return FactRows(
        list(processes.select_related("annex__office").order_by("folded", "pk")),
        list(behaviours.select_related("process").order_by("folded", "pk")),
    )


def rows_like(plan: Plan, words: str) -> FactRows:
    """Return processes and behaviours of a plan that hold all the words; two statements."""
    processes = Process.objects.filter(annex__plan=plan)
    behaviours = RiskBehaviour.objects.filter(process__annex__plan=plan)
    for word in fold(words).split():
        processes = processes.filter(folded__contains=word)
        behaviours = behaviours.filter(folded__contains=word)
    return FactRows(
        list(processes.select_related("annex__office").order_by("folded", "pk")[:MOST_OFFERED]),
        list(behaviours.select_related("process").order_by("folded", "pk")[:MOST_OFFERED]),
    )


def without_behaviour(plan: Plan, facts: Sequence[Fact]) -> set[int]:
    """Return the keys of facts no behaviour of the plan is named by (`fact-without-behaviour`).

    What happened is a behaviour that the map should know. One statement.
    """
    named = {uid for fact in facts for uid in fact.uids}
    rows = RiskBehaviour.objects.filter(process__annex__plan=plan, uid__in=named)
    known = {str(uid) for uid in rows.values_list("uid", flat=True)}
    return {fact.pk for fact in facts if fact.count and not known & set(fact.uids)}
