"""The way of an annex: its moves and its issues."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from registry.enums import AnnexState
from registry.models import Annex
from registry.permissions import is_rpct_of_annex
from registry.responses.list_files import asked_format, list_file
from registry.services.sorting import Sorting
from registry.services.trail import record_export
from registry.trail.subjects import Subject, annex_subject
from risk.content.kept import KeptAnnex
from risk.enums import Verb
from risk.models import AnnexIssue
from risk.models.packed import intact
from risk.services.annexes.approval_status import approval_status
from risk.services.annexes.approvals import approve_annex
from risk.services.annexes.asked import asked_of
from risk.services.annexes.contents import kept_annex
from risk.services.annexes.edits import last_editor
from risk.services.annexes.lookup import visible_annex
from risk.services.annexes.moves import MoveRefusedError, move_annex, open_moves
from risk.services.annexes.returns import sent_back
from risk.services.annexes.weighed import missing_now
from risk.services.completeness.plan_loading import is_awaited
from risk.services.reporting.list_heads import TRANSITIONS
from risk.services.reporting.listings import transitions_table
from risk.tasks import ask_issue, job_of_issue
from risk.views.annexes.approvals import UNSEEN

WAY = [state for state in AnnexState if state != AnnexState.RETURNED]


@require_http_methods(["GET", "HEAD", "POST"])
def page(request, uid):
    """Show where an annex is and who may move it; with POST make one move."""
    annex = visible_annex(request.user, uid)
    if request.method == "POST":
        try:
            return redirect(_make(request, annex))
        except MoveRefusedError as error:
            return _shown(request, annex, error)
    return _shown(request, annex)


@require_POST
def ask(request, uid):
    """Ask, with numbers, before an act on the whole annex is done; refused as the act itself."""
    annex = visible_annex(request.user, uid)
    verb, reason = _verb(request), request.POST.get("reason", "").strip()
    try:
        asked = asked_of(annex=annex, verb=verb, by=request.user, reason=reason)
    except MoveRefusedError as error:
        return _shown(request, annex, error)
    context = {
        "annex": annex,
        "asked": asked,
        "move": asked.move,
        "verb": verb,
        "reason": reason,
        "seen": request.POST.get("seen", ""),
    }
    return render(request, "risk/annexes/workflow/ask.html", context)


def _shown(request, annex: Annex, refused: MoveRefusedError | None = None) -> HttpResponse:
    transitions = annex.transitions.select_related("by")
    sorting = Sorting(request.GET, TRANSITIONS)
    shown = sorting.apply(transitions)
    if suffix := asked_format(request):
        table = transitions_table(annex.printed_office_name, shown)
        return list_file(request, table, suffix, name="transitions", subject=annex_subject(annex))
    awaited = is_awaited(annex)
    last = max(shown, key=lambda one: one.pk, default=None)
    misses, is_asked = annex.is_open and awaited, annex.state == AnnexState.SUBMITTED
    back = sent_back([annex]).get(annex.pk)
    points = missing_now(annex).points() if misses else ()
    context = {
        "annex": annex,
        "way": _way(annex),
        "moves": open_moves(annex=annex, user=request.user),
        "is_awaited": awaited,
        "sent_back": back,
        "refused": refused,
        "verb": request.POST.get("verb", ""),
        "reason": request.POST.get("reason", "").strip(),
        "blocking": [point for point in points if point.blocks],
        "last_editor": last_editor(annex),
        "approvals": _approvals(kept_annex(annex, examined=False)) if is_asked else {},
        "keeps_protocol": is_rpct_of_annex(request.user, annex),
        "transitions": shown,
        "sorting": sorting,
        "was_validated": any(one.verb == Verb.VALIDATE for one in shown),
        "job": job_of_issue(annex=annex, user=request.user),
        "issues": annex.issues.defer("data", "html", "pdf").select_related("by"),
        "standing": last.digest if last and annex.state == AnnexState.ISSUED else "",
    }
    return render(
        request, "risk/annexes/workflow/page.html", context, status=409 if refused else 200
    )


def _way(annex: Annex) -> list[tuple[str, str]]:
    """Return the steps in order; what was sent back starts again and says so on the first."""
    first = AnnexState.RETURNED if annex.state == AnnexState.RETURNED else AnnexState.DRAFT
    return [(state.value, state.label) for state in [first, *WAY[1:]]]


def _approvals(kept: KeptAnnex) -> dict[str, int | str]:
    """Return how many processes their head has approved, of how many, and the digest of them all.

    Asked of an annex that waits for its approval.
    """
    statuses = approval_status(kept)
    given = sum(row.is_approved for row in statuses)
    return {"given": given, "total": len(statuses), "seen": kept.seen}


def _make(request, annex: Annex) -> str:
    """Make the move the person asked for and return where to go on: an issue is a job.

    Raises `MoveRefusedError`.
    """
    verb = _verb(request)
    if verb == Verb.ISSUE:
        job = ask_issue(annex=annex, by=request.user)
        return reverse("registry:job", args=[job.uid])
    reason = request.POST.get("reason", "")
    if verb == Verb.APPROVE:
        seen = request.POST.get("seen") or UNSEEN
        moved = approve_annex(annex=annex, by=request.user, seen=seen)
    else:
        moved = move_annex(annex=annex, verb=verb, by=request.user, reason=reason)
    state = AnnexState(moved.to_state).said
    messages.success(request, _("Fatto: l’allegato è %(state)s.") % {"state": state})
    return reverse("risk:workflow", args=[annex.uid])


def _verb(request) -> Verb:
    try:
        return Verb(request.POST.get("verb", ""))
    except ValueError as error:
        raise Http404 from error


@require_safe
def issue_file(request, uid, suffix):
    """Give an issue exactly as it was issued: its PDF, its page or its data."""
    issues = AnnexIssue.objects.filter(annex__in=Annex.objects.visible_to(request.user))
    issue = get_object_or_404(issues.select_related("annex__office", "plan"), uid=uid)
    contents = {
        "pdf": ("pdf", "application/pdf"),
        "html": ("html", "text/html; charset=utf-8"),
        "json": ("data", "application/json"),
    }
    if suffix not in contents:
        raise Http404
    column, kind = contents[suffix]
    content = intact(issue, column)
    record_export(
        by=request.user,
        subject=Subject(f"issue {issue.uid}", issue.plan.administration_id),
        file_format=suffix,
        detail={"annex": str(issue.annex.uid), "number": issue.number},
    )
    name = slugify(f"{issue.annex.printed_office_name} {issue.plan.slug} emissione {issue.number}")
    headers = {"Content-Disposition": f'attachment; filename="{name}.{suffix}"'}
    return HttpResponse(bytes(content) if suffix == "pdf" else content, kind, headers=headers)
