"""The days of an edition, beside those of the edition before: its RPCT corrects them in place."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from registry.forms.days import DayField
from registry.models import Plan
from registry.normalise import uids_in
from registry.readable import grouped
from risk.services.plans.edition_days import (
    TypedDay,
    correct_days,
    days_page,
    is_outside,
    offices_with_days,
    targets_missing,
)
from risk.services.plans.moved_days import MOVED
from risk.views.plans.acts import plan_of_rpct

DAY, VERSION = "giorno-", "versione-"


@require_http_methods(["GET", "HEAD", "POST"])
def days(request, ipa_code, title):
    """Show the days an edition awaits something by, those of before beside them; with POST save."""
    plan = plan_of_rpct(request.user, ipa_code, title)
    if plan.is_adopted or plan.origin_id is None:
        raise Http404
    typed: dict[str, str] = {}
    errors: Mapping[str, Sequence[str]] = {}
    if request.method == "POST":
        typed = {k.removeprefix(DAY): v for k, v in request.POST.items() if k.startswith(DAY)}
        try:
            rows = _typed(request, plan, typed)
            outside = sum(one.is_other and is_outside(plan, one.day) for one in rows)
            count = correct_days(plan=plan, typed=rows, by=request.user)
            messages.success(request, _saved(count))
            if outside:
                # the row may be on another page now
                messages.warning(request, _outside(plan, outside))
            return redirect(request.get_full_path())
        except ValidationError as refused:
            errors = refused.message_dict
    offices = list(offices_with_days(plan))
    office = next((row for row in offices if row.code == request.GET.get("ufficio")), None)
    page = days_page(plan, office=office, number=request.GET.get("pagina"))
    asked = request.GET.copy()
    asked.pop("pagina", None)
    context = {
        "plan": plan,
        "page": page,
        "query": asked.urlencode(),
        "rows": [
            (one, typed.get(str(one.row.uid)), errors.get(str(one.row.uid), ()))
            for one in page.object_list
        ],
        "errors": errors,
        "offices": offices,
        "office": office,
        "missing": targets_missing(plan),
    }
    return render(request, "risk/plans/days.html", context, status=409 if errors else 200)


def _typed(request, plan: Plan, typed: Mapping[str, str]) -> list[TypedDay]:
    """Return the days typed. Raises `ValidationError` by row for what is no day."""
    uids, found, wrong = uids_in(typed), [], {}
    field = DayField(required=False)
    for model in MOVED:
        rows: Any = model.objects.filter(planned_measure__plan=plan, uid__in=uids)  # type: ignore[attr-defined]
        for row in rows.select_related("planned_measure__plan", "planned_measure__annex__plan"):
            uid = str(row.uid)
            version = request.POST.get(f"{VERSION}{uid}", "")
            try:
                day = field.clean(typed[uid])
            except ValidationError as refused:
                wrong[uid] = refused.messages
                continue
            found.append(TypedDay(row, day, int(version) if version.isdigit() else row.version))
    if wrong:
        raise ValidationError(wrong)
    return found


def _saved(count: int) -> str:
    if not count:
        return _("Nessuna scadenza era diversa: non è cambiato niente.")
    sentence = ngettext("Corretta %(n)s scadenza.", "Corrette %(n)s scadenze.", count)
    return sentence % {"n": grouped(count)}


def _outside(plan: Plan, count: int) -> str:
    sentence = ngettext(
        "Una scadenza salvata è fuori dagli anni del piano (%(first)d–%(last)d): controllala.",
        "%(n)s scadenze salvate sono fuori dagli anni del piano (%(first)d–%(last)d): controllale.",
        count,
    )
    return sentence % {"n": grouped(count), "first": plan.first_year, "last": plan.last_year}
