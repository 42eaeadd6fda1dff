"""The history of a process or of an annex, readable, one click away."""

from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from registry.models import Process
from registry.responses.list_files import asked_format, list_file
from registry.services.list_heads import HISTORY
from registry.services.listings import history_table
from registry.services.sorting import Sorting
from registry.trail.subjects import annex_subject, process_subject
from risk.services.annexes.histories import history_of_annex, history_of_process
from risk.services.annexes.lookup import visible_annex


@require_safe
def of_process(request, uid):
    """Tell who changed a process or any part of it."""
    processes = Process.objects.visible_to(request.user).select_related(
        "annex__office__administration", "annex__plan__administration"
    )
    process = get_object_or_404(processes, uid=uid)
    context = {"annex": process.annex, "process": process}
    return _page(request, history_of_process(process), context)


@require_safe
def of_annex(request, uid):
    """Tell who changed an annex, its list of processes and its measures."""
    annex = visible_annex(request.user, uid)
    return _page(request, history_of_annex(annex), {"annex": annex})


def _page(request, history, context):
    sorting = Sorting(request.GET, HISTORY)
    history.is_oldest_first = bool(sorting.key) and not sorting.descending
    if suffix := asked_format(request):
        process, annex = context.get("process"), context["annex"]
        of = process or annex
        subject = process_subject(process) if process else annex_subject(annex)
        table = history_table(_("Storia, %s") % of, history)
        return list_file(request, table, suffix, name="history", subject=subject)
    page = history.page(request.GET)
    return render(
        request, "risk/annexes/history.html", {**context, "page": page, "sorting": sorting}
    )
