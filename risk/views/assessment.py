"""The assessment of a process and of its behaviours by the methods of the plan."""

from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from registry.enums import RiskPresence
from registry.models import Annex, Process
from registry.services.process_lookup import ProcessLookup
from registry.views.whole_page import way_on_asked
from risk.enums import Moment
from risk.forms.assessment.copying import CopyForm
from risk.forms.assessment.form import AssessmentForm
from risk.services.annexes.remarks import may_remark
from risk.services.assessment.methods import method_key
from risk.services.assessment.page import PROCESS, AssessmentPage, page_of, same_motivations
from risk.services.assessment.sources import offered_judgements
from risk.views.annexes.undo import say_done

MOMENTS = {"inerente": Moment.INHERENT, "residuo": Moment.RESIDUAL}
COPY, READ = "copia", "riletto"
"""Names of the buttons that copy a judgement, and say that a copied one was read."""
WORDS = {moment: word for word, moment in MOMENTS.items()}


_process = ProcessLookup(
    lambda rows: rows.select_related("annex__office", "annex__plan__administration")
)


def _page(process: Process, asked) -> AssessmentPage | None:
    return page_of(
        process=process,
        method=asked.get("metodo", ""),
        subject=asked.get("oggetto", ""),
        moment=MOMENTS.get(asked.get("momento", ""), ""),
    )


def _address(page: AssessmentPage, **changes) -> str:
    """Return the address of the same page with another method, subject or moment."""
    subject = changes.get("subject", page.subject)
    parts = {
        "metodo": method_key(changes.get("method", page.sheet.method)),
        "oggetto": PROCESS if subject is page.process else str(subject.uid),
        "momento": WORDS[changes.get("moment", page.moment)],
    }
    address = reverse("risk:assessment", args=[page.process.uid])
    return f"{address}?{urlencode(parts)}"


def _rows(page: AssessmentPage) -> list[dict]:
    """Return one row a subject for the table: what it is, and its levels with their addresses."""
    return [
        {
            "subject": subject,
            "number": number,
            "is_open": subject is page.subject,
            "cells": [
                {
                    "moment": moment,
                    "level": page.level_of(subject, moment),
                    "is_draft": page.is_draft(subject, moment),
                    "address": _address(page, subject=subject, moment=moment),
                    "is_open": subject is page.subject and moment == page.moment,
                }
                for moment in page.moments
            ],
        }
        for number, subject in enumerate(page.subjects)
    ]


def _is_fragment(request) -> bool:
    return bool(request.htmx) and not request.htmx.history_restore_request


def _show(
    request,
    process: Process,
    page: AssessmentPage | None,
    form: AssessmentForm | None,
    *,
    is_done: bool = False,
):
    """Return the page, or its panel; after an act on all of it the hand goes on at its head."""
    own = reverse("risk:assessment", args=[process.uid])
    context = {
        "process": process,
        "page": page,
        "form": form,
        "is_refused": form is not None and form.is_bound,
        "is_done": is_done,
        "can_edit": request.user.has_perm("registry.change_annex", process),
        "present": process.risk_presence == RiskPresence.PRESENT,
        "absent": process.risk_presence == RiskPresence.ABSENT,
        # inside the sheet the address of the page stays that of the sheet
        "own_page": not request.htmx or (request.htmx.current_url_abs_path or "").startswith(own),
        "is_fragment": _is_fragment(request),
        "may_remark": may_remark(annex=process.annex, process=process, by=request.user),
        "is_elsewhere": not request.user.has_perm("registry.view_annex", process),
    }
    if page is not None and form is not None:
        context |= {
            "rows": _rows(page),
            "action": _address(page),
            "methods": [
                (method, _address(page, method=method), method.pk == page.sheet.method.pk)
                for method in page.methods.methods
            ],
            "same": _same(process, page.values),
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
    is_present = process.risk_presence == RiskPresence.PRESENT
    page = _page(process, request.GET) if is_present or request.method == "POST" else None
    if page is None:
        return _show(request, process, None, None)
    if request.method != "POST":
        return _show(request, process, page, AssessmentForm(page=page))
    form = AssessmentForm(request.POST, page=page)
    if is_present:
        is_saved = form.save(by=request.user, is_read=READ in request.POST)
    else:
        # somebody has changed it meanwhile: what was typed stays on the page
        form.add_error(None, _("Non salvato: il rischio non risulta più presente nel processo."))
        is_saved = False
    if is_saved and COPY in request.POST:
        return _copied(request, process, form)
    if request.htmx and not {COPY, READ} & set(request.POST):
        return render(request, "risk/assessment/_saved.html", _around(process, page, form))
    if not is_saved:
        return _show(request, process, page, form)
    return _done(request, process, page, _("Valutazione salvata."))


def _copied(request, process: Process, form: AssessmentForm):
    """Copy the judgement of another row into the open one, once what was typed is saved."""
    # saving has written over the version that was seen, unless somebody else had before
    before = form.page.assessment.version if form.page.assessment else 0
    seen = form.cleaned_data["version"]
    version = form.data["version"] if seen == before else seen
    page = _page(process, request.GET)
    copy = CopyForm(request.POST, page=page)
    if copy.save(version=version, by=request.user):
        text = _("Copiato da «%(row)s»: rileggi livelli e motivazioni.")
        return _done(request, process, page, text % {"row": copy.cleaned_data["come"].text})
    shown = AssessmentForm(page=page)
    shown.copy = copy
    return _show(request, process, page, shown)


def _done(request, process: Process, page: AssessmentPage, message: str):
    """Answer after an act on the whole judgement: the panel as it is now, or the page."""
    say_done(request, process.annex, message)
    if not request.htmx:
        return redirect(way_on_asked(request) or _address(page))
    page = _page(process, request.GET)
    return _show(request, process, page, AssessmentForm(page=page), is_done=True)


@require_safe
def judged(request, uid):
    """Give the first processes and behaviours of an annex with a level that have the words typed.

    What the page of an assessment, or of an act on many rows, offers to be copied (`q`).
    """
    annex = get_object_or_404(Annex.objects.visible_to(request.user), uid=uid)
    texts = offered_judgements(annex, request.GET.get("q", ""))
    return JsonResponse({"rows": [{"text": text, "short": text} for text in texts]})


def _around(process: Process, page: AssessmentPage, form: AssessmentForm) -> dict:
    """Return what a save changes around its form: the open level, and what other processes say."""
    values = form.saved or page.values
    return {
        "form": form,
        "page": page,
        "level": page.sheet.overall_level(values["level"]),
        "same": _same(process, values),
    }


def _same(process: Process, values: dict):
    texts = [value for name, value in values.items() if name.endswith("motivation")]
    return same_motivations(process=process, texts=texts).items()
