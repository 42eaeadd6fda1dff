"""The history of a process, of an annex or of a plan, readable, one click away."""

from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from registry.models import Process
from registry.responses.list_files import asked_format, list_file
from registry.responses.named_row import uid_or_404
from registry.services.list_heads import HISTORY
from registry.services.listings import history_table
from registry.services.sorting import Sorting
from registry.trail.subjects import annex_subject, process_subject
from risk.services.annexes.histories import history_of_annex, history_of_process
from risk.services.annexes.lookup import visible_annex
from risk.services.plans.histories import history_of_plan, history_of_row
from risk.services.plans.moves import subject_of
from risk.views.plans.page import visible_plan


@require_safe
def of_process(request, uid):
    """Tell who changed a process or any part of it."""
    processes = Process.objects.visible_to(request.user).select_related(
        "annex__office__administration", "annex__plan__administration"
    )
    process = get_object_or_404(processes, uid=uid)
    context = {"annex": process.annex, "process": process}
    return _page(request, history_of_process(process), process, process_subject(process), context)


@require_safe
def of_annex(request, uid):
    """Tell who changed an annex, its list of processes and its measures."""
    annex = visible_annex(request.user, uid)
    return _page(request, history_of_annex(annex), annex, annex_subject(annex), {"annex": annex})


@require_safe
def of_plan(request, ipa_code, title):
    """Tell who changed what a plan says itself; `riga` asks for one of its rows, else 404."""
    plan = visible_plan(request.user, ipa_code, title)
    asked = request.GET.get("riga", "")
    history = history_of_row(plan, uid_or_404(asked)) if asked else history_of_plan(plan)
    if history is None:
        raise Http404
    return _page(request, history, plan, subject_of(plan), {"plan": plan, "is_row": bool(asked)})


def _page(request, history, of, subject, context):
    sorting = Sorting(request.GET, HISTORY)
    history.is_oldest_first = bool(sorting.key) and not sorting.descending
    if suffix := asked_format(request):
        table = history_table(_("Storia, %s") % of, history)
        return list_file(request, table, suffix, name="history", subject=subject)
    page = history.page(request.GET)
    return render(
        request, "risk/annexes/history.html", {**context, "page": page, "sorting": sorting}
    )
