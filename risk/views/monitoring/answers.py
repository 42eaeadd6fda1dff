"""What an office answers in a round, measure by measure, and what its head confirms.

Each field saves itself when it is left; without a script one button sends all that the page holds.
"""

import re
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from registry.acts import RuleRefused
from registry.forms.saving import SavingForm
from registry.forms.whole_page import of_row
from registry.models import Office
from registry.permissions import reach_of
from registry.readable import grouped
from registry.responses.uploads import takes_files
from registry.services.row_pages import page_of_rows
from registry.views.whole_page import say_not_all
from risk.enums import ItemState
from risk.forms.monitoring.grid import RowProofForm, measurement_forms
from risk.forms.monitoring.rounds import RoundAnswerForm, answer_form
from risk.forms.monitoring.steps import step_forms
from risk.models import MonitoringRound, RoundItem
from risk.services.monitoring.answers import may_answer, why_closed
from risk.services.monitoring.checking import confirm_answers
from risk.services.monitoring.page import office_items
from risk.services.monitoring.rules import oddities
from risk.services.monitoring.seen import changed_sentence, stamp_of
from risk.views.monitoring.rounds import visible_round

SAVED = ("answer", "round__plan__administration", "planned_measure__annex__plan")
"""What saving an answer asks of its measure."""
MEASURES_A_PAGE = 15
FILES_A_PAGE = 50
"""Files of the whole page that are read, where it is sent by its one button."""
_ROW = re.compile(r"risposta-([0-9a-f-]{36})-version")


def visible_office(request, row: MonitoringRound, key: int) -> Office:
    """Return an office the person reads the answers of; else Http404."""
    offices = Office.objects.filter(administration=row.plan.administration_id)
    reach = reach_of(request.user)
    if row.plan.administration_id not in reach.whole_bodies:
        offices = offices.filter(pk__in=reach.own_offices)
    return get_object_or_404(offices, pk=key)


@takes_files(FILES_A_PAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def office(request, uid, office):
    """Show what is asked of an office and what it answers, or save all that the page sent."""
    row = visible_round(request, uid)
    answering = visible_office(request, row, office)
    if request.method != "POST":
        return _shown(request, row, answering, {})
    if answering.pk not in reach_of(request.user).own_offices:
        raise PermissionDenied
    unsaved = _save_all(request, row, answering)
    if unsaved:
        say_not_all(request)
        return _shown(request, row, answering, unsaved)
    messages.success(request, _("Salvato."))
    return redirect(request.get_full_path())


def _save_all(request, row: MonitoringRound, answering: Office) -> dict[str, Any]:
    """Save the answers that were sent and changed; return, by prefix, those that could not be."""
    sent = {match[1] for match in map(_ROW.fullmatch, request.POST) if match}
    unsaved: dict[str, Any] = {}
    for item in office_items(row, [answering.pk]).filter(uid__in=sent):
        item.round = row
        for form in (answer_form(item, request.POST), *step_forms(item, request.POST)):
            is_sent = f"{form.prefix}-version" in request.POST
            if is_sent and form.has_changed() and not _saved(form, by=request.user):
                unsaved[form.prefix] = form
        for one in _row_forms(request, item):
            if one.has_changed() and not one.submit(by=request.user, is_final=True):
                unsaved[one.prefix] = one
    return unsaved


def _row_forms(request, item: RoundItem) -> list[Any]:
    """Return the forms of what was measured and proved, as the page sent them."""
    measured = [
        one
        for one in measurement_forms(item, request.POST)
        if f"{one.prefix}-source" in request.POST
    ]
    return [*measured, RowProofForm(request.POST, request.FILES, item=item)]


def _saved(form: SavingForm, *, by: Any) -> bool:
    """Save what a form says; tell whether nothing is wrong with it."""
    form.submit(by=by)
    return not (form.errors or form.clashes)


def _shown(
    request, row: MonitoringRound, answering: Office, unsaved: dict[str, Any]
) -> HttpResponse:
    page = page_of_rows(office_items(row, [answering.pk]), request.GET, size=MEASURES_A_PAGE)
    blocks: list[dict[str, Any]] = []
    user = request.user
    for item in page.object_list:
        item.round = row
        form = answer_form(item)
        form = unsaved.get(form.prefix, form)
        said = {"item": item, "form": form, "seen": stamp_of(item, user)}
        blocks.append({**said, "can_edit": may_answer(user, item)})
        if blocks[-1]["can_edit"]:
            blocks[-1] |= _rows_of(item, unsaved)
    reach = reach_of(user)
    # told to who confirms or checks; who writes has it on the page of each measure
    if answering.pk in reach.headed_offices or answering.pk not in reach.own_offices:
        odd = oddities(row, [block["item"] for block in blocks])
        for block in blocks:
            block["odd"] = odd[block["item"].pk]
    left = [block["item"] for block in blocks if block["can_edit"] and _is_left(block["item"])]
    context = {
        "round": row,
        "plan": row.plan,
        "first_left": left[0] if left and left[0] is not blocks[0]["item"] else None,
        "office": answering,
        "page": page,
        "blocks": blocks,
        "writes": any(block["can_edit"] for block in blocks),
        "confirms": answering.pk in reach.headed_offices
        and row.is_answering
        and any(item.state == "answered" for item in page.object_list),
    }
    return render(request, "risk/monitoring/office.html", context)


def _is_left(item: RoundItem) -> bool:
    return item.state in (ItemState.TO_ANSWER, ItemState.RETURNED)


def _rows_of(item: RoundItem, unsaved: dict[str, Any]) -> dict[str, Any]:
    """Return the forms of steps, measurements, a proof: as sent where they could not be saved."""
    proving = RowProofForm(item=item)
    return {
        "steps": [unsaved.get(one.prefix, one) for one in step_forms(item)],
        "measuring": [unsaved.get(one.prefix, one) for one in measurement_forms(item)],
        "proving": unsaved.get(proving.prefix, proving),
    }


def save(request, item: RoundItem) -> HttpResponse:
    """Save the answer of one measure, of whose office the person is."""
    form = answer_form(item, of_row(request.POST, f"risposta-{item.uid}"))
    is_saved = _saved(form, by=request.user)
    if request.htmx:
        context = {"form": form, "item": form.instance.item, "closed": why_closed(item)}
        return render(request, "risk/monitoring/_saved.html", context)
    if is_saved:
        messages.success(request, _("Salvato."))
    else:
        messages.error(request, " ".join(_errors(form)) or _("Non salvato: rileggi la risposta."))
    return redirect("risk:round_office", item.round.uid, item.office_id)


def _errors(form: RoundAnswerForm) -> list[str]:
    return [str(error) for errors in form.errors.values() for error in errors]


@require_POST
def confirm(request, uid, office):
    """Confirm the answers that were ticked: the head, who did not write them."""
    row = visible_round(request, uid)
    answering = visible_office(request, row, office)
    if answering.pk not in reach_of(request.user).headed_offices:
        raise PermissionDenied
    ticked = (one.partition(" ") for one in request.POST.getlist("risposta"))
    seen = {uid: stamp for uid, _space, stamp in ticked}
    try:
        done = confirm_answers(
            row=row, office=answering.pk, uids=list(seen), by=request.user, seen=seen
        )
    except (RuleRefused, ValidationError) as refused:
        messages.error(request, refused.messages[0])
    else:
        n = done.confirmed
        said = ngettext("Confermata %(n)s risposta.", "Confermate %(n)s risposte.", n)
        said %= {"n": grouped(n)}
        if done.own:
            said += " " + _("Quelle che hai scritto o misurato tu le conferma un’altra persona.")
        messages.success(request, said)
        if done.moved:
            messages.warning(request, changed_sentence(done.moved))
    return redirect("risk:round_office", uid, office)
