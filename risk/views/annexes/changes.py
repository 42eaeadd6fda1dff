"""What changed in an annex since it was last approved, validated or adopted."""

from collections.abc import Sequence
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from registry.models import Annex
from registry.packing import DamagedContentError
from risk.content.canonical import UnknownFormatError
from risk.enums import Layout
from risk.paper.layouts import PRINTED_LAYOUTS
from risk.services.annexes.changes import ChangesPage, page_of
from risk.services.annexes.lookup import visible_annex
from risk.services.plans.comparison.marked import editions_before
from risk.tasks import ask_marked


@require_safe
def page(request, uid):
    """Show process by process what changed, to everybody who reads the annex."""
    annex = visible_annex(request.user, uid)
    return render_changes(request, annex)


@require_POST
def marked(request, uid):
    """Let the annex be drawn with the signs of what changed, and lead to where it can be had."""
    annex = visible_annex(request.user, uid)
    asked = request.POST.get("con", "")
    before = next((row for row in editions_before(annex, request.user) if row.slug == asked), None)
    layout = request.POST.get("come", Layout.SHEETS)
    if before is None or layout not in Layout.values:
        raise Http404
    job = ask_marked(annex=annex, before=before, layout=Layout(layout), by=request.user)
    return redirect("registry:job", job.uid)


def render_changes(
    request,
    annex: Annex,
    *,
    refusals: Sequence[str] = (),
    refused: UUID | None = None,
) -> HttpResponse:
    """Return the page of changes; `refusals` of an approval stand beside what was `refused`.

    That is the uid of a process, None for the whole annex.
    """
    try:
        page = page_of(
            annex=annex,
            user=request.user,
            number=request.GET.get("pagina"),
            at=refused or request.GET.get("restituisci") or request.GET.get("processo"),
        )
    except (UnknownFormatError, DamagedContentError) as unread:
        messages.error(request, str(unread))
        return redirect("risk:workflow", annex.uid)
    context = {
        "annex": annex,
        "page": page,
        "refusals": refusals,
        "refused": refused,
        "query": _query(request),
        "editions": editions_before(annex, request.user),
        "layouts": [(row.value, printed.title) for row, printed in PRINTED_LAYOUTS.items()],
        "reason": _reason(page, request.GET.get("restituisci", "")),
    }
    return render(
        request, "risk/annexes/changes/page.html", context, status=409 if refusals else 200
    )


def _query(request) -> str:
    """Return the rest of the address for the pages beside this one."""
    query = request.GET.copy()
    for name in ("pagina", "processo", "restituisci"):
        query.pop(name, None)
    return query.urlencode()


def _reason(page: ChangesPage, uid: str) -> str:
    """Return how the reason of a return begins when it is asked for beside one process."""
    named = (row.process for row in page.rows if str(row.process.uid) == uid)
    process = next(named, None)
    return _("%(process)s: ") % {"process": process.printed} if process else ""
