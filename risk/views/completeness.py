"""What an annex still misses, on a page or as a short list on the start page."""

from django.core.paginator import Paginator
from django.shortcuts import render
from django.views.decorators.http import require_safe

from registry.responses.list_files import asked_format, list_file
from registry.trail.subjects import annex_subject
from risk.content.same_texts import same_texts
from risk.services.annexes.lookup import visible_annex
from risk.services.annexes.weighed import missing_now
from risk.services.completeness.plan_loading import is_awaited
from risk.services.completeness.reconfirmation import may_ask
from risk.services.reporting.listings import missing_table

SHORT_LIST = 5
PROCESSES_A_PAGE = 15


@require_safe
def missing(request, uid):
    """List what an annex misses by process, with pages; with htmx, the first, or their number."""
    annex = visible_annex(request.user, uid)
    found = missing_now(annex)
    if suffix := asked_format(request):
        table = missing_table(annex, list(found.points()))
        return list_file(request, table, suffix, name="missing", subject=annex_subject(annex))
    context = {
        "annex": annex,
        "blocking": found.blocking,
        "warning": found.warning,
        "may_go_on": annex.is_open and is_awaited(annex),
    }
    if request.htmx and "conta" in request.GET:
        return render(request, "risk/completeness/_blocking.html", context)
    if request.htmx:
        first = found.first(SHORT_LIST)
        return render(request, "risk/completeness/_short.html", {**context, "points": first})
    context["same"] = same_texts(annex) if may_ask(annex) else None
    context["reads_all"] = request.user.has_perm("risk.read_whole_plan", annex.plan)
    context["page"] = Paginator(found.groups, PROCESSES_A_PAGE).get_page(request.GET.get("pagina"))
    return render(request, "risk/completeness/page.html", context)
