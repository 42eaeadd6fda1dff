"""The offices of a body: their list, one added, many at once, and what is done to one.

Who does not keep the body finds no such page.
"""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from registry.acts import Refused
from registry.forms.offices import CloseForm, OfficeRowForm, OfficeSearch, OfficesForm
from registry.guards import refusal_of
from registry.models import Administration, Office
from registry.readable import grouped
from registry.responses.list_files import asked_format, list_file
from registry.services.editing import StaleRow
from registry.services.list_heads import OFFICES
from registry.services.listings import offices_table
from registry.services.office_acts import (
    add_office,
    add_offices,
    close_office,
    read_lines,
    remove_office,
    reopen_office,
    subject_of_offices,
)
from registry.services.offices import offices_of, roles_in
from registry.services.row_pages import page_of_rows
from registry.services.sorting import Sorting
from registry.views.undo import say_kept

ROWS_A_PAGE = 50
BELOW_SHOWN = PEOPLE_SHOWN = 20


def _body(user, ipa_code: str) -> Administration:
    """Return an administration the person keeps; else 404."""
    return get_object_or_404(Administration.objects.kept_by(user), ipa_code=ipa_code)


@require_safe
def offices(request: HttpRequest, ipa_code: str) -> HttpResponse:
    """List the offices in use; with `tutti` those that are closed as well."""
    body, filters = _body(request.user, ipa_code), OfficeSearch(request.GET)
    everything, sorting = "tutti" in request.GET, Sorting(request.GET, OFFICES)
    rows = offices_of(body, filters.words)
    rows = sorting.apply(rows if everything else rows.in_use())
    if suffix := asked_format(request):
        table, subject = offices_table(body, rows), subject_of_offices(body)
        return list_file(request, table, suffix, name="offices", subject=subject)
    context = {
        "body": body,
        "filters": filters,
        "sorting": sorting,
        "everything": everything,
        "page": page_of_rows(rows, request.GET, size=ROWS_A_PAGE),
    }
    return render(request, "registry/offices/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, ipa_code: str) -> HttpResponse:
    """Add an office."""
    body = _body(request.user, ipa_code)
    form = OfficeRowForm(request.POST or None, instance=Office(administration=body), body=body)
    if request.method == "POST" and form.is_valid():
        try:
            made = add_office(body=body, row=form.instance, by=request.user)
        except (ValidationError, IntegrityError) as refused:
            form.refuse(refused)
        else:
            say_kept(request, body, _("Aggiunto: «%(office)s».") % {"office": made})
            return redirect("registry:office", ipa_code, made.pk)
    context = {"body": body, "form": form, "title": _("Nuovo ufficio"), "act": _("Aggiungi")}
    return render(request, "registry/offices/form.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def add_many(request: HttpRequest, ipa_code: str) -> HttpResponse:
    """Add the offices of a typed list, all or none."""
    body = _body(request.user, ipa_code)
    form = OfficesForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            lines = read_lines(form.cleaned_data["lines"])
            made = len(add_offices(body=body, lines=lines, by=request.user))
        except ValidationError as refused:
            form.add_error("lines", refused.messages)
        except IntegrityError as refused:
            form.refuse(refused)
        else:
            said = ngettext("Aggiunto %(n)s ufficio.", "Aggiunti %(n)s uffici.", made)
            say_kept(request, body, said % {"n": grouped(made)})
            return redirect("registry:offices", ipa_code)
    context = {"body": body, "form": form, "title": _("Più uffici"), "act": _("Aggiungi")}
    return render(request, "registry/offices/form.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def office(request: HttpRequest, ipa_code: str, office: int) -> HttpResponse:
    """Show an office; with POST save it, close it, take it back into use, or remove it."""
    body = _body(request.user, ipa_code)
    rows = Office.objects.select_related("administration", "parent")
    row = get_object_or_404(rows, administration=body, pk=office)
    if request.method != "POST":
        return _shown(request, row)
    does = ACTS.get(request.POST.get("act", "salva"))
    if does is None:
        raise Http404
    try:
        return does(request, row)
    except StaleRow:
        messages.error(request, _("Qualcuno l’ha cambiato nel frattempo: rileggi e ripeti."))
    except IntegrityError as refused:
        messages.error(request, refusal_of(refused))
    except (Refused, ValidationError) as refused:
        is_of_form = isinstance(refused, ValidationError)
        messages.error(request, " ".join(refused.messages) if is_of_form else str(refused))
    return redirect("registry:office", ipa_code, office)


def _save(request: HttpRequest, row: Office) -> HttpResponse:
    form = OfficeRowForm(request.POST, instance=row, body=row.administration)
    saved = None
    if form.is_valid():
        try:
            saved = form.save_office(by=request.user)
        except (ValidationError, IntegrityError) as refused:
            form.refuse(refused)
    if saved is None:
        return _shown(request, row, form)
    say_kept(request, row.administration, _("Salvato: «%(office)s».") % {"office": saved.row})
    return redirect("registry:offices", row.administration.ipa_code)


def _close(request: HttpRequest, row: Office) -> HttpResponse:
    form = CloseForm(request.POST)
    if not form.is_valid():
        return _shown(request, row, closing=form)
    close_office(office=row, **form.cleaned_data, by=request.user)
    say_kept(request, row.administration, _("«%(office)s» è chiuso.") % {"office": row})
    return redirect("registry:offices", row.administration.ipa_code)


def _reopen(request: HttpRequest, row: Office) -> HttpResponse:
    form = CloseForm({"reason": "-", "version": request.POST.get("version", "")})
    if not form.is_valid():
        raise Http404
    reopen_office(office=row, version=form.cleaned_data["version"], by=request.user)
    say_kept(request, row.administration, _("«%(office)s» è di nuovo in uso.") % {"office": row})
    return redirect("registry:offices", row.administration.ipa_code)


def _remove(request: HttpRequest, row: Office) -> HttpResponse:
    body, name = row.administration, str(row)
    remove_office(office=row, by=request.user)
    say_kept(request, body, _("Eliminato: «%(office)s».") % {"office": name})
    return redirect("registry:offices", body.ipa_code)


ACTS = {"salva": _save, "chiudi": _close, "riprendi": _reopen, "togli": _remove}
"""What is done to an office, by the word its button sends."""


def _shown(request: HttpRequest, row: Office, form=None, closing=None) -> HttpResponse:
    stored = Office.objects.select_related("parent").get(pk=row.pk) if form else row
    below, held = row.children.in_use().order_by("folded", "pk"), roles_in(row)
    below_shown, held_shown = list(below[: BELOW_SHOWN + 1]), list(held[: PEOPLE_SHOWN + 1])
    context = {
        "body": row.administration,
        "office": stored,
        "form": form or OfficeRowForm(instance=row, body=row.administration),
        "closing": closing,
        "below": below_shown[:BELOW_SHOWN],
        "more_below": len(below_shown) > BELOW_SHOWN,
        "held": held_shown[:PEOPLE_SHOWN],
        "more_held": len(held_shown) > PEOPLE_SHOWN,
    }
    return render(request, "registry/offices/office.html", context)
