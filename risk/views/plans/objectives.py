"""The objectives of a plan: read by all its people, kept by the RPCT until it is adopted.

Each field saves itself when it is left; without a script one button sends all that the page holds.
"""

import re
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import reswap

from registry.forms.whole_page import of_row
from registry.models import Plan
from registry.responses.list_files import asked_format, list_file
from registry.views.undo import say_kept
from registry.views.whole_page import say_gone, say_not_all
from risk.forms.catalogues import RetireForm
from risk.forms.plans.objectives import (
    NewObjectiveForm,
    ObjectiveForm,
    ObjectiveIndicatorForm,
    blank_indicator,
)
from risk.forms.treatment import NEW
from risk.models import Objective, ObjectiveIndicator, PlannedMeasure
from risk.services.plans.moves import subject_of
from risk.services.plans.objectives import (
    add_indicator,
    add_objective,
    move_objective,
    objectives_of,
    remove_indicator,
    remove_objective,
    retire_objective,
    years_of,
)
from risk.services.reporting.listings import objectives_table
from risk.views.plans.own_rows import (
    PLACES,
    check_open,
    kept_row,
    new_row,
    open_plan,
    sent_version,
)
from risk.views.plans.page import visible_plan

MEASURES_SHOWN = 50
_ROW = re.compile(r"indicatori-([0-9a-f-]{36})-version")


@dataclass
class UnsavedObjective:
    """Forms of the page that stand on it as they were sent, because of what is wrong in them."""

    own: ObjectiveForm | None = None
    rows: dict[str, ObjectiveIndicatorForm] = field(default_factory=dict)
    """By prefix: the row to add among them."""

    def __bool__(self) -> bool:
        return bool(self.own or self.rows)


@require_safe
def objectives(request, ipa_code, title):
    """List the objectives of a plan, with what shows them and how many measures serve each."""
    plan = visible_plan(request.user, ipa_code, title)
    rows = list(objectives_of(plan))
    if suffix := asked_format(request):
        table = objectives_table(plan, rows, years_of(plan))
        return list_file(request, table, suffix, name="objectives", subject=subject_of(plan))
    context = {
        "plan": plan,
        "rows": rows,
        "years": years_of(plan),
        "can_edit": request.user.has_perm("registry.change_plan", plan),
    }
    return render(request, "risk/plans/objectives/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request, ipa_code, title):
    """Add an objective, and go on with its own page."""
    plan = open_plan(request, ipa_code, title)
    return new_row(
        request,
        plan,
        NewObjectiveForm(request.POST or None),
        add=add_objective,
        title=_("Nuovo obiettivo"),
        back=_list(plan),
        page=_page,
    )


def _objective(request, ipa_code, title, uid) -> Objective:
    """Return an objective of a plan the person may read; else Http404."""
    plan = visible_plan(request.user, ipa_code, title)
    row = get_object_or_404(objectives_of(plan), uid=uid)
    row.plan = plan
    return row


def _changeable(request, ipa_code, title, uid) -> Objective:
    row = _objective(request, ipa_code, title, uid)
    check_open(request, row.plan)
    return row


def _page(row: Objective) -> str:
    plan = row.plan
    return reverse("risk:plan_objective", args=[plan.administration.ipa_code, plan.slug, row.uid])


def _list(plan: Plan) -> str:
    return reverse("risk:plan_objectives", args=[plan.administration.ipa_code, plan.slug])


@require_http_methods(["GET", "HEAD", "POST"])
def objective(request, ipa_code, title, uid):
    """Show an objective, or save its own fields, and all else the page sent."""
    if request.method != "POST":
        return _shown(request, _objective(request, ipa_code, title, uid))
    row = _changeable(request, ipa_code, title, uid)
    if request.htmx:
        form = ObjectiveForm(request.POST, instance=row, administration=row.plan.administration)
        form.submit(by=request.user)
        return render(request, "registry/_saved.html", {"form": form})
    unsaved = _save_all(request, row)
    if not unsaved:
        messages.success(request, _("Salvato."))
        return redirect(_page(row))
    say_not_all(request)
    return _shown(request, _objective(request, ipa_code, title, uid), unsaved)


def _shown(
    request,
    row: Objective,
    unsaved: UnsavedObjective | None = None,
    *,
    retiring: RetireForm | None = None,
) -> HttpResponse:
    unsaved, body = unsaved or UnsavedObjective(), row.plan.administration
    shown = [_indicator_form(one, row) for one in row.indicators.all()]
    empty = _indicator_form(blank_indicator(row), row)
    context = {
        "plan": row.plan,
        "row": row,
        "can_edit": request.user.has_perm("registry.change_plan", row.plan),
        "form": unsaved.own or ObjectiveForm(instance=row, administration=body),
        "indicators": [unsaved.rows.get(form.prefix, form) for form in shown],
        "new": unsaved.rows.get(empty.prefix, empty),
        "measures": _measures_of(request.user, row),
        "retiring": retiring,
    }
    return render(request, "risk/plans/objectives/page.html", context)


def _measures_of(user, row: Objective) -> list[PlannedMeasure]:
    """Return the first measures that serve an objective, of those a person may read."""
    rows = PlannedMeasure.objects.readable_by(user).filter(objective=row)
    rows = rows.select_related("measure", "annex__office").order_by("measure__folded", "pk")
    return list(rows[:MEASURES_SHOWN])


def _indicator_form(
    one: ObjectiveIndicator, row: Objective, data: QueryDict | None = None
) -> ObjectiveIndicatorForm:
    one.objective = row
    return ObjectiveIndicatorForm(data, instance=one, administration=row.plan.administration)


def _save_all(request, row: Objective) -> UnsavedObjective:
    """Save every part of the page that was sent; return those that could not be, as sent."""
    unsaved = UnsavedObjective()
    if "version" in request.POST:
        own = ObjectiveForm(request.POST, instance=row, administration=row.plan.administration)
        own.submit(by=request.user)
        unsaved.own = own if own.errors or own.clashes else None
    stored = {str(one.uid): one for one in row.indicators.all()}
    for match in filter(None, map(_ROW.fullmatch, request.POST)):
        if match[1] not in stored:
            say_gone(request, _texts_of(request, match[1]))
            continue
        form = _indicator_form(stored[match[1]], row, request.POST)
        if form.has_changed():
            form.submit(by=request.user)
            if form.errors or form.clashes:
                unsaved.rows[form.prefix] = form
    new = _new_sent(row, request.POST)
    is_meant = new is not None and (new.is_filled or "aggiungi" in request.POST)
    if is_meant and _add(new, row, by=request.user) is None:
        unsaved.rows[new.prefix] = new
    if (gone := stored.get(request.POST.get("togli", ""))) is not None:
        _say_removed(request, row, _remove(gone, row, by=request.user))
    return unsaved


def _texts_of(request, uid: str) -> list[str]:
    names = ObjectiveIndicatorForm._meta.fields
    return [request.POST.get(f"indicatori-{uid}-{name}", "") for name in names]


def _new_sent(row: Objective, data: QueryDict) -> ObjectiveIndicatorForm | None:
    """Return the indicator to add as it was sent, None when it was not."""
    return _new_form(row, data) if f"indicatori-{NEW}-version" in data else None


def _new_form(row: Objective, data: QueryDict) -> ObjectiveIndicatorForm:
    form = _indicator_form(blank_indicator(row), row, data)
    # the page knows the row by the uid it gave it: shown again, its fields keep their names
    uid = form.fields["row_uid"].to_python(data.get(form.add_prefix("row_uid")))
    return _indicator_form(blank_indicator(row, uid), row, data) if uid else form


def _add(form: ObjectiveIndicatorForm, row: Objective, *, by: Any) -> ObjectiveIndicator | None:
    """Add an indicator; None, with the reason in the form, when it is refused."""
    if not form.is_valid():
        return None
    uid = form.cleaned_data["row_uid"] or form.instance.uid
    try:
        return add_indicator(objective=row, uid=uid, by=by, **form.values)
    except (ValidationError, IntegrityError) as refused:
        form.refuse(refused)
        return None


@require_POST
def indicator_add(request, ipa_code, title, uid):
    """Add an indicator to an objective."""
    row = _changeable(request, ipa_code, title, uid)
    form = _new_form(row, of_row(request.POST, f"indicatori-{NEW}"))
    added = _add(form, row, by=request.user)
    if not request.htmx:
        if added is None:
            say_not_all(request)
            return _shown(request, row, UnsavedObjective(rows={form.prefix: form}))
        messages.success(request, _("Aggiunto."))
        return redirect(f"{_page(row)}#indicatori")
    context = {"plan": row.plan, "row": row, "can_edit": True, "form": form}
    if added is None:
        return render(request, "risk/plans/objectives/_new.html", context | {"is_open": True})
    empty = _indicator_form(blank_indicator(row), row)
    context |= {"added": _indicator_form(added, row), "form": empty}
    return render(request, "risk/plans/objectives/_added.html", context)


@require_POST
def indicator_save(request, ipa_code, title, uid, row):
    """Save an indicator of an objective."""
    served = _changeable(request, ipa_code, title, uid)
    stored = get_object_or_404(ObjectiveIndicator, uid=row, objective=served)
    form = _indicator_form(stored, served, of_row(request.POST, f"indicatori-{stored.uid}"))
    form.submit(by=request.user)
    if request.htmx:
        return render(request, "registry/_saved.html", {"form": form})
    if form.errors or form.clashes:
        say_not_all(request)
        return _shown(request, served, UnsavedObjective(rows={form.prefix: form}))
    messages.success(request, _("Salvato."))
    return redirect(_page(served))


@require_POST
def indicator_remove(request, ipa_code, title, uid, row):
    """Delete an indicator of an objective."""
    served = _changeable(request, ipa_code, title, uid)
    stored = get_object_or_404(ObjectiveIndicator, uid=row, objective=served)
    refusal = _remove(stored, served, by=request.user)
    if not (request.htmx and refusal):
        _say_removed(request, served, refusal)
    if request.htmx:
        answer = render(request, "risk/treatment/_removed.html", {"refusal": refusal})
        return reswap(answer, "none") if refusal else answer
    return redirect(_page(served))


def _remove(stored: ObjectiveIndicator, row: Objective, *, by: Any) -> str:
    """Delete an indicator; return why it was not, "" when it was."""
    stored.objective = row
    try:
        remove_indicator(row=stored, by=by)
    except ValidationError as refused:
        return refused.messages[0]
    return ""


def _say_removed(request, row: Objective, refusal: str) -> None:
    if refusal:
        messages.error(request, refusal)
    else:
        say_kept(request, row.plan.administration, _("Tolto."))


@require_POST
def keep(request, ipa_code, title, uid):
    """Move an objective, take it out of use or back, or delete it; say how it is taken back."""
    row = _changeable(request, ipa_code, title, uid)
    asked = request.POST.get("atto", "")
    if asked not in _SAID:
        raise Http404
    retiring = RetireForm(request.POST) if asked == "archivia" else None
    if retiring is not None and not retiring.is_valid():
        return _shown(request, row, retiring=retiring)
    return kept_row(
        request,
        row,
        do=lambda: _done(request, row, asked),
        said=_SAID[asked],
        page=_page(row),
        back=_list(row.plan),
    )


def _done(request, row: Objective, asked: str) -> None:
    by = request.user
    if asked in PLACES:
        move_objective(row=row, by_places=PLACES[asked], by=by)
    elif asked == "togli":
        remove_objective(row=row, by=by)
    else:
        reason = request.POST.get("reason", "") if asked == "archivia" else ""
        retire_objective(row=row, reason=reason, version=sent_version(request), by=by)


_SAID = {
    "su": gettext_lazy("Spostato: «%(row)s»."),
    "giu": gettext_lazy("Spostato: «%(row)s»."),
    "archivia": gettext_lazy("«%(row)s» non è più in uso."),
    "riprendi": gettext_lazy("«%(row)s» è di nuovo in uso."),
    "togli": gettext_lazy("Eliminato: «%(row)s»."),
}
"""What is said of each act, by the word its button sends."""
