"""Acts on a plan, one page each: adoption, confirmation, exemptions, new annexes.

Who is not the RPCT of the body finds no such page; the services refuse again.
"""

import tempfile
from collections.abc import Sequence

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from registry.enums import PlanState
from registry.guards import refusal_of
from registry.models import Office, Plan
from registry.permissions import is_rpct_of_plan
from registry.readable import grouped
from registry.services.plans import open_annexes
from registry.services.trail import record_export
from registry.views.undo import say_kept
from risk.enums import PlanVerb
from risk.forms.plans.acts import AdoptForm, AllOfficesForm, ConfirmForm, MethodsForm
from risk.models import PlanIssue
from risk.models.packed import intact
from risk.services.annexes.moves import MoveRefusedError
from risk.services.assessment.methods import method_key, methods_of, offered_methods
from risk.services.completeness.plan_loading import load_plan
from risk.services.completeness.plan_points import first_points, offices_without_annex, plan_page
from risk.services.plans.asked import AFTERWARDS, numbers_of_plan
from risk.services.plans.exemptions import exempt_annex, lift_exemption
from risk.services.plans.issues import write_archive
from risk.services.plans.making import choose_methods
from risk.services.plans.moves import confirm_plan, subject_of
from risk.tasks import ask_adoption, ask_pack
from risk.views.plans.page import visible_plan
from risk.workflow import plan_move_for

IN_MEMORY = 8 * 1024 * 1024
"""Bytes of an archive kept in memory before it goes to a temporary file."""


def plan_of_rpct(user, ipa_code: str, title: str) -> Plan:
    """Return a plan of a body the person is RPCT of; else 404."""
    plan = visible_plan(user, ipa_code, title)
    if not is_rpct_of_plan(user, plan):
        raise Http404
    return plan


def _form_page(request, plan, form, *, title, act, refusals=(), **context):
    context |= {
        "plan": plan,
        "form": form,
        "title": title,
        "act": act,
        "refusals": refusals,
        "back": plan_page(plan),
    }
    status = 409 if refusals else 200
    return render(request, "risk/plans/form.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def adopt(request, ipa_code, title):
    """Register the adoption: the act is asked here, the document is drawn by a job."""
    plan = plan_of_rpct(request.user, ipa_code, title)
    if plan_move_for(PlanVerb.ADOPT, PlanState(plan.state)) is None:
        raise Http404
    form = AdoptForm(request.POST or None, initial={"adopting_organ": plan.adopting_organ})
    refusals: list[str] = []
    if request.method == "POST" and form.is_valid():
        try:
            job = ask_adoption(plan=plan, act=form.act(), by=request.user)
            return redirect("registry:job", job.uid)
        except MoveRefusedError as refused:
            refusals = refused.reasons
        except ValidationError as error:
            form.refuse(error)
    return _form_page(
        request,
        plan,
        form,
        title=_("Adozione del piano"),
        act=_("Registra l’adozione"),
        refusals=refusals,
        points=first_points(load_plan(plan), verb=PlanVerb.ADOPT),
        numbers=numbers_of_plan(plan),
        note=AFTERWARDS[PlanVerb.ADOPT],
    )


@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request, ipa_code, title):
    """Confirm the plan for one more year, with the checklist of PNA 2022."""
    plan = plan_of_rpct(request.user, ipa_code, title)
    if plan_move_for(PlanVerb.CONFIRM, PlanState(plan.state)) is None:
        raise Http404
    form = ConfirmForm(request.POST or None, plan=plan, initial={"organ": plan.adopting_organ})
    refusals: list[str] = []
    if request.method == "POST" and form.is_valid():
        try:
            row = confirm_plan(
                plan=plan,
                by=request.user,
                year=form.cleaned_data["year"],
                staff=form.cleaned_data["staff"],
                conditions=form.conditions,
                act_values=form.act_values,
            )
            messages.success(request, _("Confermato per il %(year)d.") % {"year": row.year})
            return redirect(plan_page(plan))
        except MoveRefusedError as refused:
            refusals = refused.reasons
        except ValidationError as error:
            form.refuse(error)
    return _form_page(
        request,
        plan,
        form,
        title=_("Conferma del piano"),
        act=_("Conferma"),
        refusals=refusals,
        numbers=numbers_of_plan(plan),
        note=AFTERWARDS[PlanVerb.CONFIRM],
    )


@require_http_methods(["GET", "HEAD", "POST"])
def methods(request, ipa_code, title):
    """Choose the methods the plan assesses by."""
    plan = plan_of_rpct(request.user, ipa_code, title)
    if plan.is_adopted:
        raise Http404
    used = methods_of(plan).methods
    form = MethodsForm(
        request.POST or None,
        offered=offered_methods(plan),
        initial={
            "methods": [method_key(row) for row in used],
            "default_method": method_key(used[0]) if used else "",
        },
    )
    if request.method == "POST" and form.is_valid():
        try:
            choose_methods(plan=plan, by=request.user, **form.chosen)
            messages.success(request, _("Metodi del piano salvati."))
            return redirect(plan_page(plan))
        except ValidationError as error:
            form.refuse(error)
    context = {"plan": plan, "form": form, "back": plan_page(plan)}
    return render(request, "risk/plans/methods.html", context)


@require_POST
def exempt(request, ipa_code, title, uid):
    """Exempt an office with a reason, or take the exemption back."""
    plan = plan_of_rpct(request.user, ipa_code, title)
    annex = get_object_or_404(plan.annexes.with_names(), uid=uid)
    try:
        if "revoca" in request.POST:
            lift_exemption(annex=annex, by=request.user)
            messages.success(request, _("Esonero tolto."))
        else:
            exempt_annex(annex=annex, reason=request.POST.get("reason", ""), by=request.user)
            messages.success(request, _("Ufficio esonerato."))
    except (MoveRefusedError, ValidationError) as refused:
        reasons = getattr(refused, "reasons", None) or refused.messages
        messages.error(request, f"{annex.printed_office_name}: {' '.join(reasons)}")
        # the refusal stands at the head of the page, which an anchor would scroll away
        return redirect(plan_page(plan))
    return redirect(plan_page(plan, "allegati"))


@require_POST
def annex_open(request, ipa_code, title):
    """Open the annexes of the offices that are named, in one act; of all that have none, asked."""
    plan = plan_of_rpct(request.user, ipa_code, title)
    posted, form = request.POST, AllOfficesForm(request.POST)
    codes = [posted["solo"]] if "solo" in posted else posted.getlist("office")
    if is_of_all := form.is_valid():
        offices = offices_without_annex(load_plan(plan))
    else:
        offices = list(plan.administration.offices.in_use().filter(code__in=codes))
    if not offices and not is_of_all:
        if "spuntati" not in posted:
            raise Http404
        messages.error(request, _("Spunta almeno un ufficio."))
        return redirect(plan_page(plan, "senza-allegato"))
    if is_of_all and "conferma" not in form.cleaned_data["offices"]:
        return _ask_all(request, plan, len(offices))
    try:
        open_annexes(plan=plan, offices=offices, by=request.user)
        say_kept(request, plan.administration, _opened(offices))
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
        return redirect(plan_page(plan))
    except IntegrityError as refused:
        messages.error(request, refusal_of(refused))
        return redirect(plan_page(plan))
    return redirect(plan_page(plan, "allegati"))


def _ask_all(request, plan: Plan, count: int):
    """Ask before the annexes of all offices are opened, with their number."""
    numbers = ngettext("%(n)s ufficio", "%(n)s uffici", count) % {"n": grouped(count)}
    return _form_page(
        request,
        plan,
        AllOfficesForm(initial={"offices": AllOfficesForm.CONFIRMED}),
        title=_("Apri gli allegati di tutti gli uffici"),
        act=_("Apri gli allegati"),
        numbers=[numbers],
        note=_(
            "Ciascuno avrà un allegato suo, una bozza vuota. Se un ufficio scrive nell’allegato di "
            "quello da cui dipende, torna indietro e spunta soltanto quelli che ne hanno uno."
        ),
    )


def _opened(offices: Sequence[Office]) -> str:
    if len(offices) == 1:
        return _("Aperto l’allegato di %(office)s.") % {"office": offices[0]}
    return _("Aperti gli allegati di %(n)s uffici.") % {"n": grouped(len(offices))}


@require_POST
def pack(request, ipa_code, title):
    """Let all there is of a plan be put into one ZIP, and lead to where it can be had."""
    job = ask_pack(plan=whole_plan(request.user, ipa_code, title), by=request.user)
    return redirect("registry:job", job.uid)


def whole_plan(user, ipa_code: str, title: str) -> Plan:
    """Return a plan of a body the person reads all of; else 404."""
    plan = visible_plan(user, ipa_code, title)
    if not user.has_perm("risk.read_whole_plan", plan):
        raise Http404
    return plan


@require_safe
def issue_file(request, ipa_code, title, suffix):
    """Give the adopted plan to the people of the body: PDF, page, data, or all in a ZIP."""
    plan = visible_plan(request.user, ipa_code, title)
    answer = file_of(plan, suffix)
    record_export(by=request.user, subject=subject_of(plan), file_format=suffix)
    return answer


def file_of(plan: Plan, suffix: str) -> HttpResponse:
    """Return a file of an adopted plan, exactly as adopted; 404 for any other."""
    columns = {
        "pdf": ("pdf", "application/pdf"),
        "html": ("html", "text/html; charset=utf-8"),
        "json": ("data", "application/json"),
        "zip": ("pdf", "application/zip"),
    }
    if suffix not in columns:
        raise Http404
    column, kind = columns[suffix]
    needed = ("pdf", "html", "data") if suffix == "zip" else (column,)
    unread = [name for name in ("pdf", "html", "data") if name not in needed]
    issues = PlanIssue.objects.defer(*unread).select_related("plan")
    issue = get_object_or_404(issues, plan=plan)
    name = f"{plan.slug}.{suffix}"
    if suffix == "zip":
        archive = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - the response closes it
        try:
            write_archive(issue, archive)
        except Exception:
            archive.close()
            raise
        archive.seek(0)
        return FileResponse(archive, as_attachment=True, filename=name, content_type=kind)
    content = intact(issue, column)
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(bytes(content) if suffix == "pdf" else content, kind, headers=headers)
