"""One act on many rows: tick, see what would change, confirm."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from registry.models import Annex
from registry.normalise import short
from registry.readable import grouped
from risk.forms.mapping.bulk import (
    AREA,
    EXECUTOR,
    JUDGEMENT,
    KIND,
    LEVEL,
    MACROPROCESS,
    MEASURE,
    PRESENCE,
    RECONFIRM,
    SCOPES,
    BulkForm,
)
from risk.services.annexes.reconfirmation import apply_reconfirmation, propose_reconfirmation
from risk.services.mapping import bulk
from risk.views.annexes.undo import annex_to_act_on, say_done

TURN, TURN_CHANGES = "pagina", "cambi"
"""Names of the buttons that turn the page of the rows, and of what would change."""
TICK, NARROW, ENTER = "spunta", "filtra", "invio"
"""Names of the buttons that tick rows, find some of them, and stand for the Enter key."""
CHANGES_A_PAGE = 50
NAMED = 5
"""Rows that are named in a sentence; how many more there are is counted."""


@require_http_methods(["GET", "HEAD", "POST"])
def page(request, uid, kind):
    """Show the rows to tick; with POST show what would change, with `digest` do it."""
    annex = annex_to_act_on(request, uid)
    context = {"annex": annex, "kind": kind, "kinds": _kinds()}
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
    say_done(request, annex, label)
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
    label = ngettext("%(done)s su %(n)s riga", "%(done)s su %(n)s righe", count)
    done = _ACTS[form.cleaned_data["atto"]].done
    return (label % {"done": done, "n": grouped(count)}).capitalize()


def _left_label(done: bulk.BulkDone) -> str:
    """Return which rows were left because somebody has changed them since the preview."""
    named = "; ".join(f"«{short(str(row))}»" for row in done.left[:NAMED])
    rest = len(done.left) - NAMED
    if rest > 0:
        more = ngettext("e un’altra", "e altre %(n)s", rest) % {"n": grouped(rest)}
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
    RECONFIRM: _BulkAct(
        propose_reconfirmation,
        apply_reconfirmation,
        "processes",
        {},
        _l("riconferma senza modifiche scritta"),
    ),
}
