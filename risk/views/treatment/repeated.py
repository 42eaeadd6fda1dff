"""Measures programmed many times: what each group would become, and making it one."""

from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from registry.normalise import short
from registry.permissions import is_rpct_of_plan
from registry.readable import grouped
from registry.views.undo import say_kept
from risk.services.treatment.repeated import (
    Repeated,
    RepeatedChangedError,
    count_repeated,
    repeated_in,
    repeated_in_plan,
    unite_in_annex,
    unite_in_plan,
)
from risk.views.annexes.undo import annex_to_act_on, say_done
from risk.views.plans.acts import plan_of_rpct, whole_plan

GROUPS_SHOWN = 30
"""So many are shown; the others come when these are one each."""
DIGEST = "digest"


@require_http_methods(["GET", "HEAD", "POST"])
def of_annex(request, uid):
    """Show what an annex programmes more than once; with POST make one group one measure."""
    annex = annex_to_act_on(request, uid)
    refusal = ""
    if request.method == "POST":
        try:
            done = unite_in_annex(annex=annex, digest=_digest(request), by=request.user)
            say_done(request, annex, _done(done))
            return redirect("risk:repeated", annex.uid)
        except (RepeatedChangedError, ValidationError) as refused:
            refusal = _refusal(refused)
    context = {
        "annex": annex,
        "can_edit": request.user.has_perm("registry.change_annex", annex),
        **_some(repeated_in(annex)),
        "refusal": refusal,
    }
    return render(request, "risk/treatment/repeated.html", context, status=409 if refusal else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def of_plan(request, ipa_code, title):
    """Show what several offices programme alike; with POST say one group once for the plan."""
    of_whom = plan_of_rpct if request.method == "POST" else whole_plan
    plan = of_whom(request.user, ipa_code, title)
    refusal = ""
    if request.method == "POST":
        try:
            done = unite_in_plan(plan=plan, digest=_digest(request), by=request.user)
            say_kept(request, plan.administration, _done(done))
            return redirect("risk:plan_repeated", ipa_code, title)
        except (RepeatedChangedError, ValidationError) as refused:
            refusal = _refusal(refused)
    context = {
        "plan": plan,
        "is_rpct": is_rpct_of_plan(request.user, plan) and not plan.is_adopted,
        **_some(repeated_in_plan(plan)),
        "annexes": list(count_repeated(plan).items()),
        "refusal": refusal,
    }
    name = "risk/plans/repeated.html"
    return render(request, name, context, status=409 if refusal else 200)


def _digest(request) -> str:
    return request.POST.get(DIGEST, "")


def _some(groups: list) -> dict:
    return {"groups": groups[:GROUPS_SHOWN], "more": max(len(groups) - GROUPS_SHOWN, 0)}


def _done(group: Repeated) -> str:
    label = ngettext(
        "«%(measure)s» è ora programmata una volta: %(n)s programmazione uguale è tolta.",
        "«%(measure)s» è ora programmata una volta: %(n)s programmazioni uguali sono tolte.",
        len(group.gone),
    )
    return label % {"measure": short(str(group.kept.measure)), "n": grouped(len(group.gone))}


def _refusal(refused: RepeatedChangedError | ValidationError) -> str:
    if isinstance(refused, ValidationError):
        return " ".join(refused.messages)
    return _("Nel frattempo qualcosa è cambiato: questa è l’anteprima aggiornata.")
