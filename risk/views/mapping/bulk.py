"""One act on many rows: tick, see what would change, confirm; and take an act back."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.dateparse import parse_datetime
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from registry import clock
from registry.hanging import annex_of, edits_annex
from registry.models import Annex
from registry.normalise import short
from registry.responses.own_address import own_address
from registry.services.undo import NotUndoable, touched_rows, undo
from risk.forms.mapping.bulk import (
    AREA,
    EXECUTOR,
    JUDGEMENT,
    KIND,
    LEVEL,
    MACROPROCESS,
    MEASURE,
    PRESENCE,
    SCOPES,
    BulkForm,
)
from risk.services.desk.last_act import LastAct, act_to_take_back
from risk.services.imports import ImportRefusedError, undo_import
from risk.services.imports.uploads import is_long
from risk.services.mapping import bulk
from risk.tasks import ask_undo

TURN, TURN_CHANGES = "pagina", "cambi"
"""Names of the buttons that turn the page of the rows, and of what would change."""
TICK, NARROW, ENTER = "spunta", "filtra", "invio"
"""Names of the buttons that tick rows, find some of them, and stand for the Enter key."""
CHANGES_A_PAGE = 50
NAMED = 5
"""Rows that are named in a sentence; how many more there are is counted."""
LAST_ACT = "last_act"
"""Key of the session under which the last act of many rows is offered for undoing."""


def _annex(request, uid) -> Annex:
    annexes = Annex.objects.visible_to(request.user).with_names()
    annex = get_object_or_404(annexes, uid=uid)
    if request.method == "POST" and not request.user.has_perm("registry.change_annex", annex):
        raise PermissionDenied
    return annex


def remember_act(request, *, uid, annex: Annex, label: str) -> None:
    """Offer an act just done for undoing, on the pages of its annex."""
    request.session[LAST_ACT] = {
        "uid": str(uid),
        "annex": str(annex.uid),
        "label": label,
        "at": clock.now().isoformat(),
    }


def act_to_undo(request, annex: Annex) -> dict | None:
    """Return the last act of this person on this annex, None when there is none."""
    last = request.session.get(LAST_ACT)
    return last if last and last["annex"] == str(annex.uid) else None


@require_http_methods(["GET", "HEAD", "POST"])
def page(request, uid, kind):
    """Show the rows to tick; with POST show what would change, with `digest` do it."""
    annex = _annex(request, uid)
    context = {"annex": annex, "kind": kind, "kinds": _kinds(), "last": act_to_undo(request, annex)}
    context["may_edit"] = request.user.has_perm("registry.change_annex", annex)
    if request.method != "POST" or _only_draws(request):
        form = _drawn(request, annex, kind)
        return render(request, "risk/mapping/bulk/page.html", {**context, "form": form})
    form = BulkForm(request.POST, annex=annex, kind=kind, page=request.POST.get("qui"))
    if not form.is_valid() or "indietro" in request.POST:
        return render(request, "risk/mapping/bulk/page.html", {**context, "form": form})
    turned = request.POST.get(TURN_CHANGES, "")
    if "digest" not in request.POST or turned:
        context |= _shown(form, _propose(form), page=turned)
        return render(request, "risk/mapping/bulk/preview.html", context)
    try:
        done = _apply(request, annex, kind, form)
    except bulk.ProposalChangedError as changed:
        warning = _("Nel frattempo qualcosa è cambiato: questa è l’anteprima aggiornata.")
        context |= _shown(form, changed.proposal) | {"warning": warning}
        return render(request, "risk/mapping/bulk/preview.html", context)
    except ValidationError as error:
        context |= _shown(form, _propose(form)) | {"warning": " ".join(error.messages)}
        return render(request, "risk/mapping/bulk/preview.html", context)
    label = _done_label(form, done.count)
    remember_act(request, uid=done.uid, annex=annex, label=label)
    messages.success(request, label)
    if done.left:
        messages.warning(request, _left_label(done))
    return redirect("risk:bulk", annex.uid, kind)


def _only_draws(request) -> bool:
    """Return whether a button was pressed that shows other rows, or ticks some: nothing is asked.

    The Enter key does what the field it was pressed in is for.
    """
    if {TURN, TICK, NARROW} & set(request.POST):
        return True
    is_search = request.POST.get("cerca", "") != request.POST.get("cercato", "")
    return ENTER in request.POST and is_search


def _drawn(request, annex: Annex, kind: str) -> BulkForm:
    """Return the form at some page of its rows, with what was ticked and typed so far."""
    asked = request.POST if request.method == "POST" else request.GET
    typed = {**asked.dict(), "righe": request.POST.getlist("righe")}
    tick = request.POST.get(TICK, "")
    page = asked.get(TURN) or (asked.get("qui") if tick else None)
    return BulkForm(annex=annex, kind=kind, page=page, tick=tick, initial=typed)


@require_POST
def undo_act(request, uid):
    """Take back an act of the annex, the last of the person if none is named; only its author may.

    Leads back to the page of this site it was asked from, else to the map.
    """
    annex = _annex(request, uid)
    what = ""
    try:
        last = None if "act" in request.POST else act_to_take_back(annex=annex, by=request.user)
        if last and last.upload:
            return _undo_import(request, last) or _back(request, annex)
        opened, at, cancelled, what = _act_named(request, last)
        rows = touched_rows(uid=opened, at=at, cancelled=cancelled)
        if not rows or not all(_may_undo(request.user, row, annex) for row in rows):
            raise PermissionDenied
        undone = undo(uid=opened, at=at, by=request.user, cancelled=cancelled)
    except ValueError as error:
        raise PermissionDenied from error
    except (NotUndoable, ImportRefusedError) as refusal:
        messages.error(request, str(refusal))
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
    else:
        request.session.pop(LAST_ACT, None)
        text = ngettext(
            "Operazione annullata: %(n)d riga è tornata com’era.",
            "Operazione annullata: %(n)d righe sono tornate com’erano.",
            undone,
        )
        messages.success(request, f"{text % {'n': undone}} {what}".strip())
    return _back(request, annex)


@require_safe
def last_act_of(request, uid):
    """Answer a page with its button that takes the person's last act back; else lead to the map."""
    annex = _annex(request, uid)
    if not request.htmx:
        return redirect("risk:mapping", annex.uid)
    try:
        last = act_to_take_back(annex=annex, by=request.user)
    except NotUndoable:
        last = None
    context = {"annex": annex, "last": last, "back": request.htmx.current_url_abs_path or ""}
    return render(request, "risk/annexes/_undo_form.html", context)


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
    what = _("Era: %(what)s.") % {"what": last.sentence}
    messages.success(request, f"{said} {what}")
    return None


def _act_named(request, last: LastAct | None) -> tuple:
    """Return uid and time of the act to take back, what is cancelled since, and what it was."""
    if last is None:
        at = parse_datetime(request.POST.get("at", ""))
        if at is None:
            raise PermissionDenied
        return UUID(request.POST["act"]), at, (), ""
    what = _("Era: %(what)s.") % {"what": last.sentence}
    return last.record.uid, last.record.at, last.cancelled, what


def _may_undo(user, row, annex: Annex) -> bool:
    """Return whether a row an act touched is content of the annex, and the person's own doing.

    The annex itself is moved on by further acts of its own, and never taken back here.
    """
    record = row.after or row.before
    is_of_annex = edits_annex(row.model) and annex_of(record.instance) == annex
    return is_of_annex and row.model is not Annex and record.history_user_id == user.pk


def _kinds() -> list[tuple[str, str]]:
    labels = (_("Processi"), _("Fasi"), _("Comportamenti"))
    return list(zip(SCOPES, labels, strict=True))


def _shown(form: BulkForm, proposal: bulk.BulkProposal, page: str = "1") -> dict:
    """Return what the preview shows: a page of the changes; the digest is of all."""
    changes = Paginator(proposal.changes, CHANGES_A_PAGE).get_page(page or "1")
    return {"form": form, "proposal": proposal, "changes": changes}


def _arguments(form: BulkForm) -> dict[str, Any]:
    """Return what the service of the chosen act is told, rows and values."""
    values, rows = form.cleaned_data, form.chosen()
    act = values["atto"]
    named = {name: values[field] for name, field in _ACTS[act].values.items()}
    return {_ACTS[act].rows: rows, **named}


def _propose(form: BulkForm) -> bulk.BulkProposal:
    return _ACTS[form.cleaned_data["atto"]].propose(**_arguments(form))


def _apply(request, annex: Annex, kind: str, form: BulkForm) -> bulk.BulkDone:
    act = form.cleaned_data["atto"]
    scope = {"scope": SCOPES[kind]} if act == MEASURE else {}
    common = {"annex": annex, "digest": request.POST["digest"], "by": request.user}
    return _ACTS[act].apply(**_arguments(form), **scope, **common)


def _done_label(form: BulkForm, count: int) -> str:
    label = ngettext("%(done)s su %(n)d riga", "%(done)s su %(n)d righe", count)
    done = _ACTS[form.cleaned_data["atto"]].done
    return (label % {"done": done, "n": count}).capitalize()


def _left_label(done: bulk.BulkDone) -> str:
    """Return which rows were left because somebody has changed them since the preview."""
    named = "; ".join(f"«{short(str(row))}»" for row in done.left[:NAMED])
    rest = len(done.left) - NAMED
    if rest > 0:
        more = ngettext("e un’altra", "e altre %(n)d", rest) % {"n": rest}
        named = f"{named} {more}"
    label = ngettext(
        "Nel frattempo è cambiata, e resta com’è: %(rows)s.",
        "Nel frattempo sono cambiate, e restano come sono: %(rows)s.",
        len(done.left),
    )
    return label % {"rows": named}


@dataclass(frozen=True)
class _BulkAct:
    """An act: its two services, how they call the rows and its values, and what is said after."""

    propose: Callable[..., bulk.BulkProposal]
    apply: Callable[..., bulk.BulkDone]
    rows: str
    values: Mapping[str, str]
    """Fields of the form by the names that the services give them."""
    done: str | Promise


_ACTS = {
    AREA: _BulkAct(
        bulk.propose_area, bulk.apply_area, "processes", {"area": "area"}, _l("area assegnata")
    ),
    MACROPROCESS: _BulkAct(
        bulk.propose_macroprocess,
        bulk.apply_macroprocess,
        "processes",
        {"macroprocess": "macroprocesso"},
        _l("macroprocesso assegnato"),
    ),
    KIND: _BulkAct(
        bulk.propose_kind, bulk.apply_kind, "processes", {"kind": "tipo"}, _l("tipo scritto")
    ),
    PRESENCE: _BulkAct(
        bulk.propose_presence,
        bulk.apply_presence,
        "processes",
        {"presence": "presenza", "reason": "motivo"},
        _l("presenza del rischio accertata"),
    ),
    EXECUTOR: _BulkAct(
        bulk.propose_executor,
        bulk.apply_executor,
        "phases",
        {"role": "ruolo", "office": "ufficio"},
        _l("esecutore assegnato"),
    ),
    LEVEL: _BulkAct(
        bulk.propose_level,
        bulk.apply_level,
        "subjects",
        {"level": "livello", "motivation": "motivazione"},
        _l("valutazione scritta"),
    ),
    JUDGEMENT: _BulkAct(
        bulk.propose_judgement,
        bulk.apply_judgement,
        "subjects",
        {"source": "come", "method": "metodo"},
        _l("giudizio copiato"),
    ),
    MEASURE: _BulkAct(
        bulk.propose_measure,
        bulk.apply_measure,
        "targets",
        {"measure": "misura"},
        _l("misura prevista"),
    ),
}
