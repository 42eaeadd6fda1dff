"""Phases and actions of the sheet: add, save, move, cut in two, join, delete."""

from functools import partial

from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from registry.models import Action, Phase
from registry.services.phases import move_action, move_phase, remove_action, remove_phase
from risk.enums import RowKind
from risk.forms.process_sheet.sheet import MergeForm, NewStepForm, SplitForm
from risk.services.process_sheet.acts import (
    Half,
    StalePhase,
    add_action,
    add_phase,
    merge_phases,
    split_phase,
)
from risk.services.process_sheet.page import EXECUTED
from risk.views.process_sheet.parts import back_to, changeable
from risk.views.process_sheet.rows import add_row, first_message, form_of_row, remove_row, save_row

get_or_post = require_http_methods(["GET", "POST"])


def _phase(process, row) -> Phase:
    """Return a phase of the process; a phase of another one is not found."""
    phases = process.phases.select_related(*EXECUTED).prefetch_related("actions")
    phase = get_object_or_404(phases, uid=row)
    phase.process = process
    return phase


def _action(process, row) -> Action:
    actions = Action.objects.filter(phase__process=process).select_related("phase", *EXECUTED)
    return get_object_or_404(actions, uid=row)


@require_POST
def add(request, uid):
    """Add a phase at the end."""
    process = changeable(request, uid)
    act = partial(add_phase, process=process)
    return add_row(request, process, NewStepForm(request.POST), kind=RowKind.PHASE, add=act)


@require_POST
def save(request, uid, row):
    """Save a phase, and move it when a place is asked."""
    process = changeable(request, uid)
    phase = get_object_or_404(process.phases.select_related(*EXECUTED), uid=row)
    form = form_of_row(request, process, RowKind.PHASE, phase)

    def move(place: int) -> None:
        move_phase(phase=phase, position=place, by=request.user)

    return save_row(request, process, form, RowKind.PHASE, move=move)


@get_or_post
def split(request, uid, row):
    """Ask where to cut a phase, and cut it."""
    process = changeable(request, uid)
    phase = _phase(process, row)
    cut = request.GET.get("taglio", "")
    posted = request.POST if request.method == "POST" else None
    form = SplitForm(posted, phase=phase, cut=int(cut) if cut.isdecimal() else None)
    if posted is not None and form.is_valid():
        values = form.cleaned_data
        try:
            half = split_phase(
                phase=phase,
                version=values["version"],
                first=Half(values["title"], values["description"]),
                second=Half(values["second_title"], values["second_description"]),
                second_uid=values["second_uid"],
                actions_from=values["actions_from"],
                by=request.user,
            )
            return back_to(request, process, f"fase-{half.uid}", done=_("Fase divisa in due."))
        except StalePhase:
            form = _stale(form, phase)
        except ValidationError as error:
            form.add_error(None, first_message(error))
    context = {"process": process, "phase": phase, "form": form}
    return _ask(request, "risk/process_sheet/_split.html", context)


@get_or_post
def merge(request, uid, row):
    """Ask for the texts of two phases made one, and join them."""
    process = changeable(request, uid)
    phase = _phase(process, row)
    following = process.phases.filter(position__gt=phase.position).order_by("position").first()
    if following is None:
        return back_to(request, process, f"fase-{row}")
    posted = request.POST if request.method == "POST" else None
    form = MergeForm(posted, phase=phase, following=following)
    if posted is not None and form.is_valid():
        values = form.cleaned_data
        try:
            merge_phases(
                phase=phase,
                version=values["version"],
                following_uid=values["following"],
                joined=Half(values["title"], values["description"]),
                by=request.user,
            )
            return back_to(request, process, f"fase-{row}", done=_("Le due fasi sono una."))
        except StalePhase:
            form = _stale(form, phase)
        except ValidationError as error:
            form.add_error(None, first_message(error))
    context = {"process": process, "phase": phase, "following": following, "form": form}
    return _ask(request, "risk/process_sheet/_merge.html", context)


@get_or_post
def remove(request, uid, row):
    """Say what goes with a phase, and delete it."""
    process = changeable(request, uid)
    phase = process.phases.filter(uid=row).first()
    if request.method == "POST":
        act = phase and partial(remove_phase, phase=phase, by=request.user)
        return remove_row(request, process, anchor="fasi", remove=act)
    phase = _phase(process, row)
    behaviours = process.behaviours.filter(coverages__phase=phase) | process.behaviours.filter(
        coverages__action__phase=phase
    )
    context = {"process": process, "phase": phase, "behaviours": behaviours.distinct()}
    return _ask(request, "risk/process_sheet/_remove_phase.html", context)


@require_POST
def action_add(request, uid, row):
    """Add an action at the end of a phase."""
    process = changeable(request, uid)
    act = partial(add_action, phase=_phase(process, row))
    form = NewStepForm(request.POST)
    return add_row(request, process, form, kind=RowKind.ACTION, add=act, opened=str(row))


@require_POST
def action_save(request, uid, row):
    """Save an action, and move it when a place is asked."""
    process = changeable(request, uid)
    action = _action(process, row)
    form = form_of_row(request, process, RowKind.ACTION, action)

    def move(place: int) -> None:
        move_action(action=action, position=place, by=request.user)

    return save_row(request, process, form, RowKind.ACTION, move=move)


@get_or_post
def action_remove(request, uid, row):
    """Say what goes with an action, and delete it."""
    process = changeable(request, uid)
    action = Action.objects.filter(phase__process=process, uid=row).first()
    if request.method == "POST":
        act = action and partial(remove_action, action=action, by=request.user)
        return remove_row(request, process, anchor="fasi", remove=act)
    action = _action(process, row)
    behaviours = process.behaviours.filter(coverages__action=action)
    context = {"process": process, "action": action, "behaviours": behaviours}
    return _ask(request, "risk/process_sheet/_remove_action.html", context)


def _stale(form, phase: Phase):
    """Return the form with the version of the phase as it is now, and why it was not obeyed."""
    form.add_error(None, _("La fase è stata modificata nel frattempo: rileggi e conferma."))
    form.data = form.data.copy()
    form.data["version"] = phase.version
    return form


def _ask(request, question: str, context):
    """Show a question: a fragment beside the row with htmx, else a page of its own."""
    template = question if request.htmx else "risk/process_sheet/ask.html"
    return render(request, template, {**context, "question": question})
