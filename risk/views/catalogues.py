"""The lists an RPCT keeps: what they hold, and an entry added, changed, taken out of use, removed.

Who does not keep the lists of a body finds no such page.
"""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError
from django.forms.models import model_to_dict
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from registry.acts import Refused
from registry.forms.search import SearchForm
from registry.guards import refusal_of
from registry.models import Administration, DirectoryRule, PlanDeadline
from registry.permissions import is_rpct_of_body
from registry.querysets import is_frozen
from registry.responses.list_files import asked_format, list_file
from registry.services.editing import StaleRow
from registry.services.listings import streamed
from registry.services.lookup import NoMatch
from registry.services.row_pages import page_of_rows
from registry.services.sorting import Sorting
from registry.spreadsheets.tables import table_of
from registry.views.undo import say_kept
from risk.forms.catalogues import (
    AliasForm,
    DayForm,
    GroupForm,
    RetireForm,
    entry_form,
)
from risk.services.catalogues.entries import (
    add_alias,
    add_deadline,
    add_entry,
    add_group,
    remove_entry,
    retire_entry,
    subject_of_list,
)
from risk.services.catalogues.lists import LISTS, CatalogueList

ROWS_A_PAGE = 50
RIGHT = "registry.change_catalogue"


def _body(user, ipa_code: str) -> Administration:
    """Return an administration whose lists the person keeps; else 404."""
    return get_object_or_404(Administration.objects.kept_by(user), ipa_code=ipa_code)


def _listed(word: str) -> CatalogueList:
    if word not in LISTS:
        raise Http404
    return LISTS[word]


@require_safe
def index(request):
    """Lead to the lists of the one administration, or let choose among several."""
    user = request.user
    if not user.has_perm(RIGHT):
        raise PermissionDenied
    bodies = list(Administration.objects.kept_by(user))
    if len(bodies) == 1:
        return redirect("risk:catalogues_of", bodies[0].ipa_code)
    return render(request, "risk/catalogues/bodies.html", {"bodies": bodies})


@require_safe
def of_body(request, ipa_code):
    """Show which lists a body keeps."""
    body = _body(request.user, ipa_code)
    makes_plans = is_rpct_of_body(request.user, body)
    context = {"body": body, "lists": LISTS.values(), "makes_plans": makes_plans}
    return render(request, "risk/catalogues/index.html", context)


@require_safe
def entries(request, ipa_code, word):
    """Show a list, a page at a time, or give it as a file."""
    body, listed = _body(request.user, ipa_code), _listed(word)
    form, sorting = SearchForm(request.GET), Sorting(request.GET, listed.heads())
    rows = sorting.apply(listed.found(body, form.words))
    if suffix := asked_format(request):
        columns = {str(column.label): column.read for column in listed.columns}
        table = table_of(f"{listed.label}, {body.name}", columns, streamed(rows))
        subject = subject_of_list(listed, body)
        return list_file(request, table, suffix, name=word, subject=subject)
    page = page_of_rows(rows, request.GET, size=ROWS_A_PAGE)
    page.object_list = [
        (row, _is_own(row, listed), [column.read(row) for column in listed.columns])
        for row in page.object_list
    ]
    context = {
        "body": body,
        "listed": listed,
        "filters": form,
        "heads": [(sorting[column.word], column.label) for column in listed.columns],
        "sorting": sorting,
        "page": page,
    }
    return render(request, "risk/catalogues/list.html", context)


def _is_own(row, listed: CatalogueList) -> bool:
    return not listed.is_catalogue or row.administration_id is not None


@require_http_methods(["GET", "HEAD", "POST"])
def add(request, ipa_code, word):
    """Add an entry to a list."""
    body, listed = _body(request.user, ipa_code), _listed(word)
    form = _new_form(request, body, listed)
    if request.method == "POST" and form.is_valid():
        try:
            made = _added(request, body, listed, form)
        except NoMatch as none:
            form.add_error("target", none.message)
        except (ValidationError, IntegrityError) as refused:
            form.refuse(refused)
        else:
            say_kept(request, body, _("Aggiunta: «%(row)s».") % {"row": made})
            return redirect("risk:catalogue", body.ipa_code, word)
    return _form_page(request, body, listed, form, title=_("Nuova voce"))


def _new_form(request, body: Administration, listed: CatalogueList):
    data = request.POST if request.method == "POST" else None
    if listed.word == "modi-di-scriverlo":
        return AliasForm(data)
    if listed.word == "scadenze":
        return DayForm(data, body=body)
    if listed.word == "gruppi":
        return GroupForm(data, body=body)
    instance, initial = listed.model(administration=body), {}
    if (replaced := _replaced(request, body, listed)) is not None:
        instance.replaces = replaced
        initial = model_to_dict(replaced, fields=listed.fields) | {"code": ""}
    form = entry_form(listed, is_new=True)(data, instance=instance, body=body, initial=initial)
    if data is None:
        form.initial = {**form.initial, **initial}
    return form


def _replaced(request, body: Administration, listed: CatalogueList):
    """Return the entry of the body that a new one is to replace, None for none."""
    key = request.GET.get("sostituisce", "")
    if not (listed.is_catalogue and key.isdecimal() and len(key) < 18):
        return None
    return get_object_or_404(listed.model.objects.filter(administration=body), pk=int(key))


def _added(request, body: Administration, listed: CatalogueList, form):
    values, user = form.cleaned_data, request.user
    if isinstance(form, AliasForm):
        return add_alias(body=body, **values, by=user)
    if isinstance(form, DayForm):
        return add_deadline(body=body, row=PlanDeadline(**values), by=user)
    if isinstance(form, GroupForm):
        return add_group(body=body, row=DirectoryRule(**values), by=user)
    row, chosen = form.instance, form.chosen
    return add_entry(listed=listed, body=body, row=row, chosen=chosen, by=user)


@require_http_methods(["GET", "HEAD", "POST"])
def entry(request, ipa_code, word, key):
    """Show an entry of a body; with POST save it, take it out of use or back, or remove it."""
    body, listed = _body(request.user, ipa_code), _listed(word)
    rows = listed.rows(body)
    # an entry of all bodies is read in the list, and belongs to the installation
    own = rows.exclude(administration=None) if listed.is_catalogue else rows
    row = get_object_or_404(own, pk=key)
    does = ACTS.get(request.POST.get("act", "salva")) if request.method == "POST" else None
    if request.method == "POST" and does is None:
        raise Http404
    if does is None:
        return _shown(request, body, listed, row)
    try:
        return does(request, body, listed, row)
    except StaleRow:
        messages.error(request, _("Qualcuno l’ha cambiata nel frattempo: rileggi e ripeti."))
    except (Refused, ValidationError, IntegrityError) as refused:
        messages.error(request, " ".join(_reasons(refused)))
    return redirect("risk:catalogue_entry", body.ipa_code, word, key)


def _save(request, body: Administration, listed: CatalogueList, row) -> HttpResponse:
    if not listed.is_changed:
        raise Http404
    form = entry_form(listed, is_new=False)(request.POST, instance=row, body=body)
    saved = None
    if form.is_valid():
        try:
            saved = form.save_entry(listed=listed, body=body, by=request.user)
        except (ValidationError, IntegrityError) as refused:
            form.refuse(refused)
    if saved is None:
        return _shown(request, body, listed, row, form)
    say_kept(request, body, _("Salvata: «%(row)s».") % {"row": saved.row})
    return redirect("risk:catalogue", body.ipa_code, listed.word)


def _retire(request, body: Administration, listed: CatalogueList, row) -> HttpResponse:
    if not listed.is_catalogue:
        raise Http404
    form = RetireForm(request.POST)
    if not form.is_valid():
        return _shown(request, body, listed, row, retiring=form)
    retire_entry(listed=listed, body=body, row=row, **form.cleaned_data, by=request.user)
    say_kept(request, body, _("«%(row)s» non è più in uso.") % {"row": row})
    return redirect("risk:catalogue", body.ipa_code, listed.word)


def _restore(request, body: Administration, listed: CatalogueList, row) -> HttpResponse:
    form = RetireForm({"reason": "-", "version": request.POST.get("version", "")})
    if not listed.is_catalogue or not form.is_valid():
        raise Http404
    version = form.cleaned_data["version"]
    retire_entry(listed=listed, body=body, row=row, reason="", version=version, by=request.user)
    say_kept(request, body, _("«%(row)s» è di nuovo in uso.") % {"row": row})
    return redirect("risk:catalogue", body.ipa_code, listed.word)


def _remove(request, body: Administration, listed: CatalogueList, row) -> HttpResponse:
    name = str(row)
    remove_entry(listed=listed, body=body, row=row, by=request.user)
    say_kept(request, body, _("Tolta: «%(row)s».") % {"row": name})
    return redirect("risk:catalogue", body.ipa_code, listed.word)


ACTS = {"salva": _save, "archivia": _retire, "riprendi": _restore, "togli": _remove}
"""What is done to an entry, by the word its button sends."""


def _shown(request, body, listed: CatalogueList, row, form=None, retiring=None) -> HttpResponse:
    frozen = listed.is_catalogue and is_frozen(row)
    if form is None and listed.is_changed and not frozen:
        form = entry_form(listed, is_new=False)(instance=row, body=body)
    context = {
        "row": row,
        "is_frozen": frozen,
        "values": [(column.label, column.read(row)) for column in listed.columns],
        "retiring": retiring,
        "version": getattr(row, "version", ""),
    }
    return _form_page(request, body, listed, form, title=str(row), **context)


def _form_page(request, body, listed: CatalogueList, form, *, title: str, **context):
    context |= {
        "body": body,
        "listed": listed,
        "form": form,
        "title": title,
        "back": reverse("risk:catalogue", args=[body.ipa_code, listed.word]),
    }
    return render(request, "risk/catalogues/entry.html", context)


def _reasons(refused: Exception) -> list[str]:
    if isinstance(refused, IntegrityError):
        return [refusal_of(refused)]
    return refused.messages if isinstance(refused, ValidationError) else [str(refused)]
