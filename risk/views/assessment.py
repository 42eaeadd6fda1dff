"""The assessment of a process and of its behaviours by the methods of the plan."""

from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from registry.enums import RiskPresence
from registry.models import Process
from risk.enums import Moment
from risk.forms.assessment import AssessmentForm, GradesForm
from risk.services.annexes.remarks import may_remark
from risk.services.assessment.methods import method_key
from risk.services.assessment.page import PROCESS, Board, load_board, same_motivations

MOMENTS = {"inerente": Moment.INHERENT, "residuo": Moment.RESIDUAL}
WORDS = {moment: word for word, moment in MOMENTS.items()}


def _process(user, uid, *, to_read: bool = False) -> Process:
    rows = Process.objects.readable_by(user) if to_read else Process.objects.visible_to(user)
    rows = rows.select_related("annex__office", "annex__plan__administration")
    return get_object_or_404(rows, uid=uid)


def _board(process: Process, asked) -> Board | None:
    return load_board(
        process=process,
        method=asked.get("metodo", ""),
        subject=asked.get("oggetto", ""),
        moment=MOMENTS.get(asked.get("momento", ""), ""),
    )


def _address(board: Board, **changes) -> str:
    """Return the address of the same page with another method, subject or moment."""
    subject = changes.get("subject", board.subject)
    parts = {
        "metodo": method_key(changes.get("method", board.sheet.method)),
        "oggetto": PROCESS if subject is board.process else str(subject.uid),
        "momento": WORDS[changes.get("moment", board.moment)],
    }
    page = reverse(f"risk:{changes.get('name', 'assessment')}", args=[board.process.uid])
    return f"{page}?{urlencode(parts)}"


def _rows(board: Board) -> list[dict]:
    """Return one row a subject for the table: what it is, and its levels with their addresses."""
    return [
        {
            "subject": subject,
            "number": number,
            "is_open": subject is board.subject,
            "cells": [
                {
                    "moment": moment,
                    "level": board.level_of(subject, moment),
                    "address": _address(board, subject=subject, moment=moment),
                    "is_open": subject is board.subject and moment == board.moment,
                }
                for moment in board.moments
            ],
        }
        for number, subject in enumerate(board.subjects)
    ]


def _is_fragment(request) -> bool:
    return bool(request.htmx) and not request.htmx.history_restore_request


def _show(request, process: Process, board: Board | None, form: AssessmentForm | None):
    own = reverse("risk:assessment", args=[process.uid])
    context = {
        "process": process,
        "board": board,
        "form": form,
        "can_edit": request.user.has_perm("registry.change_annex", process),
        "present": process.risk_presence == RiskPresence.PRESENT,
        "absent": process.risk_presence == RiskPresence.ABSENT,
        # inside the sheet the address of the page stays that of the sheet
        "own_page": not request.htmx or (request.htmx.current_url_abs_path or "").startswith(own),
        "is_fragment": _is_fragment(request),
        "may_remark": may_remark(annex=process.annex, process=process, by=request.user),
        "is_elsewhere": not request.user.has_perm("registry.view_annex", process),
    }
    if board is not None and form is not None:
        texts = [value for name, value in board.values.items() if name.endswith("motivation")]
        context |= {
            "rows": _rows(board),
            "action": _address(board),
            "proposal_address": _address(board, name="proposal"),
            "methods": [
                (method, _address(board, method=method), method.pk == board.sheet.method.pk)
                for method in board.methods.methods
            ],
            "same": same_motivations(process=process, texts=texts).items(),
        }
    fragment = "risk/assessment/_panel.html"
    template = fragment if _is_fragment(request) else "risk/assessment/page.html"
    return render(request, template, context)


@require_http_methods(["GET", "HEAD", "POST"])
def assessment(request, uid):
    """Show, and save, the assessment of one subject at one moment by one method."""
    process = _process(request.user, uid, to_read=request.method != "POST")
    if request.method == "POST" and not request.user.has_perm("registry.change_annex", process):
        raise PermissionDenied
    if process.risk_presence != RiskPresence.PRESENT:
        return _show(request, process, None, None)
    board = _board(process, request.GET)
    if board is None:
        return _show(request, process, None, None)
    if request.method != "POST":
        return _show(request, process, board, AssessmentForm(board=board))
    form = AssessmentForm(request.POST, board=board)
    if form.is_valid() and form.save(by=request.user):
        messages.success(request, _("Valutazione salvata."))
        return redirect(_address(board))
    return _show(request, process, board, form)


@require_safe
def proposal(request, uid):
    """Give the level the method proposes for the grades in the address, as a fragment."""
    process = _process(request.user, uid)
    board = _board(process, request.GET)
    if board is None:
        raise Http404
    form = GradesForm(request.GET, sheet=board.sheet)
    context = {"proposal": board.proposal_for(form.grades()), "board": board}
    return render(request, "risk/assessment/_proposal.html", context)
