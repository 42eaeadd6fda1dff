"""What the edition before proposes to an edition: listed, and decided measure by measure."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from registry.acts import RuleRefused
from registry.models import Plan
from registry.permissions import is_rpct_of_plan
from risk.forms.monitoring.suitability import ProposalForm
from risk.models import PlannedMeasure
from risk.services.plans.proposals import (
    decide_proposal,
    decide_review,
    proposal_for,
    proposals_of,
    review_proposal,
    seen_of,
)
from risk.views.plans.page import visible_plan
from risk.views.treatment.programme_page import planned_of


@require_http_methods(["GET", "HEAD", "POST"])
def proposals(request, ipa_code, title):
    """List what the edition before proposes and what became of it; with POST decide on its review.

    Judgements of measures are decided on the pages of their rows.
    """
    plan = visible_plan(request.user, ipa_code, title)
    is_rpct = is_rpct_of_plan(request.user, plan)
    if request.method == "POST" and not is_rpct:
        raise PermissionDenied
    review = review_proposal(plan)
    form = None
    if review is not None and is_rpct and not plan.is_adopted:
        form = ProposalForm(request.POST or None, initial={"seen": seen_of(review)})
    if request.method == "POST":
        if form is None:
            messages.error(request, _("Non c’è nulla da decidere."))
            return redirect("risk:plan_proposals", ipa_code, title)
        if form.is_valid() and _decided(request, plan, form):
            return redirect("risk:plan_proposals", ipa_code, title)
    rows = proposals_of(plan, PlannedMeasure.objects.readable_by(request.user))
    left = sum(row.is_open for row in (*rows, *([review] if review else [])))
    context = {"plan": plan, "rows": rows, "left": left, "review": review, "form": form}
    return render(request, "risk/treatment/proposals.html", context)


def _decided(request, plan: Plan, form: ProposalForm) -> bool:
    """Decide as a form says; False, with the reasons on the form, where it is refused."""
    try:
        decide_review(plan=plan, by=request.user, **form.cleaned_data)
    except (RuleRefused, ValidationError, IntegrityError) as refused:
        form.refuse(refused)
        return False
    messages.success(request, _("Deciso."))
    return True


@require_http_methods(["GET", "HEAD", "POST"])
def proposal(request, uid):
    """Show what is proposed to a measure of an edition, or with POST decide on it."""
    planned = planned_of(request)
    row = proposal_for(planned)
    if row is None:
        raise Http404
    can_decide = not planned.plan.is_adopted and request.user.has_perm(
        "registry.change_annex", planned
    )
    if request.method == "POST" and not can_decide:
        raise PermissionDenied
    form = ProposalForm(request.POST or None, initial={"seen": seen_of(row)})
    if request.method == "POST" and form.is_valid():
        try:
            decide_proposal(measure=planned, by=request.user, **form.cleaned_data)
        except (RuleRefused, ValidationError, IntegrityError) as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("Deciso."))
            return redirect("risk:programme", uid)
    context = {
        "planned": planned,
        "annex": planned.annex,
        "plan": planned.plan,
        "row": row,
        "form": form if can_decide else None,
    }
    return render(request, "risk/treatment/proposal.html", context)
