"""Pasting a block copied from a spreadsheet: the text, its preview, its confirmation.

Nothing is kept between the two steps: the preview sends the text and its digest again, with the
field of each column and the cells that were mended in it.
"""

import re
from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from registry.guards import refusal_of
from registry.models import Annex, Process
from risk.services.mapping.paste.arranging import MOST_COLUMNS, mended, offered_columns
from risk.services.mapping.paste.blocks import Arrangement, PasteRefused
from risk.services.mapping.paste.over import preview_over, take_over
from risk.services.mapping.paste.phases import ORDER as PHASE_ORDER
from risk.services.mapping.paste.phases import phase_columns, preview_phases, take_phases
from risk.services.mapping.paste.processes import (
    preview_processes,
    process_columns,
    process_order,
    take_processes,
)

_CELL = re.compile(r"cella-(\d{1,7})-(\d{1,3})")
_STARTS = {
    "number": "number",
    "title": "process",
    "kind": "kind",
    "macroprocess": "macroprocess",
    "risk_area": "area",
    "risk_presence": "presence",
}
"""The column of a block that each cell of the map is."""


@require_http_methods(["GET", "HEAD", "POST"])
def processes(request, uid):
    """Paste processes into the map of an annex."""
    annex = get_object_or_404(Annex.objects.visible_to(request.user).with_names(), uid=uid)
    if not request.user.has_perm("registry.change_annex", annex):
        raise PermissionDenied
    options = {
        "annex": annex,
        "follow_on": bool(request.POST.get("di_seguito")),
        "arrangement": _arrangement(request.POST),
    }
    first = _first_row(annex, request.POST.get("riga", ""))
    context = {
        "annex": annex,
        "first": first,
        "over": first is not None and request.POST.get("dove") == "sopra",
        "follow_on": options["follow_on"],
        "of_processes": True,
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


def _first_row(annex: Annex, uid: str) -> Process | None:
    """Return the row of the map that was pasted into, None for none of this map."""
    try:
        rows = annex.processes.filter(retired_on__isnull=True)
        return rows.filter(uid=uid).first() if uid else None
    except ValidationError:
        return None


@require_http_methods(["GET", "HEAD", "POST"])
def phases(request, uid):
    """Paste phases into a process."""
    rows = Process.objects.visible_to(request.user).select_related(
        "annex__plan__administration", "annex__office__administration"
    )
    process = get_object_or_404(rows, uid=uid)
    if not request.user.has_perm("registry.change_annex", process):
        raise PermissionDenied
    options = {"process": process, "arrangement": _arrangement(request.POST)}
    context = {
        "annex": process.annex,
        "process": process,
        "columns": phase_columns(process),
        "order": PHASE_ORDER,
        "address": _sheet(process),
    }
    take, preview = partial(take_phases, **options), partial(preview_phases, **options)
    return _paste(request, context, preview, take)


def _arrangement(posted) -> Arrangement:
    """Return what was said of the columns; nothing where they were not yet asked about."""
    names = [f"colonna-{place}" for place in range(MOST_COLUMNS)]
    chosen = tuple(posted.get(name, "") for name in names) if names[0] in posted else None
    start = _STARTS.get(posted.get("inizio", ""), "")
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


def _paste(request, context: dict[str, Any], preview: Callable, take: Callable):
    """Show the text area; with a text, its preview; with a digest, take what was previewed."""
    context["text"], over = request.POST.get("testo", ""), context.get("over")
    if request.method != "POST":
        return render(request, "risk/mapping/paste.html", context)
    try:
        context["text"] = text = _mended(request.POST)
        if request.POST.get("digest") and "conferma" in request.POST:
            taken = take(text=text, digest=request.POST["digest"], by=request.user)
            told = _("Righe cambiate: %(count)d.") if over else _("Righe aggiunte: %(count)d.")
            messages.success(request, told % {"count": len(taken)})
            return redirect(context["address"])
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
        arrangement=_arrangement(request.POST),
        preview=context.get("preview"),
    )
    return render(request, "risk/mapping/paste.html", context)
