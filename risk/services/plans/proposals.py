"""What the judgements of a year propose to the next edition, and what it makes of them.

A proposal is the last judgement of the measure a row was copied from, in the edition before or in
an update of it; an `EditionProposal` says whether the edition, or such an update, took it, and why
(docs/decisions/0093).
"""

from collections.abc import Collection
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from registry import trail
from registry.acts import RuleRefused, act
from registry.models import Plan
from registry.permissions import is_rpct_of_plan
from registry.services.rows import store
from risk.content.earlier_rows import deciding, origins, plans_before
from risk.models import EditionProposal, PlannedMeasure, Suitability, YearlyReview
from risk.services.plans.moves import lock_plan, subject_of

KIND = "proposal"


@dataclass(frozen=True)
class MeasureProposal:
    """One judgement that proposes something to a row of an edition, and the decision on it."""

    suitability: Suitability
    measure: PlannedMeasure | None
    """The row of the edition; None where it is not, or no more, in it."""
    decision: EditionProposal | None

    @property
    def source(self) -> Suitability:
        """What proposes it."""
        return self.suitability

    @property
    def is_open(self) -> bool:
        """Whether somebody has still to decide: of a row that is gone it was decided so."""
        return self.decision is None and self.measure is not None


@dataclass(frozen=True)
class ReviewProposal:
    """What the last review of the edition before says is to change, and the decision on it."""

    source: YearlyReview
    decision: EditionProposal | None

    @property
    def is_open(self) -> bool:
        """Whether the RPCT has still to decide."""
        return self.decision is None


def review_proposal(plan: Plan) -> ReviewProposal | None:
    """Return what the last review of the edition before proposes; three statements."""
    before = plans_before(plan)
    rows = YearlyReview.objects.filter(plan__in=before, replaced_by=None)
    review = rows.select_related("by").order_by("-year", "-plan").first() if before else None
    if review is None or not review.changes:
        return None
    decided = EditionProposal.objects.filter(plan__in=deciding(plan, before), review=review)
    decided = decided.order_by("pk")
    return ReviewProposal(review, decided.select_related("by").last())


def proposals_of(plan: Plan, measures: QuerySet[PlannedMeasure]) -> list[MeasureProposal]:
    """Return what the edition before proposes to an edition, by the name of the measure.

    `measures` are the rows, of whatever plan, that the person may read: what is proposed to a row
    that is not among them is left out, and, of a row that is in the edition no more, where the one
    that was judged is not. Four statements.
    """
    before = plans_before(plan)
    if not before:
        return []
    given = Suitability.objects.filter(planned_measure__plan__in=before)
    is_known = Exists(measures.filter(pk=OuterRef("planned_measure")).order_by())
    rows = _last_of(given.annotate(copied=_copied_from(before), is_known=is_known))
    if not rows:
        return []
    copies = PlannedMeasure.objects.filter(plan=plan, origin__in=[row.copied for row in rows])
    is_read = Exists(measures.filter(pk=OuterRef("pk")).order_by())
    every = {row.origin_id: row for row in copies.annotate(is_read=is_read).order_by("is_read")}
    decided = _decisions(deciding(plan, before), [row.pk for row in rows])
    told = ((row, every.get(row.copied)) for row in rows)
    return [
        MeasureProposal(row, copy, decided.get(row.pk))
        for row, copy in told
        if (row.is_known if copy is None else copy.is_read)
    ]


def proposal_for(measure: PlannedMeasure) -> MeasureProposal | None:
    """Return what the edition before proposes to one row; at most three statements."""
    if measure.origin_id is None:
        return None
    before = plans_before(measure.plan)
    ways = ("planned_measure" + "__successors" * step for step in range(1, len(before) + 1))
    given = Suitability.objects.filter(reduce(or_, (Q(**{way: measure.pk}) for way in ways)))
    rows = _last_of(given.annotate(copied=Value(measure.origin_id)))
    if not rows:
        return None
    decided = _decisions(deciding(measure.plan, before), [rows[0].pk])
    return MeasureProposal(rows[0], measure, decided.get(rows[0].pk))


def _copied_from(before: tuple[int, ...]) -> Coalesce | F:
    """Return the key of the row an edition copies where something is said of an ancestor of it.

    Of one that an update dropped it is the row itself.
    """
    last = PlannedMeasure.objects.filter(plan=before[0])
    ways = origins(len(before) - 1)
    rows = (last.filter(**{way: OuterRef("planned_measure")}).order_by("pk") for way in ways)
    own = F("planned_measure")
    return Coalesce(*(Subquery(row.values("pk")[:1]) for row in rows), own) if ways else own


def _last_of(rows: QuerySet[Suitability]) -> list[Suitability]:
    """Return of each `copied` measure the judgement of its last year, if it proposes something."""
    rows = rows.filter(replaced_by=None).select_related("planned_measure__measure", "by")
    last: dict[int, Suitability] = {}
    for row in rows.order_by("year", "planned_measure"):
        last[row.copied] = row
    found = [row for row in last.values() if row.proposes]
    return sorted(found, key=lambda row: (row.planned_measure.measure.folded, row.pk))


def _decisions(plans: Collection[int], keys: Collection[int]) -> dict[int, EditionProposal]:
    """Return the last decision of some plans on each judgement, by its key."""
    rows = EditionProposal.objects.filter(plan__in=plans, suitability__in=keys)
    return {row.suitability_id: row for row in rows.select_related("by").order_by("pk")}


def decide_proposal(
    *, measure: PlannedMeasure, is_taken: bool, reason: str, by: Any, seen: str = ""
) -> EditionProposal:
    """Say whether an edition takes what was proposed to a row of it, and why. One act.

    The row itself changes by its own acts. `seen` is the uid of the judgement the person has read,
    with that of the last decision on it after a blank. Raises `RuleRefused` for who does not
    write the row, once the plan is adopted, and where another person has judged or decided since;
    `ValidationError` without a reason.
    """
    with act(KIND, by=by, subject=subject_of(measure.plan)):
        if lock_plan(measure.plan).is_adopted:
            raise RuleRefused(_("Il piano è adottato: le proposte non si decidono più."))
        if not by.has_perm("registry.change_annex", measure):
            raise RuleRefused(_("Decide chi scrive la misura in questa edizione."))
        proposal = proposal_for(measure)
        if proposal is None or seen_of(proposal) != seen:
            raise RuleRefused(_("La proposta è cambiata da quando l’hai letta: rileggila."))
        return _decide(measure.plan, proposal, is_taken, reason, by)


def decide_review(
    *, plan: Plan, is_taken: bool, reason: str, by: Any, seen: str = ""
) -> EditionProposal:
    """Say whether an edition takes what the review of the one before proposes, and why. One act.

    `seen` as of `decide_proposal`. Raises `RuleRefused` for who is not the RPCT, once the plan is
    adopted, and where somebody has written or decided since; `ValidationError` without a reason.
    """
    with act(KIND, by=by, subject=subject_of(plan)):
        if lock_plan(plan).is_adopted:
            raise RuleRefused(_("Il piano è adottato: le proposte non si decidono più."))
        if not is_rpct_of_plan(by, plan):
            raise RuleRefused(_("Su ciò che propone il riesame decide il RPCT."))
        proposal = review_proposal(plan)
        if proposal is None or seen_of(proposal) != seen:
            raise RuleRefused(_("La proposta è cambiata da quando l’hai letta: rileggila."))
        return _decide(plan, proposal, is_taken, reason, by)


def _decide(
    plan: Plan, proposal: MeasureProposal | ReviewProposal, is_taken: bool, reason: str, by: Any
) -> EditionProposal:
    """Write a decision and its record, inside an open act; it has no history of its own."""
    if not reason.strip():
        raise ValidationError({"reason": _("Di una proposta accolta o no si dice il motivo.")})
    source = proposal.source
    row = EditionProposal(plan=plan, is_taken=is_taken, reason=reason.strip(), by=by)
    column = "suitability" if isinstance(source, Suitability) else "review"
    setattr(row, column, source)
    store(row, sure={"plan", column, "by"})
    detail: dict[str, Any] = {column: str(source.uid), "taken": is_taken}
    trail.bind_row(detail, row)
    trail.write(kind=KIND, by=by, subject=subject_of(plan), detail=detail)
    return row


def seen_of(proposal: MeasureProposal | ReviewProposal) -> str:
    """Return what names a proposal as a person has read it: its source and the decision."""
    decision = proposal.decision
    return f"{proposal.source.uid} {decision.uid if decision else ''}".strip()
