"""What a plan weighs, office by office. Who does not read all of the body finds no such page."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from registry.permissions import is_rpct_of_plan
from registry.responses.list_files import asked_format, list_file
from risk.services.plans.moves import subject_of
from risk.services.plans.weight import people_of, weight_of
from risk.services.reporting.listings import weight_table
from risk.views.plans.acts import whole_plan


@require_safe
def weight(request, ipa_code, title):
    """Show what each office is going to answer, to measure and to keep, the heaviest first."""
    plan = whole_plan(request.user, ipa_code, title)
    rows = weight_of(plan)
    years = tuple(range(plan.first_year, plan.last_year + 1))
    if suffix := asked_format(request):
        table = weight_table(plan, rows, years)
        return list_file(request, table, suffix, name="weight", subject=subject_of(plan))
    people = people_of(rows, plan)
    context = {
        "plan": plan,
        "rows": [(one, list(zip(years, one.due_in(years), strict=True))) for one in rows],
        "years": years,
        "over": [one for one in rows if one.is_over],
        "people": [(one, list(zip(years, one.due_in(years), strict=True))) for one in people],
        "person_limit": plan.administration.measures_limit_person,
        "limit": plan.administration.measures_limit,
        "is_rpct": is_rpct_of_plan(request.user, plan),
    }
    return render(request, "risk/plans/weight.html", context)
