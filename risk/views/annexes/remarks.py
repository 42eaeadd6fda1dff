"""The remarks of an annex and of one row, and the processes of others one's office works on."""

from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from registry.models import Process
from registry.responses.list_files import asked_format, list_file
from registry.services.row_pages import page_of_rows
from registry.services.sorting import Sorting
from registry.trail.subjects import annex_subject
from risk.enums import RowKind
from risk.forms.annexes.remarks import AnswerForm, RemarkFilter, RemarkForm
from risk.models import Remark
from risk.services.annexes.lookup import visible_annex
from risk.services.annexes.remarks import (
    add_remark,
    answer_remark,
    close_remark,
    counts_of,
    find_row,
    label_of,
    may_close,
    may_remark,
)
from risk.services.reporting.list_heads import EXECUTED
from risk.services.reporting.listings import executed_table, remarks_table, streamed

ROWS_A_PAGE = 50

get_or_post = require_http_methods(["GET", "HEAD", "POST"])


@get_or_post
def of_annex(request, uid):
    """List the remarks of an annex; with POST make one on the annex as a whole."""
    annex = visible_annex(request.user, uid)
    allowed = may_remark(annex=annex, process=None, by=request.user)
    form = RemarkForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        if not allowed:
            raise PermissionDenied
        made = _made(form, annex=annex, row=annex, kind=RowKind.ANNEX, by=request.user)
        if made is not None:
            return _to(request, made, _("Osservazione aggiunta."))
    shown = RemarkFilter(request.GET)
    rows = shown.apply(_listed(annex.remarks), user=request.user)
    if suffix := asked_format(request):
        table = remarks_table(annex, rows)
        return list_file(request, table, suffix, name="remarks", subject=annex_subject(annex))
    query = {name: value for name, value in request.GET.items() if name in shown.fields}
    context = {
        "annex": annex,
        "filter": shown,
        "form": form,
        "may_remark": allowed,
        "counts": counts_of(annex),
        "page": page_of_rows(rows, request.GET, size=ROWS_A_PAGE),
        "query": urlencode(query),
    }
    return render(request, "risk/annexes/remarks/list.html", context)


@get_or_post
def of_row(request, uid, kind, row):
    """Show the remarks on one row of a process; with POST make one."""
    process = _process(request.user, uid)
    target = find_row(process=process, kind=kind, uid=row)
    rows = _listed(Remark.objects.filter(annex=process.annex_id, row_uid=row, process=process))
    if target is None and (request.method == "POST" or not rows.exists()):
        raise Http404
    allowed = target is not None and may_remark(
        annex=process.annex, process=process, by=request.user
    )
    form = RemarkForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        if not allowed:
            raise PermissionDenied
        about = {"annex": process.annex, "process": process, "row": target, "kind": kind}
        made = _made(form, **about, by=request.user)
        if made is not None:
            return _to(request, made, _("Osservazione aggiunta."))
    context = {
        "annex": process.annex,
        "process": process,
        "kind": RowKind(kind),
        "label": label_of(target) if target is not None else rows[0].row_label,
        "remarks": rows,
        "form": form,
        "may_remark": allowed,
        "is_elsewhere": _is_elsewhere(request.user, process),
    }
    return render(request, "risk/annexes/remarks/row.html", context)


@get_or_post
def remark(request, uid):
    """Show a remark with its answers; with POST answer it."""
    row = _remark(request.user, uid)
    allowed = may_remark(annex=row.annex, process=row.process, by=request.user)
    form = AnswerForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        if not allowed:
            raise PermissionDenied
        if form.is_valid():
            try:
                answer_remark(remark=row, text=form.cleaned_data["text"], by=request.user)
                return _to(request, row, _("Risposta aggiunta."))
            except ValidationError as error:
                form.refuse(error)
    context = {
        "annex": row.annex,
        "process": row.process,
        "remark": row,
        "answers": row.answers.select_related("by"),
        "form": form,
        "may_remark": allowed,
        "may_close": may_close(remark=row, by=request.user),
        "is_elsewhere": row.process and _is_elsewhere(request.user, row.process),
    }
    return render(request, "risk/annexes/remarks/page.html", context)


@require_POST
def close(request, uid):
    """Close a remark; a refusal is told on its page."""
    row = _remark(request.user, uid)
    if not may_remark(annex=row.annex, process=row.process, by=request.user):
        raise PermissionDenied
    try:
        close_remark(remark=row, by=request.user)
        messages.success(request, _("Osservazione chiusa."))
    except ValidationError as error:
        messages.error(request, error.messages[0])
    return redirect("risk:remark", row.uid)


@require_safe
def executed(request):
    """List the processes of other offices of which the person's offices execute a part."""
    rows = (
        Process.objects.elsewhere_for(request.user)
        .in_use()
        .select_related("annex__office", "annex__plan__administration")
        .order_by("-annex__plan__first_year", "annex__office__folded", "position")
    )
    sorting = Sorting(request.GET, EXECUTED)
    rows = sorting.apply(rows)
    if suffix := asked_format(request):
        table, subject = executed_table(streamed(rows)), "list registry.process"
        return list_file(request, table, suffix, name="executed", subject=subject)
    page = page_of_rows(rows, request.GET, size=ROWS_A_PAGE)
    context = {"page": page, "sorting": sorting}
    return render(request, "risk/annexes/remarks/executed.html", context)


def _process(user, uid) -> Process:
    rows = Process.objects.readable_by(user).select_related(
        "annex__office", "annex__plan__administration"
    )
    return get_object_or_404(rows, uid=uid)


def _remark(user, uid) -> Remark:
    rows = Remark.objects.visible_to(user).select_related(
        "annex__office",
        "annex__plan__administration",
        "by",
        "closed_by",
        "process__annex__office",
        "process__annex__plan__administration",
    )
    return get_object_or_404(rows, uid=uid)


def _is_elsewhere(user, process: Process) -> bool:
    """Return whether the person reads the process only for the part their office executes."""
    return not user.has_perm("registry.view_annex", process)


def _listed(rows):
    rows = rows.select_related("by", "closed_by", "process").order_by("-pk")
    return rows.annotate(answer_count=Count("answers"))


def _made(form: RemarkForm, **about) -> Remark | None:
    """Make the remark of a form; None, with the reason in the form, when it is refused."""
    if not form.is_valid():
        return None
    try:
        return add_remark(**about, **form.cleaned_data)
    except ValidationError as error:
        form.refuse(error)
        return None


def _to(request, remark: Remark, message: str):
    messages.success(request, message)
    return redirect(reverse("risk:remark", args=[remark.uid]))
