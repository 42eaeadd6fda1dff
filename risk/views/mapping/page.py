"""The process map of an annex: one page, one row a process, each row saved by itself."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from registry.guards import refusal_of
from registry.models import Annex, Process
from registry.readable import grouped
from registry.responses.list_files import asked_format, list_file
from registry.services.lookup import Index
from registry.services.processes import renumber_processes, restore_process, retire_process
from registry.trail.subjects import annex_subject
from risk.forms.mapping.rows import NewProcessForm, ProcessRowForm
from risk.services.annexes.lookup import visible_annex
from risk.services.mapping import processes
from risk.services.reporting.listings import map_table, streamed
from risk.views.annexes.undo import say_done, way_back
from risk.views.mapping.grid import MapGrid, page_of


def _annex(request, uid) -> Annex:
    return visible_annex(request.user, uid)


def _annex_to_change(request, uid) -> Annex:
    annex = _annex(request, uid)
    if not request.user.has_perm("registry.change_annex", annex):
        raise PermissionDenied
    return annex


def _process_to_change(request, uid) -> Process:
    rows = Process.objects.visible_to(request.user).select_related(
        "annex__plan__administration",
        "annex__office__administration",
        "macroprocess__function",
        "risk_area",
    )
    process = get_object_or_404(rows, uid=uid)
    if not request.user.has_perm("registry.change_annex", process):
        raise PermissionDenied
    return process


@require_safe
def page(request, uid):
    """Show the map; with a filter in the address, only the rows that answer to it."""
    grid = MapGrid(request, _annex(request, uid))
    if suffix := asked_format(request):
        table = map_table(grid.annex, streamed(grid.filtered_rows()), grid.levels)
        return list_file(request, table, suffix, name="map", subject=annex_subject(grid.annex))
    return grid.page()


@require_POST
def save(request, uid):
    """Save the fields of one row; nothing at all when one of them cannot stand."""
    process = _process_to_change(request, uid)
    index = Index(administration=process.annex.plan.administration)
    form = ProcessRowForm(request.POST, instance=process, index=index)
    saved = _save_row(form, by=request.user) if form.is_valid() else None
    if request.htmx:
        return _row_answer(request, process, form, saved)
    if saved is None:
        return MapGrid(request, process.annex, bound=form).page()
    say_done(request, process.annex, _("Salvato: n. %(number)s.") % {"number": saved.row.number})
    return redirect(_map_url(request, process.annex, process))


def _save_row(form: ProcessRowForm, *, by):
    """Save a valid form; what only the database could refuse becomes an error of the form."""
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
    annex = _annex_to_change(request, uid)
    after = None
    if request.POST.get("dopo"):
        after = get_object_or_404(Process.objects.filter(annex=annex), uid=request.POST["dopo"])
    index = Index(administration=annex.plan.administration)
    form = NewProcessForm(request.POST, index=index, annex=annex)
    if not form.is_valid():
        return MapGrid(request, annex, adding=form, index=index).answer()
    try:
        process = processes.add_process(
            annex=annex, values=form.cleaned_data, after=after, by=request.user
        )
    except ValidationError as error:
        form.add_error(None, error.messages)
        return MapGrid(request, annex, adding=form, index=index).answer()
    message = _("Aggiunto: n. %(number)s.") % {"number": process.number}
    return _done(request, annex, message, process, stay=after is None, is_next=True)


@require_POST
def renumber_all(request, uid):
    """Number the processes in use from 1, in their order."""
    annex = _annex_to_change(request, uid)
    count = renumber_processes(annex=annex, by=request.user)
    message = _("Numeri cambiati: %(count)s.") % {"count": grouped(count)}
    return _done(request, annex, message if count else _("I numeri erano già in ordine."))


@require_POST
def row_act(request, uid, verb):
    """Do one act on a row: duplica, su, giu, archivia, ripristina."""
    acts = {
        "duplica": _duplicate,
        "su": _move_up,
        "giu": _move_down,
        "archivia": _archive,
        "ripristina": _restore,
    }
    if verb not in acts:
        raise Http404
    return acts[verb](request, _process_to_change(request, uid))


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


def _archive(request, process: Process) -> HttpResponse:
    try:
        if not process.is_retired:
            reason = " ".join(request.POST.get("motivo", "").split())
            retire_process(process=process, reason=reason, by=request.user)
    except ValidationError as error:
        grid = MapGrid(request, process.annex, noted=(process, " ".join(error.messages)))
        return grid.answer()
    message = _("In archivio: n. %(number)s.") % {"number": process.number}
    return _done(request, process.annex, message)


def _restore(request, process: Process) -> HttpResponse:
    restore_process(process=process, by=request.user)
    message = _("Di nuovo nella mappa: n. %(number)s.") % {"number": process.number}
    return _done(request, process.annex, message, process)


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
        return redirect(_map_url(request, annex))
    number = page_of(process)
    address = reverse("risk:mapping", args=[annex.uid])
    return redirect(f"{address}?pagina={number}#r-{process.uid}")


def _map_url(request, annex: Annex, process: Process | None = None) -> str:
    """Return the address of the map with the filters a person has set, at a row."""
    query = request.GET.urlencode()
    address = reverse("risk:mapping", args=[annex.uid]) + (f"?{query}" if query else "")
    return f"{address}#r-{process.uid}" if process is not None else address
