"""The next edition of an adopted plan: what it is, and what becomes of each office of before.

One form, of which the list of offices shows a page at a time. What was chosen goes along in a
hidden field, so that pages, the search and the page of an office that is split need no script and
keep nothing before the edition is made. Who is not the RPCT of the body finds no such page.
"""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from registry.enums import PlanKind
from registry.models import Plan
from registry.normalise import fold
from registry.readable import grouped
from registry.services.undo import NotUndoable
from risk.forms.plans.acts import CopyPlanForm
from risk.services.completeness.plan_points import plan_page
from risk.services.plans.asked import numbers_of_plan
from risk.services.plans.discarding import discard_edition
from risk.services.plans.edition_days import has_days, targets_missing
from risk.services.plans.editions import being_made, copy_plan, is_large
from risk.services.plans.office_lines import (
    CLOSED,
    MERGED,
    MOVED,
    RENAMED,
    SAME,
    OfficesRefusedError,
    read_changes,
)
from risk.services.plans.office_lines import SPLIT as DIVIDED
from risk.services.plans.office_table import (
    OfficeRow,
    divided,
    live_processes,
    merged,
    office_rows,
    split_rows,
)
from risk.tasks import ask_copy, ask_discard
from risk.views.plans.acts import plan_of_rpct

OFFICES_A_PAGE = 25
PROCESS = "processo-"
SEARCH, GO, SPLIT, SPLIT_DONE, BACK = "cerca-uffici", "vai", "dividi", "diviso", "torna"
"""The buttons that lead on without making the edition."""
CHOICES = (
    (SAME, _l("resta com’è")),
    (RENAMED, _l("cambia nome")),
    (MERGED, _l("confluisce in un altro")),
    (DIVIDED, _l("si divide")),
    (CLOSED, _l("chiude")),
    (MOVED, _l("passa sotto un altro")),
)


@require_http_methods(["GET", "HEAD", "POST"])
def copy(request, ipa_code, title):
    """Start the next edition, or an update, from an adopted plan."""
    plan = plan_of_rpct(request.user, ipa_code, title)
    if not plan.is_adopted:
        raise Http404
    if request.method != "POST":
        form = CopyPlanForm(initial=_next_edition(plan, request.GET.get("tipo")))
        return _shown(request, plan, form, office_rows(plan, []))
    return _posted(request, plan)


@require_POST
def discard(request, ipa_code, title):
    """Take back the opening of an edition in which nobody has written."""
    plan = plan_of_rpct(request.user, ipa_code, title)
    if plan.origin is None:
        raise Http404
    if is_large(plan):
        return redirect("registry:job", ask_discard(plan=plan, by=request.user).uid)
    before = plan.origin
    try:
        count = discard_edition(plan=plan, by=request.user)
    except NotUndoable as refused:
        messages.error(request, str(refused))
        return redirect(plan_page(plan))
    said = ngettext(
        "L’edizione è tolta (%(n)s riga): uffici e piano sono come prima.",
        "L’edizione è tolta (%(n)s righe): uffici e piano sono come prima.",
        count,
    )
    messages.success(request, said % {"n": grouped(count)})
    return redirect(plan_page(before))


def _posted(request, plan: Plan) -> HttpResponse:
    """Answer a page that came back: lead on, ask which office processes go to, or make it."""
    data = request.POST.copy()
    try:
        lines = read_changes(data.get("offices", ""))
        rows = office_rows(plan, lines)
        data["offices"] = merged(data.get("offices", ""), data, rows)
        rows = office_rows(plan, read_changes(data["offices"]))
    except ValidationError as refused:
        form = CopyPlanForm(data)
        form.refuse(refused)
        return _shown(request, plan, form, office_rows(plan, []))
    if SPLIT_DONE in data and (row := _row_of(rows, data[SPLIT_DONE])):
        split = split_rows(row, live_processes(plan, row.office), rows, _typed(data))
        data["offices"] = divided(data["offices"], row, split)
        if any(one.errors for one in split) and BACK not in data:
            return _split_page(request, plan, data, row, split)
        rows = office_rows(plan, read_changes(data["offices"]))
    if SPLIT in data and (row := _row_of(rows, data[SPLIT])):
        return _split_page(request, plan, data, row, _split(plan, row, rows))
    if {SEARCH, GO, BACK} & data.keys():
        return _shown(request, plan, CopyPlanForm(initial=data.dict()), rows)
    return _made(request, plan, data, rows)


def _made(request, plan: Plan, data, rows: list[OfficeRow]) -> HttpResponse:
    """Make the edition; what is refused is said where it stands, and nothing has changed."""
    to_split = [row for row in rows if row.is_to_split]
    form = CopyPlanForm(data)
    if not form.is_valid():
        return _shown(request, plan, form, rows)
    if to_split:
        return _split_page(request, plan, data, to_split[0], _split(plan, to_split[0], rows))
    try:
        if is_large(plan):
            job = ask_copy(plan=plan, by=request.user, **form.cleaned_data)
            return redirect("registry:job", job.uid)
        made = copy_plan(plan=plan, by=request.user, **form.cleaned_data)
    except OfficesRefusedError as refused:
        for sentence in _refuse(rows, refused):
            form.add_error("offices", sentence)
        return _shown(request, plan, form, rows)
    except ValidationError as error:
        form.refuse(error)
        return _shown(request, plan, form, rows)
    messages.success(request, _("Creato: gli allegati sono bozze da riconfermare."))
    if not (has_days(made) or targets_missing(made)):
        return redirect(plan_page(made))
    # what moved is to be looked at before anything else
    return redirect("risk:plan_days", made.administration.ipa_code, made.slug)


def _refuse(rows: Sequence[OfficeRow], refused: OfficesRefusedError) -> list[str]:
    """Put each refusal beside the office it is about; return those of no office of the page."""
    of_line = {line: row for row in rows for line in row.lines}
    left = []
    for line, why in refused.by_line:
        if line in of_line:
            of_line[line].errors.append(why)
        else:
            left.append(f"«{line.office}»: {why}")
    return left


def _row_of(rows: Sequence[OfficeRow], code: str) -> OfficeRow | None:
    return next((row for row in rows if row.office.code == code and row.processes), None)


def _typed(data) -> dict[str, str]:
    return {k.removeprefix(PROCESS): v for k, v in data.items() if k.startswith(PROCESS)}


def _split(plan: Plan, row: OfficeRow, rows: Sequence[OfficeRow]):
    return split_rows(row, live_processes(plan, row.office), rows)


def _split_page(request, plan: Plan, data, row: OfficeRow, split) -> HttpResponse:
    """Ask which office each process of an office goes to."""
    kept = CopyPlanForm(initial=data.dict())
    context = {
        "plan": plan,
        "row": row,
        "processes": split,
        "is_refused": any(one.errors for one in split),
        "kept": [kept[name].as_hidden() for name in kept.fields],
        "goes_on": "crea" in data,
    }
    return render(request, "risk/plans/edition_split.html", context)


def _shown(request, plan: Plan, form: CopyPlanForm, rows: list[OfficeRow]) -> HttpResponse:
    words = fold(request.POST.get("cerca", "")).split()
    found = [row for row in rows if all(word in _words(row) for word in words)]
    refused = [row for row in rows if row.errors]
    page = _page(request, found, refused)
    changed = [row for row in rows if row.lines]
    context: dict[str, Any] = {
        "plan": plan,
        "form": form,
        "choices": CHOICES,
        "page": page,
        "pages": page.paginator.num_pages,
        "search": request.POST.get("cerca", ""),
        "changed": changed,
        "refused": refused,
        "offices_refused": form.errors.get("offices", ()) if form.is_bound else (),
        "is_begun": request.method == "POST",
        "numbers": numbers_of_plan(plan),
        "being_made": being_made(plan),
        "back": plan_page(plan),
    }
    return render(request, "risk/plans/edition.html", context, status=409 if refused else 200)


def _words(row: OfficeRow) -> str:
    return f"{row.office.folded} {fold(row.office.code)}"


def _page(request, found: Sequence[OfficeRow], refused: Sequence[OfficeRow]) -> Page:
    """Return the page that is asked for; where something is refused, the first that has it."""
    number = request.POST.get(GO) or request.POST.get("pagina")
    if SEARCH in request.POST:
        number = "1"
    if refused and refused[0] in found:
        number = str(found.index(refused[0]) // OFFICES_A_PAGE + 1)
    return Paginator(found, OFFICES_A_PAGE).get_page(number)


def _next_edition(plan: Plan, kind: str | None) -> dict:
    if kind == PlanKind.UPDATE:
        years = {"first_year": plan.first_year, "last_year": plan.last_year}
        title = _("%(title)s – aggiornamento") % {"title": plan.title}
        return {"kind": PlanKind.UPDATE, "title": title, **years}
    first, last = plan.first_year + 1, plan.last_year + 1
    title = f"{plan.get_document_display().split(',')[0]} {first}/{last}"
    return {"kind": PlanKind.ORDINARY, "title": title, "first_year": first, "last_year": last}
