"""The process map of an annex: what it shows, each row saved by itself, and the acts on rows."""

from collections.abc import Callable
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from registry.forms.whole_page import as_of_whole
from registry.guards import refusal_of
from registry.models import Annex, Process
from registry.readable import grouped
from registry.responses.list_files import asked_format, list_file
from registry.services.editing import Saved
from registry.services.lookup import Index
from registry.services.processes import renumber_processes, restore_process, retire_process
from registry.trail.subjects import annex_subject
from risk.forms.mapping.rows import NewProcessForm, ProcessRowForm
from risk.forms.mapping.whole import ABOVE, BELOW, UnsavedMap, WholeNewProcess, WholeProcessRow
from risk.services.annexes.lookup import visible_annex
from risk.services.annexes.reconfirmation import editions_of, standing_of
from risk.services.annexes.row_ages import other_editions
from risk.services.mapping import processes
from risk.services.reporting.listings import map_table, streamed
from risk.views.annexes.undo import say_done, way_back
from risk.views.mapping.cells import form_of
from risk.views.mapping.grid import MapGrid, page_of


def _annex(request, uid) -> Annex:
    return visible_annex(request.user, uid)


def annex_to_change(request, uid) -> Annex:
    """Return an annex to be changed; Http404 out of reach, PermissionDenied for readers."""
    annex = _annex(request, uid)
    if not request.user.has_perm("registry.change_annex", annex):
        raise PermissionDenied
    return annex


def rows_to_save(user) -> QuerySet[Process]:
    """Return the processes a person sees, with all that saving one looks at."""
    return Process.objects.visible_to(user).select_related(
        "annex__plan__administration",
        "annex__office__administration",
        "macroprocess__function",
        "risk_area",
    )


def process_to_change(request, uid) -> Process:
    """Return a process to be changed; Http404 out of reach, PermissionDenied for readers."""
    process = get_object_or_404(rows_to_save(request.user), uid=uid)
    if not request.user.has_perm("registry.change_annex", process):
        raise PermissionDenied
    return process


@require_safe
def show(request, uid):
    """Show the map; with a filter in the address, only the rows that answer to it."""
    grid = MapGrid(request, _annex(request, uid))
    if suffix := asked_format(request):
        table = map_table(grid.annex, streamed(grid.filtered_rows()), grid.levels)
        return list_file(request, table, suffix, name="map", subject=annex_subject(grid.annex))
    return grid.page()


@require_POST
def save(request, uid):
    """Save the fields of one row; nothing at all when one of them cannot stand."""
    process = process_to_change(request, uid)
    index = Index(administration=process.annex.plan.administration)
    if request.htmx:
        form = ProcessRowForm(request.POST, instance=process, index=index)
        return _row_answer(request, process, form, save_row(form, by=request.user))
    prefix = form_of(process)
    data = as_of_whole(request.POST, prefix)
    form = WholeProcessRow(data, instance=process, index=index, prefix=prefix)
    saved = save_row(form, by=request.user)
    if saved is None:
        unsaved = UnsavedMap(rows={process.pk: form})
        return MapGrid(request, process.annex, unsaved=unsaved).page()
    say_done(request, process.annex, _("Salvato: n. %(number)s.") % {"number": saved.row.number})
    return redirect(map_url(request, process.annex, process))


def save_row(form: ProcessRowForm, *, by) -> Saved | None:
    """Save a form that is valid; what only the database could refuse becomes an error of it."""
    if not form.is_valid():
        return None
    try:
        with transaction.atomic():
            return form.save_row(by=by)
    except ValidationError as error:
        form.refuse(error)
    except IntegrityError as error:
        form.add_error(None, refusal_of(error))
    return None


def _row_answer(request, process: Process, form: ProcessRowForm, saved) -> HttpResponse:
    """Answer with what changed beside the inputs, never the inputs a person may be typing in.

    Only after a choice between two versions is the row shown again as it was saved.
    """
    if saved is not None:
        process = _with_rows_of(form.instance, saved.row)
    row = MapGrid.row(process, form=None if saved else form)
    if saved is not None and (standing := standing_of(process)):
        others = other_editions(process.annex, only=process.pk).get(process.pk, ())
        row = row.as_copy(standing, editions_of(process.annex), others)
    context = {"row": row, "saved": saved, "whole": saved and "scelta" in request.POST}
    context |= {"form": form, "query": request.GET.urlencode()}
    return render(request, "risk/mapping/_saved.html", context)


def _with_rows_of(known: Process, process: Process) -> Process:
    """Give a saved process the related rows already read, so that they are not read again."""
    for name in ("annex", "macroprocess", "risk_area"):
        row = getattr(known, name)
        if row is not None and row.pk == getattr(process, f"{name}_id"):
            setattr(process, name, row)
    return process


@require_POST
def add(request, uid):
    """Add a process at the end, or after the one named `dopo`."""
    annex = annex_to_change(request, uid)
    after = None
    if request.POST.get("dopo"):
        after = get_object_or_404(Process.objects.filter(annex=annex), uid=request.POST["dopo"])
    index = Index(administration=annex.plan.administration)
    place = ABOVE if "sopra" in request.POST else BELOW
    if request.htmx:
        form = NewProcessForm(request.POST, index=index, annex=annex)
    else:
        data = as_of_whole(request.POST, place)
        form = WholeNewProcess(data, index=index, annex=annex, prefix=place)
    process = add_typed(form, annex=annex, after=after, by=request.user)
    if process is None:
        unsaved = UnsavedMap(new={place: form})
        return MapGrid(request, annex, unsaved=unsaved, index=index).answer()
    message = _("Aggiunto: n. %(number)s.") % {"number": process.number}
    return _done(request, annex, message, process, stay=after is None, is_next=True)


def add_typed(form: NewProcessForm, *, annex: Annex, after: Process | None, by) -> Process | None:
    """Add what a form asks for; None when it is refused, and the form says why."""
    if not form.is_valid():
        return None
    try:
        return processes.add_process(annex=annex, values=form.cleaned_data, after=after, by=by)
    except ValidationError as error:
        form.add_error(None, error.messages)
    return None


@require_POST
def renumber_all(request, uid):
    """Number the processes in use from 1, in their order."""
    return renumber(request, annex_to_change(request, uid))


def renumber(request, annex: Annex) -> HttpResponse:
    """Number the processes of an annex in use from 1, and answer."""
    count = renumber_processes(annex=annex, by=request.user)
    message = _("Numeri cambiati: %(count)s.") % {"count": grouped(count)}
    return _done(request, annex, message if count else _("I numeri erano già in ordine."))


@require_POST
def row_act(request, uid, verb):
    """Do one act on a row: duplica, su, giu, archivia, ripristina."""
    if verb not in ROW_ACTS:
        raise Http404
    return ROW_ACTS[verb](request, process_to_change(request, uid))


def _duplicate(request, process: Process) -> HttpResponse:
    copy = processes.duplicate_process(process=process, by=request.user)
    message = _("Duplicato: n. %(number)s, senza valutazioni né misure.") % {"number": copy.number}
    return _done(request, process.annex, message, copy)


def _move_up(request, process: Process) -> HttpResponse:
    return _move(request, process, up=True)


def _move_down(request, process: Process) -> HttpResponse:
    return _move(request, process, up=False)


def _move(request, process: Process, *, up: bool) -> HttpResponse:
    moved = processes.move_by_one(process=process, up=up, by=request.user)
    message = (
        _("Spostato: n. %(number)s.") if moved else _("n. %(number)s è già in fondo alla mappa.")
    )
    if not moved and up:
        message = _("n. %(number)s è già in cima alla mappa.")
    return _done(request, process.annex, message % {"number": process.number}, process, stay=True)


def archive(request, process: Process, unsaved: UnsavedMap | None = None) -> HttpResponse:
    """Archive a row; a refusal is said on the page, with what else is `unsaved` of it."""
    try:
        if not process.is_retired:
            reason = " ".join(request.POST.get("motivo", "").split())
            retire_process(process=process, reason=reason, by=request.user)
    except ValidationError as error:
        unsaved = unsaved or UnsavedMap()
        unsaved.notes[str(process.uid)] = " ".join(error.messages)
        return MapGrid(request, process.annex, unsaved=unsaved).answer()
    message = _("In archivio: n. %(number)s.") % {"number": process.number}
    return _done(request, process.annex, message)


def _restore(request, process: Process) -> HttpResponse:
    restore_process(process=process, by=request.user)
    message = _("Di nuovo nella mappa: n. %(number)s.") % {"number": process.number}
    return _done(request, process.annex, message, process)


ROW_ACTS: dict[str, Callable[[HttpRequest, Process], HttpResponse]] = {
    "duplica": _duplicate,
    "su": _move_up,
    "giu": _move_down,
    "archivia": archive,
    "ripristina": _restore,
}
"""The acts on one row, by the word in their address."""


def _done(
    request, annex, message: str, process: Process | None = None, *, stay=False, is_next=False
) -> HttpResponse:
    """Answer after an act: the grid again with htmx, else the map by a redirect.

    `process` is the row to look at; `stay` leaves the focus where it is; `is_next` says that one
    more of the same is likely to come.
    """
    if request.htmx:
        grid = MapGrid(request, annex, message=message, shown=process, keep_focus=stay)
        # who adds rows goes on adding: over the next one nothing is said
        grid.way_back = "" if is_next else way_back(annex)
        return grid.answer()
    say_done(request, annex, message)
    if process is None:
        return redirect(map_url(request, annex))
    return go_to(annex, process)


def go_to(annex: Annex, process: Process) -> HttpResponse:
    """Go to a row of the map, whatever was filtered."""
    address = reverse("risk:mapping", args=[annex.uid])
    return redirect(f"{address}?pagina={page_of(process)}#r-{process.uid}")


def map_url(
    request, annex: Annex, process: Process | None = None, *, opened: UUID | None = None
) -> str:
    """Return the address of the map with the filters a person has set, at a row.

    The row `opened` has all its acts written out.
    """
    asked = request.GET.copy()
    if opened:
        asked["riga"] = str(opened)
    query, row = asked.urlencode(), process.uid if process is not None else opened
    address = reverse("risk:mapping", args=[annex.uid]) + (f"?{query}" if query else "")
    return f"{address}#r-{row}" if row else address
