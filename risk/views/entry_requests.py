"""Asking for an entry that a list lacks, and deciding on it."""

from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from registry.models import Process
from registry.models.base import CatalogueModel
from registry.permissions import is_rpct_of_annex
from registry.responses.own_address import own_address
from registry.services.process_lookup import ProcessLookup
from registry.services.row_pages import page_of_rows
from risk.enums import RequestedList, RequestState
from risk.forms.entry_requests import AcceptForm, AskEntryForm, MapForm, RefuseForm, process_of
from risk.models import ListEntryRequest
from risk.services.annexes.lookup import visible_annex
from risk.services.entry_requests.asking import (
    RequestRefusedError,
    ask_entry,
    open_requests,
    requests_seen_by,
    rows_wanting,
)
from risk.services.entry_requests.deciding import accept_request, map_request, refuse_request

ROWS_A_PAGE = 50
DECIDED_SHOWN = 20
ACCEPT, MAP, REFUSE = "accogli", "riconduci", "respingi"

_FIELDS = {RequestedList.MACROPROCESS, RequestedList.RISK_AREA}
"""Lists of which the sheet has one field, called as the list is."""
_PARTS: dict[str, str] = {
    RequestedList.EXECUTOR_ROLE: "fasi",
    RequestedList.EVENT_CATEGORY: "comportamenti",
    RequestedList.ENABLING_FACTOR: "comportamenti",
    RequestedList.MEASURE: "trattamento",
    RequestedList.TYPOLOGY: "trattamento",
}
"""The parts of the sheet the others are chosen in."""

_process = ProcessLookup(
    lambda rows: rows.select_related("annex__office", "annex__plan__administration")
)


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request, uid):
    """Show what can be asked for, from a row of the annex; ask for it, and go back there."""
    annex = visible_annex(request.user, uid)
    if not request.user.has_perm("registry.change_annex", annex):
        raise PermissionDenied
    asked = request.POST or request.GET
    process = process_of(annex, asked.get("processo", ""))
    back = own_address(asked.get("torna", ""))
    kind = asked.get("elenco", "")
    initial = {"voce": asked.get("voce", "")} | ({"elenco": kind} if kind in RequestedList else {})
    form = AskEntryForm(request.POST or None, process=process, initial=initial)
    if form.is_valid():
        try:
            made = ask_entry(annex=annex, process=process, by=request.user, **form.asked())
        except RequestRefusedError as refused:
            form.add_error("voce", str(refused))
        except ValidationError as refused:
            form.add_error(None, refused.messages)
        else:
            text = _("Richiesta inviata al RPCT: «%(text)s».")
            messages.success(request, text % {"text": made.text})
            return redirect(back) if back else redirect("risk:entry_requests")
    waiting = open_requests(annex.entry_requests.select_related("asked_by"))
    context = {"annex": annex, "process": process, "form": form, "back": back, "waiting": waiting}
    return render(request, "risk/entry_requests/ask.html", context)


@require_safe
def wanted(request, uid):
    """Answer a sheet with what its process waits for, and the way to ask; else lead to asking."""
    process = _process(request.user, uid)
    if not request.user.has_perm("registry.change_annex", process):
        raise PermissionDenied
    if not request.htmx:
        back = own_address(request.GET.get("torna", ""))
        back = back or _place_on_sheet(process, request.GET.get("elenco", ""))
        told = {name: request.GET.get(name, "") for name in ("elenco", "voce")}
        query = {"processo": process.uid, **told, "torna": back}
        asking = reverse("risk:entry_ask", args=[process.annex.uid])
        return redirect(f"{asking}?{urlencode(query)}")
    asked = process.annex.entry_requests.filter(process_uid=process.uid)
    context = {
        "process": process,
        "asked": open_requests(asked),
        "back": request.htmx.current_url_abs_path or "",
    }
    return render(request, "risk/entry_requests/_wanted.html", context)


def _place_on_sheet(process: Process, kind: str) -> str:
    """Return where on the sheet of a process an entry of a list was missed."""
    place = _PARTS.get(kind, f"campo-{process.uid}-{kind}" if kind in _FIELDS else "")
    sheet = reverse("risk:process_sheet", args=[process.uid])
    return f"{sheet}#{place}" if place else sheet


@require_safe
def listed(request):
    """List the requests of the annexes a person sees: those that wait, then the last decided."""
    requests = requests_seen_by(request.user)
    page = page_of_rows(open_requests(requests), request.GET, size=ROWS_A_PAGE)
    decided = requests.exclude(state=RequestState.ASKED).order_by("-decided_at", "-id")
    context = {"page": page, "decided": decided[:DECIDED_SHOWN]}
    return render(request, "risk/entry_requests/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def one(request, uid):
    """Show one request; the RPCT decides on it here."""
    asked = get_object_or_404(requests_seen_by(request.user), uid=uid)
    decides = is_rpct_of_annex(request.user, asked.annex)
    if request.method == "POST" and not decides:
        raise PermissionDenied
    forms = _forms(request, asked) if decides and asked.is_open else {}
    if request.method == "POST":
        answer = _decide(request, asked, forms)
        if answer is not None:
            return answer
    rows = rows_wanting([asked])
    context = {
        "asked": asked,
        "forms": forms,
        "process": rows.get(asked.process_uid),
        "phase": rows.get(asked.phase_uid),
        "behaviour": rows.get(asked.behaviour_uid),
    }
    return render(request, "risk/entry_requests/one.html", context)


def _forms(request, asked: ListEntryRequest) -> dict:
    """Return the form of each answer, with what was typed in the one that was sent."""
    verb = request.POST.get("atto", "")

    def data(of: str):
        return request.POST if verb == of else None

    return {
        ACCEPT: AcceptForm(data(ACCEPT), request=asked),
        MAP: MapForm(data(MAP), request=asked),
        REFUSE: RefuseForm(data(REFUSE)),
    }


def _decide(request, asked: ListEntryRequest, forms: dict) -> HttpResponse | None:
    """Do what was chosen; None where the page is to say what is wrong."""
    if not forms:
        messages.error(request, _("La richiesta è già stata decisa."))
        return redirect("risk:entry_request", asked.uid)
    verb = request.POST.get("atto", "")
    form = forms.get(verb)
    if form is None or not form.is_valid():
        return None
    try:
        decided = _done(verb, form, asked, request.user)
    except RequestRefusedError as refused:
        form.add_error(None, str(refused))
        return None
    except ValidationError as refused:
        form.add_error(None, refused.messages)
        return None
    told = f"«{decided.text}»: {decided.get_state_display()}. {decided.unfollowed}".strip()
    messages.success(request, told)
    return redirect("risk:entry_requests")


def _done(verb: str, form, asked: ListEntryRequest, by) -> ListEntryRequest:
    if verb == ACCEPT:
        return accept_request(request=asked, by=by, **form.decided())
    if verb == MAP:
        entry: CatalogueModel = form.cleaned_data["entry"]
        return map_request(request=asked, entry=entry, by=by)
    return refuse_request(request=asked, reason=form.cleaned_data["motivo"], by=by)
