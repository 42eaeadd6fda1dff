"""How a phase, an action or a behaviour is saved, moved, added and deleted from its row."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django_htmx.http import retarget, trigger_client_event

from registry.forms.whole_page import as_of_whole
from registry.models import Phase, Process
from risk.enums import RowKind
from risk.forms.process_sheet.sheet import (
    ActionForm,
    BehaviourForm,
    PhaseForm,
    PlaceForm,
    SheetForm,
)
from risk.forms.process_sheet.whole import WholeAction, WholeBehaviour, WholePhase
from risk.services.completeness.points import phase_notes
from risk.services.process_sheet.choices import ListChoice
from risk.services.process_sheet.row_keys import key_in, key_of
from risk.services.process_sheet.shown_rows import SheetRow
from risk.services.process_sheet.unsaved import UnsavedSheet
from risk.views.process_sheet.parts import SAVED_EVENT, back_to, whole_page


def first_message(error: ValidationError | Any) -> str:
    """Return what a refusal says, in one sentence."""
    sentences = error.messages if isinstance(error, ValidationError) else sum(error.values(), [])
    return str(sentences[0])


ROW_FORMS: dict[RowKind, tuple[type[SheetForm], type[SheetForm]]] = {
    RowKind.PHASE: (PhaseForm, WholePhase),
    RowKind.ACTION: (ActionForm, WholeAction),
    RowKind.BEHAVIOUR: (BehaviourForm, WholeBehaviour),
}
"""The form of a row by kind: its own, and as one of the whole page."""


def form_of_row(request, process: Process, kind: RowKind, row) -> SheetForm:
    """Return the form of a row as it was sent: without scripts it goes back to the whole page."""
    own, of_whole = ROW_FORMS[kind]
    body = process.annex.plan.administration
    if request.htmx:
        return own(request.POST, instance=row, administration=body)
    key = key_of(row.uid)
    data = as_of_whole(request.POST, key)
    return of_whole(data, instance=row, administration=body, prefix=key)


def save_row(
    request, process: Process, form: SheetForm, kind: RowKind, *, move: Callable[[int], Any]
) -> HttpResponse:
    """Save the form of one row; then move the row when a button with a place was pressed."""
    saved = form.submit(by=request.user)
    place = PlaceForm(request.POST)
    if saved is not None and not form.errors and place.is_valid():
        move(place.cleaned_data["posto"])
        return back_to(request, process, f"{kind.word}-{saved.row.uid}", done=_("Riga spostata."))
    if not request.htmx:
        if saved is None or form.errors:
            unsaved = UnsavedSheet(rows={key_of(form.instance.uid): form})
            return whole_page(request, process, unsaved=unsaved)
        return back_to(request, process, f"{kind.word}-{saved.row.uid}", message=_("Salvato."))
    if saved is not None and (saved.merged or form.has_settled):
        # somebody else's words are in the row now: every field must show them
        return back_to(request, process, f"{kind.word}-{saved.row.uid}")
    row = SheetRow(
        obj=saved.row if saved else form.instance,
        place=0,
        last=0,
        number="",
        kind=kind,
        form=None if saved else form,
        categories=_ticked(request, "categories"),
        factors=_ticked(request, "factors"),
    )
    context = {"row": row, "saved": saved}
    if kind == RowKind.PHASE:
        # what was refused is on the row, and not in the register
        row.notes = phase_notes(saved.row if saved else Phase.objects.get(pk=row.obj.pk))
    elif kind == RowKind.ACTION and saved:
        # it may be what gives its phase an executor
        phase = row.obj.phase
        context |= {"of_phase": key_of(phase.uid), "phase_notes": phase_notes(phase)}
    answer = render(request, "risk/process_sheet/_row_saved.html", context)
    return trigger_client_event(answer, SAVED_EVENT) if saved else answer


def _ticked(request, name: str) -> list[ListChoice]:
    """Return the words ticked on the page: from now on only what differs from them is a change."""
    return [ListChoice(code, "", chosen=True) for code in request.POST.getlist(name)]


def add_row(
    request, process: Process, form, *, kind: RowKind, add: Callable[..., Any], opened: str = ""
) -> HttpResponse:
    """Add a row from a form of one field; a refusal goes back with its message, the text kept."""
    message = ""
    if form.is_valid():
        try:
            row = add(**form.cleaned_data, by=request.user)
            return back_to(request, process, f"{kind.word}-{row.uid}", added_to=opened)
        except ValidationError as error:
            message = first_message(error)
    else:
        message = first_message(form.errors)
    typed = form.data.get("title") or form.data.get("text") or ""
    context = {
        "message": message,
        "typed": typed,
        "field_name": "text" if "text" in form.fields else "title",
        "form": form,
        "process": process,
    }
    if request.htmx:
        response = render(request, "risk/process_sheet/_refused.html", context)
        place = key_in(opened) if opened else kind.word
        return retarget(response, f"#errore-nuova-{place}")
    return render(request, "risk/process_sheet/again.html", context | {"address": request.path})


def remove_row(request, process: Process, *, anchor: str, remove: Callable[[], Any] | None):
    """Delete a row, or do nothing when it is gone already; back to its list."""
    done = ""
    if remove is not None:
        try:
            remove()
            done = _("Riga tolta.")
        except ValidationError as error:
            messages.error(request, first_message(error))
    return back_to(request, process, anchor, done=done)
