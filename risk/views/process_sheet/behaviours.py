"""Behaviours of the sheet and the matrix that ties them to phases and actions."""

from functools import partial

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from risk.enums import RowKind
from risk.forms.process_sheet import BehaviourForm, NewBehaviourForm
from risk.models import RiskBehaviour
from risk.services.completeness.points import sheet_notes
from risk.services.mapping.behaviours import move_behaviour, remove_behaviour
from risk.services.process_sheet.acts import (
    WORDS,
    Pair,
    add_behaviour,
    change_coverage,
    change_words,
)
from risk.services.process_sheet.page import add_notes, build_matrix
from risk.services.process_sheet.row_keys import key_in
from risk.views.process_sheet.parts import back_to, changeable
from risk.views.process_sheet.rows import add_row, first_message, remove_row, save_row

LONGEST_MATRIX = 20_000
"""Boxes one request may name: more than any matrix has."""


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
    administration = process.annex.plan.administration
    form = BehaviourForm(request.POST, instance=behaviour, administration=administration)
    added, removed = _ticks(request.POST)
    if form.is_valid() and (any(added.values()) or any(removed.values())):
        try:
            change_words(behaviour=behaviour, added=added, removed=removed, by=request.user)
        except ValidationError as error:
            form.add_error(None, first_message(error))

    def move(place: int) -> None:
        move_behaviour(behaviour=behaviour, position=place, by=request.user)

    return save_row(request, process, form, RowKind.BEHAVIOUR, move=move)


def _ticks(data: QueryDict) -> tuple[dict[str, set[str]], dict[str, set[str]]]:
    """Return the codes ticked and unticked since the page was shown, by list.

    Only these are touched, so that what somebody else ticked meanwhile stays.
    """
    now = {name: set(data.getlist(name)) for name in WORDS}
    shown = {name: set(data.get(f"era-{name}", "").split("\t")) - {""} for name in WORDS}
    added = {name: now[name] - shown[name] for name in WORDS}
    return added, {name: shown[name] - now[name] for name in WORDS}


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
        now, shown = _boxes(request.POST.getlist("copre")), _boxes(request.POST.getlist("era"))
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


def _boxes(values: list[str]) -> set[Pair]:
    """Return the boxes named by a form, one or many (parted by blanks) a value."""
    names = [name for value in values for name in value.split()]
    if len(names) > LONGEST_MATRIX:
        raise ValidationError(_("La matrice inviata è troppo grande."))
    try:
        return {_box(name) for name in names}
    except ValueError as error:
        raise ValidationError(_("La pagina non è più valida: ricaricala e riprova.")) from error


def _box(name: str) -> Pair:
    behaviour, _slash, step = name.partition("/")
    return key_in(behaviour), key_in(step)
