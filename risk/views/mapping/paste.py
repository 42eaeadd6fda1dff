"""Pasting a block copied from a spreadsheet: the text, its preview, its confirmation.

Nothing is kept between the two steps: the preview sends the text and its digest again, with the
field of each column and the cells that were mended in it.
"""

import re
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from registry.guards import refusal_of
from registry.models import Process
from registry.readable import grouped
from risk.services.annexes.lookup import visible_annex
from risk.services.mapping.paste.arranging import MOST_COLUMNS, mended, offered_columns
from risk.services.mapping.paste.blocks import Arrangement, PasteRefused
from risk.services.mapping.paste.measures import ORDER as MEASURE_ORDER
from risk.services.mapping.paste.measures import measure_columns, preview_measures, take_measures
from risk.services.mapping.paste.over import preview_over, take_over
from risk.services.mapping.paste.phases import (
    phase_columns,
    phase_order,
    preview_phases,
    take_phases,
)
from risk.services.mapping.paste.phases_over import preview_phases_over, take_phases_over
from risk.services.mapping.paste.processes import (
    preview_processes,
    process_columns,
    process_order,
    take_processes,
)
from risk.views.annexes.undo import say_done
from risk.views.mapping.grid import page_of

_CELL = re.compile(r"cella-(\d{1,7})-(\d{1,3})")
_MAP_CELLS = {
    "number": "number",
    "title": "process",
    "kind": "kind",
    "macroprocess": "macroprocess",
    "risk_area": "area",
    "risk_presence": "presence",
}
"""The column of a block that each cell of the map is."""
_PHASE_CELLS = {"title": "title", "executor_role": "role", "executor_office": "office"}
"""The same of the row of a phase on the sheet."""


@require_http_methods(["GET", "HEAD", "POST"])
def processes(request, uid):
    """Paste processes into the map of an annex."""
    annex = visible_annex(request.user, uid)
    if not request.user.has_perm("registry.change_annex", annex):
        raise PermissionDenied
    options = {
        "annex": annex,
        "follow_on": bool(request.POST.get("di_seguito")),
        "arrangement": _arrangement(request.POST, _MAP_CELLS),
    }
    in_use = annex.processes.filter(retired_on__isnull=True)
    first = _row_named(in_use, request.POST.get("riga", ""))
    context = {
        "of": "processes",
        "annex": annex,
        "arrangement": options["arrangement"],
        "first": first,
        "first_named": first and first.printed,
        "over": first is not None and request.POST.get("dove") == "sopra",
        "follow_on": options["follow_on"],
        "start": request.POST.get("inizio", ""),
        "columns": process_columns(annex),
        "order": process_order(options["arrangement"]),
        "address": reverse("risk:mapping", args=[annex.uid]),
    }
    if context["over"]:
        over = {"annex": annex, "first": first, "arrangement": options["arrangement"]}
        return _paste(request, context, partial(preview_over, **over), partial(take_over, **over))
    take, preview = partial(take_processes, **options), partial(preview_processes, **options)
    return _paste(request, context, preview, take)


def _row_named(rows, uid: str):
    """Return the row that was pasted into, None for none of these."""
    try:
        return rows.filter(uid=uid).first() if uid else None
    except ValidationError:
        return None


def _process(request, uid) -> Process:
    """Return a process that the person may change; else 404 or 403."""
    rows = Process.objects.visible_to(request.user).select_related(
        "annex__plan__administration", "annex__office__administration"
    )
    process = get_object_or_404(rows, uid=uid)
    if not request.user.has_perm("registry.change_annex", process):
        raise PermissionDenied
    return process


@require_http_methods(["GET", "HEAD", "POST"])
def phases(request, uid):
    """Paste phases into a process, or over those that are there."""
    process = _process(request, uid)
    options = {"process": process, "arrangement": _arrangement(request.POST, _PHASE_CELLS)}
    first = _row_named(process.phases.all(), request.POST.get("riga", ""))
    # executors alone make no new phase
    where = "" if options["arrangement"].start in ("", "title") else "sopra"
    context = {
        "of": "phases",
        "annex": process.annex,
        **options,
        "first": first,
        "first_named": first and f"{first.position}. {first.title}",
        "over": first is not None and request.POST.get("dove", where) == "sopra",
        "start": request.POST.get("inizio", ""),
        "columns": phase_columns(process),
        "order": phase_order(options["arrangement"]),
        "address": _sheet(process),
    }
    if context["over"]:
        over = {**options, "first": first}
        preview, take = partial(preview_phases_over, **over), partial(take_phases_over, **over)
    else:
        preview, take = partial(preview_phases, **options), partial(take_phases, **options)
    return _paste(request, context, preview, take)


@require_http_methods(["GET", "HEAD", "POST"])
def measures(request, uid):
    """Paste measures, with their steps and indicators, into the treatment of a process."""
    process = _process(request, uid)
    options = {"process": process, "arrangement": _arrangement(request.POST, {})}
    context = {
        "of": "measures",
        "annex": process.annex,
        **options,
        "columns": measure_columns(process),
        "order": MEASURE_ORDER,
        "address": reverse("risk:treatment", args=[process.uid]),
    }
    preview, take = partial(preview_measures, **options), partial(take_measures, **options)
    return _paste(request, context, preview, take)


def _arrangement(posted, cells: Mapping[str, str]) -> Arrangement:
    """Return what was said of the columns; nothing where they were not yet asked about.

    `cells` are the columns of the block by the fields of the page it may begin at.
    """
    names = [f"colonna-{place}" for place in range(MOST_COLUMNS)]
    chosen = tuple(posted.get(name, "") for name in names) if names[0] in posted else None
    start = cells.get(posted.get("inizio", ""), "")
    return Arrangement(chosen=chosen, has_titles="titoli" in posted, start=start)


def _mended(posted) -> str:
    """Return the pasted text with the cells that were written anew in the preview."""
    cells = {
        (int(match[1]), int(match[2])): value
        for name, value in posted.items()
        if (match := _CELL.fullmatch(name))
    }
    return mended(posted.get("testo", ""), cells)


def _sheet(process: Process) -> str:
    try:
        return reverse("risk:process_sheet", args=[process.uid])
    except NoReverseMatch:
        return reverse("risk:mapping", args=[process.annex.uid])


def _where(context: dict[str, Any], taken: list[Any]) -> str:
    """Return where one goes on after pasting: at the first of the rows."""
    if not taken:
        return context["address"]
    if context["of"] == "processes":
        return f"{context['address']}?pagina={page_of(taken[0])}#r-{taken[0].uid}"
    row = "fase" if context["of"] == "phases" else "misura"
    return f"{context['address']}#{row}-{taken[0].uid}"


def _paste(request, context: dict[str, Any], preview: Callable, take: Callable):
    """Show the text area; with a text, its preview; with a digest, take what was previewed."""
    context["text"], over = request.POST.get("testo", ""), context.get("over")
    if request.method != "POST":
        return render(request, "risk/mapping/paste.html", context)
    try:
        context["text"] = text = _mended(request.POST)
        if request.POST.get("digest") and "conferma" in request.POST:
            taken = take(text=text, digest=request.POST["digest"], by=request.user)
            told = _("Righe cambiate: %(count)s.") if over else _("Righe aggiunte: %(count)s.")
            say_done(request, context["annex"], told % {"count": grouped(len(taken))})
            return redirect(_where(context, taken))
    except PasteRefused as refused:
        context["refusal"] = str(refused)
    except ValidationError as error:
        context["refusal"] = " ".join(error.messages)
    except IntegrityError as error:
        context["refusal"] = refusal_of(error)
    try:
        context["preview"] = preview(text=context["text"])
    except PasteRefused as refused:
        context["refusal"] = str(refused)
    context["offered"], context["has_titles"] = offered_columns(
        context["text"],
        columns=context["columns"],
        order=context["order"],
        arrangement=context["arrangement"],
        preview=context.get("preview"),
    )
    return render(request, "risk/mapping/paste.html", context)
