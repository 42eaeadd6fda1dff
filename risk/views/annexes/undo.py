"""Taking an act back: the button of its message, the button of the page, Ctrl+Z."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from registry.guards import refusal_of
from registry.hanging import annex_keys, edits_annex
from registry.models import Annex
from registry.readable import grouped
from registry.responses.own_address import own_address
from registry.services.last_act import act_just_done
from registry.services.undo import NotUndoable, Touched, touched_rows, undo
from risk.models import RegisterImport
from risk.services.annexes.lookup import visible_annex
from risk.services.desk.last_act import LastAct, act_by_uid, act_to_take_back
from risk.services.imports import ImportRefusedError, undo_import
from risk.services.imports.apply import may_undo
from risk.services.imports.uploads import is_long
from risk.tasks import ask_undo


def annex_to_act_on(request, uid) -> Annex:
    """Return an annex a person sees, and may change where something is sent; else 404 or 403."""
    annex = visible_annex(request.user, uid)
    if request.method == "POST" and not request.user.has_perm("registry.change_annex", annex):
        raise PermissionDenied
    return annex


def way_back(annex: Annex) -> str:
    """Return what takes back the act this request has just done, for a message; "" of none.

    `templates/registry/_undo_this.html` makes a button of it.
    """
    uid = act_just_done()
    return f"{reverse('risk:undo', args=[annex.uid])} {uid}" if uid else ""


def say_done(request, annex: Annex, text: str) -> None:
    """Say what was done to an annex, with the button that takes it back where that can be."""
    messages.success(request, text, extra_tags=way_back(annex))


def say_imported(request, upload: RegisterImport) -> None:
    """Say what a file has brought in, with the button that takes all of it back."""
    added, changed = (sum(row[place] for row in upload.report["counts"]) for place in (1, 2))
    text = _("Righe aggiunte: %(added)s, righe cambiate: %(changed)s.")
    way = reverse("risk:import_undo", args=[upload.uid]) if may_undo(upload, request.user) else ""
    messages.success(
        request, text % {"added": grouped(added), "changed": grouped(changed)}, extra_tags=way
    )


@require_POST
def undo_act(request, uid):
    """Take back an act of the annex, the last of the person if none is named; only its author may.

    Leads back to the page of this site it was asked from, else to the map.
    """
    annex = annex_to_act_on(request, uid)
    try:
        last = _asked(request, annex)
        if last.upload:
            return _undo_import(request, last) or _back(request, annex)
        act = {"uid": last.record.uid, "at": last.record.at, "cancelled": last.cancelled}
        rows = touched_rows(**act)
        if not _may_undo(request.user, rows, annex):
            raise PermissionDenied
        undone = undo(**act, by=request.user)
    except (NotUndoable, ImportRefusedError) as refusal:
        messages.error(request, str(refusal))
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
    except IntegrityError as refusal:
        # what was there before has no room any more: its number is another row's since
        messages.error(request, refusal_of(refusal))
    else:
        text = ngettext(
            "Operazione annullata: %(n)s riga è tornata com’era.",
            "Operazione annullata: %(n)s righe sono tornate com’erano.",
            undone,
        )
        messages.success(request, f"{text % {'n': grouped(undone)}} {_what(last)}")
    return _back(request, annex)


@require_safe
def last_act_of(request, uid):
    """Answer a page with its button that takes the person's last act back; else lead to the map."""
    annex = annex_to_act_on(request, uid)
    if not request.htmx:
        return redirect("risk:mapping", annex.uid)
    try:
        last = act_to_take_back(annex=annex, by=request.user)
    except NotUndoable:
        last = None
    context = {"annex": annex, "last": last, "back": request.htmx.current_url_abs_path or ""}
    return render(request, "risk/annexes/_undo_form.html", context)


def _asked(request, annex: Annex) -> LastAct:
    """Return the act to take back: the one named, which has to be the person's, else their last."""
    if "act" not in request.POST:
        return act_to_take_back(annex=annex, by=request.user)
    try:
        uid = UUID(request.POST["act"])
    except ValueError as error:
        raise PermissionDenied from error
    if (named := act_by_uid(annex=annex, by=request.user, uid=uid)) is None:
        raise PermissionDenied
    return named


def _back(request, annex: Annex):
    """Lead back to the page of this site the undoing was asked from, else to the map."""
    if back := own_address(request.POST.get("torna", "")):
        return redirect(back)
    return redirect("risk:mapping", annex.uid)


def _undo_import(request, last: LastAct):
    """Take an import back; where that takes long, return the way to the page of its job."""
    if is_long(last.upload):
        return redirect("registry:job", ask_undo(register_import=last.upload, by=request.user).uid)
    undo_import(register_import=last.upload, by=request.user)
    said = _("L’importazione è annullata: il registro è tornato com’era prima.")
    messages.success(request, f"{said} {_what(last)}")
    return None


def _what(last: LastAct) -> str:
    return _("Era: %(what)s.") % {"what": last.sentence}


def _may_undo(user, rows: list[Touched], annex: Annex) -> bool:
    """Return whether the rows an act touched are content of the annex, and the person's own doing.

    The annex itself is moved on by further acts of its own, and never taken back here. What is gone
    says how it was before, which another may have written.
    """
    are_content = all(edits_annex(row.model) and row.model is not Annex for row in rows)
    are_theirs = all(row.after is None or row.after.history_user_id == user.pk for row in rows)
    records = filter(None, (row.after or row.before for row in rows))
    hang_here = annex_keys([record.instance for record in records]) == {annex.pk}
    return are_content and are_theirs and hang_here
