"""What the acts of the process sheet share: who may, and how an act is answered."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from registry import presence
from registry.enums import AnnexState
from registry.models import Process
from registry.permissions import roles_on
from registry.responses.shown_at import is_shown_at
from registry.roles import GOVERNING
from risk.content.same_texts import same_texts
from risk.forms.process_sheet.sheet import ConditionsForm, FlowForm, IdentityForm, PresenceForm
from risk.forms.process_sheet.whole import (
    WHOLE,
    WholeConditions,
    WholeFlow,
    WholeIdentity,
    WholePresence,
)
from risk.services.annexes.reconfirmation import editions_of, standing_of
from risk.services.annexes.remarks import may_remark, remarks_of
from risk.services.annexes.returns import remarks_and_beginning
from risk.services.annexes.row_ages import rows_by_age
from risk.services.completeness.points import sheet_notes
from risk.services.completeness.reconfirmation import Standing
from risk.services.process_sheet.ends import done_parts
from risk.services.process_sheet.page import SheetPage, build_sheet, process_of, read_rows
from risk.services.process_sheet.shown_texts import digest_of
from risk.services.process_sheet.unsaved import UnsavedSheet
from risk.views.annexes.undo import say_done

DESCRIPTION = {form.part: form for form in (IdentityForm, FlowForm, ConditionsForm, PresenceForm)}
"""The parts of the description, by the word in their address."""
WHOLE_DESCRIPTION = {
    form.part: form for form in (WholeIdentity, WholeFlow, WholeConditions, WholePresence)
}
"""The same, on the page that is one form."""
SAVED_EVENT = "salvato"
"""Tells the script of the page that all a form has sent is saved."""


def may_change(user, process: Process) -> bool:
    """Return whether the person may change the sheet: the annex is open and the process in use."""
    return not process.is_retired and user.has_perm("registry.change_annex", process)


def changeable(request, uid, *, is_whole: bool = False) -> Process:
    """Return a process to be changed; Http404 out of reach, PermissionDenied for readers."""
    process = process_of(request.user, uid, is_whole=is_whole)
    if not may_change(request.user, process):
        raise PermissionDenied
    return process


def form_of_part(part: str, process: Process, data=None, *, is_whole: bool = False):
    """Return the form of one part of the description, with `is_whole` as one of the whole page."""
    administration = process.annex.plan.administration
    form, prefix = (WHOLE_DESCRIPTION[part], part) if is_whole else (DESCRIPTION[part], None)
    return form(data, instance=process, administration=administration, prefix=prefix)


def sheet_context(
    request, process: Process, *, unsaved: UnsavedSheet | None = None
) -> dict[str, Any]:
    """Return all the page shows; what is `unsaved` is there as typed, with what is wrong."""
    can_change = may_change(request.user, process)
    is_rpct = bool(roles_on(request.user, process.annex) & GOVERNING)
    own_address = reverse("risk:process_sheet", args=[process.uid])
    is_here = is_shown_at(request, own_address)
    # what is put into the page with a script has a form each
    is_whole = can_change and not request.htmx
    read_rows(process)
    sheet = build_sheet(
        process,
        notes=sheet_notes(process),
        can_change=can_change,
        is_rpct=is_rpct,
        owner=WHOLE if is_whole else "",
        unsaved=unsaved,
    )
    refused = unsaved.parts if unsaved else {}
    forms = {
        part: refused.get(part) or form_of_part(part, process, is_whole=is_whole)
        for part in DESCRIPTION
    }
    return {
        "process": process,
        "annex": process.annex,
        "sheet": sheet,
        "done": done_parts(process, sheet.notes),
        "forms": forms,
        "others": presence.note(process.uid, by=request.user),
        **_remarks(process, can_change=can_change),
        "may_remark": may_remark(annex=process.annex, process=process, by=request.user),
        "is_elsewhere": not request.user.has_perm("registry.view_annex", process),
        "asked": request.GET.get("riga", ""),
        "opened": request.GET.get("aperta", ""),
        "here": "" if is_here else own_address,
        # what addresses of rows begin with, and need not say on the page itself
        "top": own_address if is_here else "",
        **_standing_told(process, sheet),
        "may_keep": request.user.has_perm("risk.save_to_library", process),
        "reads_all": request.user.has_perm("risk.read_whole_plan", process.annex.plan),
    }


def _standing_told(process: Process, sheet: SheetPage) -> dict[str, Any]:
    """Return how a copy stands to the edition before; its rows are given their editions."""
    context = standing_context(process)
    if context["standing"]:
        sheet.tell_ages({row.uid: row.beside for row in context["aged"]})
    return context


def standing_context(process: Process) -> dict[str, Any]:
    """Return how a copy stands to the edition before, and in which one its words changed last.

    `era` tells whether the page shows it as it is, also of rows of another age, and while it is to
    be confirmed whether it is what the person has before them.
    """
    if (standing := standing_of(process)) is None:
        return {"standing": None}
    editions = editions_of(process.annex)
    aged = rows_by_age(process, standing.kept.since, editions)
    return {
        "standing": standing,
        "since": editions.get(standing.kept.since),
        "aged": aged,
        "era": f"{standing.state}.{digest_of([_to_confirm(standing), *(r.edition for r in aged)])}",
        # asked of what is still to be read: whoever has read it has seen them
        "same": same_texts(process.annex, only=[process.pk]) if standing.is_open else None,
    }


def _to_confirm(standing: Standing) -> str:
    return standing.seen if standing.is_open else ""


def _remarks(process: Process, *, can_change: bool) -> dict[str, Any]:
    """Return the remarks beside the rows; of an annex that was sent back, where one begins too."""
    if not can_change or process.annex.state != AnnexState.RETURNED:
        return {"remarks": remarks_of(process)}
    remarks, back = remarks_and_beginning(process)
    said, after = back.said_of(process), back.after(process)
    return {"remarks": remarks, "back": back, "said_of_it": said, "goes_on_with": after}


def whole_page(request, process: Process, *, unsaved: UnsavedSheet) -> HttpResponse:
    """Show the whole sheet with what could not be saved."""
    # The forms have put what was typed on their rows; the page shows what is saved around it.
    process = process_of(request.user, process.uid, is_shown=True)
    context = sheet_context(request, process, unsaved=unsaved)
    return render(request, "risk/process_sheet/page.html", context)


def back_to(
    request, process: Process, anchor: str, *, message: str = "", done: str = "", added_to: str = ""
):
    """Go back to a place of the sheet; with htmx the answer is its lists of rows, read again.

    What was `done` is said with the button that takes it back, a `message` without scripts alone.
    """
    if done:
        say_done(request, process.annex, done)
    address = reverse("risk:process_sheet", args=[process.uid])
    if request.htmx:
        return redirect(f"{address}?aperta={added_to}" if added_to else address)
    if message:
        messages.success(request, message)
    return redirect(f"{address}#{anchor}")
