"""The programming of one measure: its state, steps, progress indicators and what it covers.

Each field saves itself when it is left; without a script one button sends all that the page holds.
"""

import re

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import reswap

from registry.forms.whole_page import of_row
from registry.views.whole_page import say_gone, say_not_all, way_on_asked
from risk.forms.treatment import NEW, ProgrammeForm, ProgrammeRowForm
from risk.models import ImplementationStep, PlannedMeasure
from risk.services.treatment.page import WHOLE
from risk.services.treatment.programming import change_targets, remove_row, set_targets
from risk.views.annexes.undo import say_done
from risk.views.treatment.programme_page import (
    FORMS,
    NAMED,
    RESPONSIBLE,
    Unsaved,
    changeable,
    new_form,
    page_context,
    planned_of,
    reach_form,
    rows_of,
)

_ROW = re.compile(rf"({'|'.join(FORMS)})-([0-9a-f-]{{36}})-version")


@require_http_methods(["GET", "HEAD", "POST"])
def programme(request, uid):
    """Show the programming of a measure, or save its own fields, and all else the page sent."""
    if request.method != "POST":
        planned = planned_of(request)
        return render(request, "risk/treatment/programme.html", page_context(request, planned))
    planned = changeable(request)
    if request.htmx:
        form = _own_form(request, planned)
        form.submit(by=request.user)
        return _saved(request, form)
    return _back(request, planned, _save_all(request, planned))


def _own_form(request, planned: PlannedMeasure) -> ProgrammeForm:
    administration = planned.plan.administration
    return ProgrammeForm(request.POST, instance=planned, administration=administration)


def _saved(request, form) -> HttpResponse:
    """Answer the save of one block: what is said of it, and beside each of its fields."""
    return render(request, "registry/_saved.html", {"form": form})


def _back(request, planned: PlannedMeasure, unsaved: Unsaved, *, said: str = "", to: str = ""):
    """Lead back to the page; show it again at once where something could not be saved."""
    if not unsaved:
        messages.success(request, said or _("Salvato."))
        page = f"{reverse('risk:programme', args=[planned.uid])}{to}"
        return redirect(way_on_asked(request) or page)
    say_not_all(request)
    context = page_context(request, planned_of(request), unsaved)
    return render(request, "risk/treatment/programme.html", context)


def _save_all(request, planned: PlannedMeasure) -> Unsaved:
    """Save every part of the page that was sent; return those that could not be, as sent."""
    unsaved = Unsaved()
    if "version" in request.POST:
        own = _own_form(request, planned)
        own.submit(by=request.user)
        unsaved.own = own if own.errors or own.clashes else None
    for word in FORMS:
        _save_rows(request, planned, word, unsaved)
        new = _new_sent(request, planned, word)
        is_meant = new is not None and (new.is_filled or request.POST.get("aggiungi") == word)
        if is_meant and _add(new, planned, by=request.user) is None:
            unsaved.rows[new.prefix] = new
    if "era" in request.POST:
        unsaved.reach = _save_reach(request, planned)
    word, _colon, row = request.POST.get("togli", "").partition(":")
    if word in FORMS and (found := _named(rows_of(planned, word), row)):
        _say_removed(request, found, _remove(found, by=request.user))
    return unsaved


def _save_rows(request, planned: PlannedMeasure, word: str, unsaved: Unsaved) -> None:
    sent = [match[2] for match in map(_ROW.fullmatch, request.POST) if match and match[1] == word]
    stored = rows_of(planned, word) if sent else []
    administration = planned.plan.administration
    for uid in sent:
        row = _named(stored, uid)
        if row is None:
            say_gone(request, _texts_of(request, word, uid))
            continue
        row.planned_measure = planned
        form = FORMS[word][1](request.POST, instance=row, administration=administration)
        if form.has_changed():
            form.submit(by=request.user)
            if form.errors or form.clashes:
                unsaved.rows[form.prefix] = form


def _named(rows: list, uid: str):
    return next((row for row in rows if str(row.uid) == uid), None)


def _texts_of(request, word: str, uid: str) -> list[str]:
    names = [name for name in FORMS[word][1]._meta.fields if name != "is_master"]
    return [request.POST.get(f"{word}-{uid}-{name}", "") for name in names]


def _save_reach(request, planned: PlannedMeasure):
    """Save what the measure covers; return the form when it could not be."""
    form = reach_form(planned, request.POST)
    if form is None or _set_reach(form, planned, by=request.user):
        return None
    return form


def _set_reach(form, planned: PlannedMeasure, *, by) -> bool:
    if not form.is_valid():
        return False
    try:
        if form.is_whole:
            set_targets(planned=planned, targets=form.cleaned_data["oggetti"], by=by)
        else:
            added, dropped = form.changes()
            change_targets(planned=planned, added=added, dropped=dropped, by=by)
    except ValidationError as error:
        form.add_error("oggetti", error.messages)
        return False
    return True


@require_POST
def reach(request, uid):
    """Change what a measure covers."""
    planned = changeable(request)
    if planned.scope in WHOLE:
        return redirect("risk:programme", uid=planned.uid)
    form = reach_form(planned, request.POST)
    is_saved = _set_reach(form, planned, by=request.user)
    if request.htmx:
        return render(request, "risk/treatment/_reach_saved.html", {"form": form})
    return _back(request, planned, Unsaved(reach=None if is_saved else form))


def _new_sent(request, planned: PlannedMeasure, word: str) -> ProgrammeRowForm | None:
    """Return the row to add as it was sent, None when it was not."""
    prefix = f"{word}-{NEW}"
    if f"{prefix}-version" not in request.POST:
        return None
    return _new_form(planned, word, request.POST)


def _new_form(planned: PlannedMeasure, word: str, data: QueryDict) -> ProgrammeRowForm:
    form = new_form(planned, word, data)
    # the page knows the row by the uid it gave it: shown again, its fields keep their names
    uid = form.fields["row_uid"].to_python(data.get(form.add_prefix("row_uid")))
    return new_form(planned, word, data, uid) if uid else form


def _add(form: ProgrammeRowForm, planned: PlannedMeasure, *, by):
    """Add a row; None, with the reason in the form, when it is refused."""
    if not form.is_valid():
        return None
    row_uid = form.cleaned_data["row_uid"] or form.instance.uid
    # which indicator is the master is the service's to say at first
    values = {name: value for name, value in form.values.items() if name != "is_master"}
    try:
        return FORMS[form.word][2](planned=planned, uid=row_uid, by=by, **values)
    except ValidationError as error:
        for name, texts in error.message_dict.items():
            form.add_error(name if name in form.fields else None, texts)
        return None


@require_POST
def add(request, uid, word):
    """Add a step or an indicator."""
    planned = changeable(request)
    form = _new_form(planned, word, of_row(request.POST, f"{word}-{NEW}"))
    row = _add(form, planned, by=request.user)
    if request.htmx:
        return _added(request, planned, form, row)
    unsaved = Unsaved() if row else Unsaved(rows={form.prefix: form})
    return _back(request, planned, unsaved, said=_("Aggiunto."), to=f"#{word}")


def _added(request, planned: PlannedMeasure, form: ProgrammeRowForm, row) -> HttpResponse:
    """Answer with the row and an empty one to go on with; with what is wrong when it is refused."""
    context = {"planned": planned, "can_edit": True, "word": form.word, "form": form}
    if row is None:
        return render(request, "risk/treatment/_new.html", context | {"is_open": True})
    administration = planned.plan.administration
    added = type(form)(instance=row, administration=administration)
    context |= {"added": added, "form": new_form(planned, form.word)}
    return render(request, "risk/treatment/_added.html", context)


def _row(request, word: str, row):
    """Return a row of a measure the person may change, with its measure; else Http404."""
    model = FORMS[word][0]
    near = [f"planned_measure__{name}" for name in NAMED]
    if model is ImplementationStep:
        near += RESPONSIBLE
    measures = PlannedMeasure.objects.visible_to(request.user)
    stored = get_object_or_404(
        model.objects.select_related(*near),
        uid=row,
        planned_measure__uid=request.resolver_match.kwargs["uid"],
        planned_measure__in=measures,
    )
    if not request.user.has_perm("registry.change_annex", stored):
        raise PermissionDenied
    return stored


@require_POST
def save(request, uid, word, row):
    """Save a step or an indicator."""
    stored = _row(request, word, row)
    planned = stored.planned_measure
    data = of_row(request.POST, f"{word}-{stored.uid}")
    form = FORMS[word][1](data, instance=stored, administration=planned.plan.administration)
    form.submit(by=request.user)
    if request.htmx:
        return _saved(request, form)
    is_refused = form.errors or form.clashes
    return _back(request, planned, Unsaved(rows={form.prefix: form} if is_refused else {}))


@require_POST
def remove(request, uid, word, row):
    """Delete a step or an indicator."""
    stored = _row(request, word, row)
    refusal = _remove(stored, by=request.user)
    if not (request.htmx and refusal):
        _say_removed(request, stored, refusal)
    if request.htmx:
        answer = render(request, "risk/treatment/_removed.html", {"refusal": refusal})
        return reswap(answer, "none") if refusal else answer
    return redirect("risk:programme", uid=uid)


def _remove(row, *, by) -> str:
    """Delete a row; return why it was not, "" when it was."""
    try:
        remove_row(row=row, by=by)
    except ValidationError as closed:
        return closed.messages[0]
    return ""


def _say_removed(request, row, refusal: str) -> None:
    annex = row.planned_measure.annex
    if refusal:
        messages.error(request, refusal)
    elif annex is None:
        messages.success(request, _("Tolto."))
    else:
        say_done(request, annex, _("Tolto."))
