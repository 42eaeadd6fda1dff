"""The first plan of a body, and what a plan says of itself while it is prepared.

Who is not the RPCT of the body finds no such page.
"""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from registry import clock
from registry.models import Administration, Plan
from registry.permissions import reach_of
from risk.forms.plans.acts import FirstPlanForm, PlanDataForm
from risk.services.assessment.methods import methods_offered_to
from risk.services.completeness.plan_points import plan_page
from risk.services.plans.making import create_plan
from risk.views.plans.acts import plan_of_rpct

STARTS_IN = 4
"""The month from which whoever begins a plan means the year to come."""


@require_http_methods(["GET", "HEAD", "POST"])
def new(request, ipa_code):
    """Create the plan of a body that is not copied from another one."""
    bodies = Administration.objects.filter(pk__in=reach_of(request.user).rpct_of)
    body = get_object_or_404(bodies, ipa_code=ipa_code)
    form = FirstPlanForm(
        request.POST or None, offered=methods_offered_to(body), initial=_first_edition()
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = create_plan(administration=body, **form.asked, by=request.user)
        except ValidationError as error:
            form.refuse(error)
        else:
            said = _("Creato: apri qui sotto gli allegati degli uffici, o importali da un file.")
            messages.success(request, said)
            return redirect(plan_page(made, "senza-allegato"))
    last = body.plans.order_by("-first_year", "title").first()
    context = {"body": body, "form": form, "last": last}
    return render(request, "risk/plans/new.html", context)


def _first_edition() -> dict:
    today = clock.today()
    first = today.year + (today.month >= STARTS_IN)
    years = {"first_year": first, "last_year": first + 2}
    return {**years, "title": f"PTPCT {first}/{first + 2}"}


@require_http_methods(["GET", "HEAD", "POST"])
def data(request, ipa_code, title):
    """Change title, years and organ of a plan that is prepared."""
    plan = plan_of_rpct(request.user, ipa_code, title)
    if plan.is_adopted:
        raise Http404
    form = PlanDataForm(request.POST or None, instance=plan)
    if request.method == "POST" and form.is_valid():
        try:
            saved = form.save_data(by=request.user)
        except (ValidationError, IntegrityError) as refused:
            form.refuse(refused)
        else:
            if saved is not None:
                messages.success(request, _("Dati del piano salvati."))
                return redirect(plan_page(saved.row))
    stored = Plan.objects.select_related("administration").get(pk=plan.pk)
    context = {
        "plan": stored,
        "form": form,
        "title": _("Dati del piano"),
        "act": _("Salva"),
        "back": plan_page(stored),
    }
    return render(request, "risk/plans/form.html", context)
