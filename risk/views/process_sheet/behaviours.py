"""Behaviours of the sheet and the matrix that ties them to phases and actions."""

from functools import partial

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from risk.enums import RowKind
from risk.forms.process_sheet.sheet import NewBehaviourForm
from risk.models import RiskBehaviour
from risk.services.completeness.points import sheet_notes
from risk.services.mapping.behaviours import move_behaviour, remove_behaviour
from risk.services.process_sheet.acts import add_behaviour, change_coverage, change_words
from risk.services.process_sheet.page import add_notes, build_matrix
from risk.views.process_sheet.boxes import SHOWN, TICKED, boxes_sent, words_sent
from risk.views.process_sheet.parts import back_to, changeable
from risk.views.process_sheet.rows import add_row, first_message, form_of_row, remove_row, save_row


def _behaviour(process, row) -> RiskBehaviour:
    """Return a behaviour of the process; one of another process is not found."""
    behaviour = get_object_or_404(process.behaviours, uid=row)
    behaviour.process = process
    return behaviour


@require_POST
def add(request, uid):
    """Add a behaviour at the end."""
    process = changeable(request, uid)
    act = partial(add_behaviour, process=process)
    form = NewBehaviourForm(request.POST)
    return add_row(request, process, form, kind=RowKind.BEHAVIOUR, add=act)


@require_POST
def save(request, uid, row):
    """Save the text of a behaviour with its ticks, and move it when a place is asked."""
    process = changeable(request, uid)
    behaviour = _behaviour(process, row)
    form = form_of_row(request, process, RowKind.BEHAVIOUR, behaviour)
    added, removed = words_sent(request.POST)
    if form.is_valid() and (any(added.values()) or any(removed.values())):
        try:
            change_words(behaviour=behaviour, added=added, removed=removed, by=request.user)
        except ValidationError as error:
            form.add_error(None, first_message(error))

    def move(place: int) -> None:
        move_behaviour(behaviour=behaviour, position=place, by=request.user)

    return save_row(request, process, form, RowKind.BEHAVIOUR, move=move)


@require_http_methods(["GET", "POST"])
def remove(request, uid, row):
    """Say what goes with a behaviour, and delete it."""
    process = changeable(request, uid)
    behaviour = process.behaviours.filter(uid=row).first()
    if request.method == "POST":
        act = behaviour and partial(remove_behaviour, behaviour=behaviour, by=request.user)
        return remove_row(request, process, anchor="comportamenti", remove=act)
    behaviour = _behaviour(process, row)
    question = "risk/process_sheet/_remove_behaviour.html"
    context = {
        "process": process,
        "behaviour": behaviour,
        "covered": behaviour.coverages.count(),
        "assessed": behaviour.assessments.count(),
        "treated": behaviour.measure_targets.count(),
        "question": question,
    }
    return render(request, question if request.htmx else "risk/process_sheet/ask.html", context)


@require_POST
def matrix(request, uid):
    """Tick and untick boxes: one with htmx, all that changed with the button of the matrix."""
    process = changeable(request, uid)
    message = ""
    try:
        now, shown = boxes_sent(request.POST, TICKED), boxes_sent(request.POST, SHOWN)
        change_coverage(process=process, added=now - shown, removed=shown - now, by=request.user)
    except ValidationError as error:
        message = first_message(error)
    if not request.htmx:
        if message:
            messages.error(request, message)
        return back_to(request, process, "matrice", message="" if message else _("Salvato."))
    sheet = build_matrix(process)
    add_notes(sheet, sheet_notes(process))
    context = {"process": process, "sheet": sheet, "message": message}
    return render(request, "risk/process_sheet/_matrix_saved.html", context)
