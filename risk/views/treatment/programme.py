"""The programming of one measure: its state, steps, progress indicators and what it covers."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from registry.enums import AliasKind
from registry.models import Action, Phase, Process
from registry.services.lookup import Index
from risk.content.adopted_names import name_as_adopted
from risk.enums import MeasureScope
from risk.forms.treatment import IndicatorForm, ProgrammeForm, ReachForm, StepForm, blank
from risk.models import (
    ImplementationStep,
    MeasureTarget,
    PlannedMeasure,
    ProgressIndicator,
    RiskBehaviour,
)
from risk.services.treatment.page import WHOLE
from risk.services.treatment.programming import add_indicator, add_step, remove_row, set_targets

FORMS = {
    "fasi": (ImplementationStep, StepForm, add_step),
    "indicatori": (ProgressIndicator, IndicatorForm, add_indicator),
}
"""The rows of a programming by the word in their address: model, form, and how one is added."""
NAMED = (
    "annex__office",
    "annex__plan",
    "plan__administration",
    "measure",
    "responsible_role",
    "responsible_office",
)


def _planned(request) -> PlannedMeasure:
    rows = PlannedMeasure.objects.visible_to(request.user).select_related(*NAMED)
    return get_object_or_404(rows, uid=request.resolver_match.kwargs["uid"])


def _changeable(request) -> PlannedMeasure:
    planned = _planned(request)
    if not request.user.has_perm("registry.change_annex", planned):
        raise PermissionDenied
    return planned


def _offered(planned: PlannedMeasure) -> dict:
    """Return the rows of the measure's kind it may cover: uid → row and name; one query."""
    if planned.scope == MeasureScope.PROCESSES:
        rows = Process.objects.filter(annex=planned.annex_id).in_use().order_by("position")
        return {str(row.uid): (row, row.printed) for row in rows}
    path, rows, name = {
        MeasureScope.PHASES: ("process", Phase.objects, lambda row: f"{row.position}. {row}"),
        MeasureScope.ACTIONS: (
            "phase__process",
            Action.objects,
            lambda row: f"{row.phase.position}.{row.position} {row}",
        ),
        MeasureScope.BEHAVIOURS: ("process", RiskBehaviour.objects, str),
    }[MeasureScope(planned.scope)]
    column = MeasureTarget.COLUMNS[MeasureScope(planned.scope)]
    touched = MeasureTarget.objects.filter(planned_measure=planned).order_by()
    rows = rows.filter(**{f"{path}__in": touched.values(f"{column}__{path}")})
    order = [f"{path}__position", *(["phase__position"] if column == "action" else []), "position"]
    rows = rows.select_related(path).order_by(*order)
    several = len({_process(row).pk for row in rows}) > 1
    return {
        str(row.uid): (row, f"n. {_process(row).number}: {name(row)}" if several else name(row))
        for row in rows
    }


def _process(row) -> Process:
    return row.phase.process if isinstance(row, Action) else row.process


def _context(request, planned: PlannedMeasure, *, refused=None) -> dict:
    """Return what the page shows; a `refused` form stands in the place of its row."""
    administration = planned.plan.administration
    can_edit = request.user.has_perm("registry.change_annex", planned)
    responsible = ("responsible_role", "responsible_office")
    name_as_adopted(planned.plan, [planned.responsible_office])
    sections = []
    for word, (model, form, _add) in FORMS.items():
        rows = model.objects.filter(planned_measure=planned).order_by("position")
        if model is ImplementationStep:
            rows = rows.select_related(*responsible)
        rows = list(rows)
        name_as_adopted(planned.plan, [getattr(row, "responsible_office", None) for row in rows])
        forms = [
            refused
            if isinstance(refused, form) and refused.instance.uid == row.uid
            else form(instance=row, administration=administration)
            for row in rows
        ]
        is_new = isinstance(refused, form) and refused.instance.pk is None
        new = (
            refused
            if is_new
            else form(instance=blank(model, planned), administration=administration)
        )
        sections.append({"word": word, "forms": forms, "new": new})
    index = Index(administration=administration)
    context = {
        "planned": planned,
        "annex": planned.annex,
        "can_edit": can_edit,
        "form": refused
        if isinstance(refused, ProgrammeForm)
        else ProgrammeForm(instance=planned, administration=administration),
        "steps": sections[0],
        "indicators": sections[1],
        "roles": index.rows(AliasKind.EXECUTOR_ROLE) if can_edit else (),
    }
    return context | _reach(planned, refused)


def _reach(planned: PlannedMeasure, refused=None) -> dict:
    if planned.scope in WHOLE:
        return {"reach": None, "reached": []}
    targets = planned.targets.select_related("process", "phase", "action__phase", "behaviour")
    targets = list(targets)
    offered = _offered(planned)
    column = MeasureTarget.COLUMNS[MeasureScope(planned.scope)]
    held = [str(getattr(row, column).uid) for row in targets]
    form = ReachForm(offered=offered, initial={"oggetti": held})
    return {
        "reach": refused if isinstance(refused, ReachForm) else form,
        "reached": [offered[uid][1] for uid in held if uid in offered],
    }


@require_http_methods(["GET", "HEAD", "POST"])
def programme(request, uid):
    """Show the programming of a measure, or save its own fields."""
    if request.method != "POST":
        planned = _planned(request)
        return render(request, "risk/treatment/programme.html", _context(request, planned))
    planned = _changeable(request)
    form = ProgrammeForm(request.POST, instance=planned, administration=planned.plan.administration)
    return _answer(request, planned, form, saved=form.submit(by=request.user))


def _answer(request, planned: PlannedMeasure, form, *, saved, word: str = ""):
    """Answer a save: the row alone with htmx, else the page again or anew."""
    if request.htmx:
        if saved:
            form = type(form)(instance=saved.row, administration=planned.plan.administration)
        context = {"planned": planned, "form": form, "word": word, "saved": bool(saved)}
        name = "_row" if word else "_own"
        return render(request, f"risk/treatment/{name}.html", context | {"can_edit": True})
    if saved:
        messages.success(request, _("Salvato."))
        return redirect("risk:programme", uid=planned.uid)
    planned = _planned(request)
    context = _context(request, planned, refused=form)
    return render(request, "risk/treatment/programme.html", context)


@require_POST
def reach(request, uid):
    """Change what a measure covers."""
    planned = _changeable(request)
    if planned.scope in WHOLE:
        return redirect("risk:programme", uid=planned.uid)
    form = ReachForm(request.POST, offered=_offered(planned))
    if form.is_valid():
        try:
            set_targets(planned=planned, targets=form.cleaned_data["oggetti"], by=request.user)
        except ValidationError as error:
            form.add_error("oggetti", error.messages)
        else:
            messages.success(request, _("Salvato."))
            return redirect("risk:programme", uid=planned.uid)
    context = _context(request, planned, refused=form)
    return render(request, "risk/treatment/programme.html", context)


@require_POST
def add(request, uid, word):
    """Add a step or an indicator."""
    planned = _changeable(request)
    model, form_class, add_row = FORMS[word]
    administration = planned.plan.administration
    form = form_class(request.POST, instance=blank(model, planned), administration=administration)
    row = None
    if form.is_valid():
        try:
            row_uid = form.cleaned_data["row_uid"] or form.instance.uid
            row = add_row(planned=planned, uid=row_uid, by=request.user, **_new_values(form))
        except ValidationError as error:
            for name, texts in error.message_dict.items():
                form.add_error(name if name in form.fields else None, texts)
    if row is not None:
        messages.success(request, _("Aggiunto."))
        return redirect(f"{reverse('risk:programme', args=[planned.uid])}#{word}")
    context = _context(request, planned, refused=form)
    return render(request, "risk/treatment/programme.html", context)


def _new_values(form) -> dict:
    """Return the typed values; which indicator is the master is the service's to say at first."""
    return {name: value for name, value in form.values.items() if name != "is_master"}


def _row(request, word: str, row):
    """Return a row of a measure the person may change, with its measure; else Http404."""
    model = FORMS[word][0]
    near = [f"planned_measure__{name}" for name in NAMED]
    if model is ImplementationStep:
        near += ["responsible_role", "responsible_office"]
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
    form = FORMS[word][1](request.POST, instance=stored, administration=planned.plan.administration)
    return _answer(request, planned, form, saved=form.submit(by=request.user), word=word)


@require_POST
def remove(request, uid, word, row):
    """Delete a step or an indicator."""
    stored = _row(request, word, row)
    try:
        remove_row(row=stored, by=request.user)
        messages.success(request, _("Tolto."))
    except ValidationError as closed:
        messages.error(request, closed.messages[0])
    return redirect("risk:programme", uid=uid)
