"""What the judgements of a year propose to the next edition, and what it makes of them.

A proposal is the last judgement of the measure a row was copied from; an `EditionProposal` says
whether the edition took it, and why (docs/decisions/0093).
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from registry import trail
from registry.acts import RuleRefused, act
from registry.models import Plan
from registry.permissions import is_rpct_of_plan
from registry.services.rows import store
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
    """Return what the last review of the edition before proposes to an edition; two statements."""
    if plan.origin_id is None:
        return None
    rows = YearlyReview.objects.filter(plan=plan.origin_id, replaced_by=None).order_by("-year")
    review = rows.select_related("by").first()
    if review is None or not review.changes:
        return None
    decided = EditionProposal.objects.filter(plan=plan, review=review).order_by("pk")
    return ReviewProposal(review, decided.select_related("by").last())


def proposals_of(plan: Plan, measures: QuerySet[PlannedMeasure]) -> list[MeasureProposal]:
    """Return what the edition before proposes to an edition, by the name of the measure.

    `measures` are the rows, of whatever plan, that the person may read: what is proposed to a row
    that is not among them is left out, and, of a row that is in the edition no more, where the one
    it would have been copied from is not. Four statements.
    """
    if plan.origin_id is None:
        return []
    rows = _last_of(Suitability.objects.filter(planned_measure__plan=plan.origin_id))
    if not rows:
        return []
    origins = [row.planned_measure_id for row in rows]
    all_rows = PlannedMeasure.objects.filter(plan=plan, origin__in=origins)
    copied = set(all_rows.values_list("origin", flat=True))
    read = {row.origin_id: row for row in measures.filter(plan=plan, origin__in=origins)}
    known = set(measures.filter(pk__in={*origins} - copied).values_list("pk", flat=True))
    decided = _decisions(plan.pk, [row.pk for row in rows])
    return [
        MeasureProposal(row, read.get(row.planned_measure_id), decided.get(row.pk))
        for row in rows
        if row.planned_measure_id in {*read, *known}
    ]


def proposal_for(measure: PlannedMeasure) -> MeasureProposal | None:
    """Return what the edition before proposes to one row; at most two statements."""
    if measure.origin_id is None:
        return None
    rows = _last_of(Suitability.objects.filter(planned_measure=measure.origin_id))
    if not rows:
        return None
    decided = _decisions(measure.plan_id, [rows[0].pk])
    return MeasureProposal(rows[0], measure, decided.get(rows[0].pk))


def _last_of(rows: QuerySet[Suitability]) -> list[Suitability]:
    """Return of each measure the judgement of its last year, where it proposes something."""
    rows = rows.filter(replaced_by=None).select_related("planned_measure__measure", "by")
    last: dict[int, Suitability] = {}
    for row in rows.order_by("year"):
        last[row.planned_measure_id] = row
    found = [row for row in last.values() if row.proposes]
    return sorted(found, key=lambda row: (row.planned_measure.measure.folded, row.pk))


def _decisions(plan: int, keys: Collection[int]) -> dict[int, EditionProposal]:
    """Return the last decision of an edition on each judgement, by its key."""
    rows = EditionProposal.objects.filter(plan=plan, suitability__in=keys).select_related("by")
    return {row.suitability_id: row for row in rows.order_by("pk")}


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
