"""Acts of the control room: on several annexes of a plan at once, and on the days of the plan.

Who is not the RPCT of the body finds no such page; the services refuse again.
"""

from collections.abc import Sequence

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from registry.models import Annex, Plan, PlanDeadline
from registry.normalise import uids_in
from registry.readable import grouped
from registry.services.jobs import JobRefusedError, no_progress
from risk.forms.plans.acts import DeadlineForm, SeveralForm
from risk.forms.reporting import AnnexFilter
from risk.services.annexes.moves import MoveRefusedError
from risk.services.completeness.plan_points import plan_page
from risk.services.desk.control_room import annexes_of_room, room_rows
from risk.services.desk.several import (
    ACTS,
    SeveralAct,
    SeveralAsked,
    SeveralPreview,
    act_on_each,
    asked_of_several,
    preview_of,
)
from risk.services.plans.deadlines import days_of, move_deadline
from risk.tasks import ask_several
from risk.views.plans.acts import plan_of_rpct

MOST_SHOWN = 50
"""Offices a preview names one by one; the others are counted."""
LATE, FOUND = "ritardo", "trovati"


@require_POST
def several(request, ipa_code, title, act):
    """Ask before an act on several annexes is done, with numbers; confirmed, do it."""
    plan = plan_of_rpct(request.user, ipa_code, title)
    act = SeveralAct(act)
    annexes = list(_chosen(request, plan))
    if not annexes:
        messages.error(request, _("Scegli almeno un ufficio."))
        return redirect(plan_page(plan))
    preview = preview_of(act, room_rows(annexes))
    is_confirmed = "conferma" in request.POST
    form = SeveralForm(request.POST if is_confirmed else None, act=ACTS[act])
    if is_confirmed and preview.able and form.is_valid():
        try:
            if goes_on := _do(request, plan, act, _promised(request, preview), form.asked):
                return redirect(goes_on)
        except JobRefusedError as refused:
            messages.error(request, str(refused))
    context = {
        "plan": plan,
        "act": act,
        "words": ACTS[act],
        "asks": ACTS[act].asks % {"n": len(preview.able), "count": grouped(len(preview.able))},
        "form": form,
        "asked": asked_of_several(act, preview),
        "able": preview.able,
        "able_shown": preview.able[:MOST_SHOWN],
        "able_more": len(preview.able) - MOST_SHOWN,
        "unable": preview.unable,
        "unable_shown": preview.unable[:MOST_SHOWN],
        "unable_more": len(preview.unable) - MOST_SHOWN,
        "chosen": " ".join(str(row.uid) for row in annexes),
        "promised": " ".join(str(row.annex.uid) for row in preview.able),
        "back": plan_page(plan, "allegati"),
    }
    return render(request, "risk/plans/several.html", context)


def _chosen(request, plan: Plan) -> QuerySet:
    """Return the annexes an act is asked for: ticked, one alone, those found, or all late ones."""
    visible = Annex.objects.visible_to(request.user).filter(plan=plan)
    room = annexes_of_room(visible, days_of([plan]))
    asked = request.POST
    if asked.get("solo"):
        return room.filter(uid__in=uids_in([asked["solo"]]))
    if asked.get("quali") == LATE:
        return AnnexFilter({"scadenza": "passata"}).apply(room)
    if asked.get("quali") == FOUND:
        return AnnexFilter(QueryDict(asked.get("filtri", ""))).apply(room)
    return room.filter(
        uid__in=uids_in([*asked.getlist("allegato"), *asked.get("scelti", "").split()])
    )


def _promised(request, preview: SeveralPreview) -> list[str]:
    """Return the annexes the person was told an act is for, and of nobody told those it is for now.

    Who has fallen out meanwhile is told why beside the others; who could only now is not added.
    """
    told = uids_in(request.POST.get("per", "").split())
    return [str(uid) for uid in told] or [str(row.annex.uid) for row in preview.able]


def _do(request, plan: Plan, act: SeveralAct, uids: Sequence[str], asked: SeveralAsked) -> str:
    """Do an act to the annexes it was asked for, and return where one goes on.

    One alone is done at once, unless a paper has to be drawn; several, by a job. Refused, it leads
    nowhere: what was written stays.
    """
    if len(uids) > 1 or act == SeveralAct.ISSUE:
        job = ask_several(plan=plan, act=act, uids=uids, asked=asked, by=request.user)
        return reverse("registry:job", args=[job.uid])
    visible = Annex.objects.visible_to(request.user).filter(plan=plan)
    for outcome in act_on_each(
        act=act, annexes=visible, uids=uids, asked=asked, by=request.user, progress=no_progress
    ):
        say = messages.success if outcome.is_done else messages.error
        say(request, f"{outcome.title}: {outcome.sentence}")
        if not outcome.is_done:
            return ""
    return plan_page(plan)


@require_http_methods(["GET", "HEAD", "POST"])
def deadline(request, ipa_code, title, kind, day):
    """Move a day of the calendar of a plan, with a reason."""
    plan = plan_of_rpct(request.user, ipa_code, title)
    rows = PlanDeadline.objects.current().filter(plan=plan, kind=kind, due_on=day)
    row = rows.select_related("plan__administration").order_by("label", "pk").first()
    if row is None or plan.is_adopted:
        raise Http404
    form = DeadlineForm(request.POST or None)
    refusals: list[str] = []
    if request.method == "POST" and form.is_valid():
        try:
            moved = move_deadline(deadline=row, by=request.user, **form.cleaned_data)
            messages.success(
                request, _("Spostata al %(day)s.") % {"day": f"{moved.due_on:%d/%m/%Y}"}
            )
            return redirect(plan_page(plan))
        except MoveRefusedError as refused:
            refusals = refused.reasons
        except ValidationError as error:
            form.refuse(error)
    context = {
        "plan": plan,
        "form": form,
        "title": _("Sposta una scadenza del piano"),
        "act": _("Sposta la scadenza"),
        "refusals": refusals,
        "note": _("%(label)s, entro il %(day)s. Il motivo resta fra le registrazioni.")
        % {"label": row.label, "day": f"{row.due_on:%d/%m/%Y}"},
        "back": plan_page(plan),
    }
    return render(request, "risk/plans/form.html", context, status=409 if refusals else 200)
