"""A plan as one document: of which parts it is made, chosen and kept per body.

Who does not read all of the body finds no such page; only its RPCT keeps a choice.
"""

from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from registry.models import Plan
from registry.permissions import is_rpct_of_plan
from registry.responses.uploads import takes_at_most
from risk.content.plan_parts import COLUMNS, PART_NAMES, title_of
from risk.forms.plans.document import DocumentForm, EmblemForm
from risk.models import DocumentChoice
from risk.paper.blocks import TEXT_FORMATS
from risk.services.completeness.plan_points import plan_page
from risk.services.plans.choices import (
    WHOLE,
    Chosen,
    add_choice,
    choices_of,
    chosen_of,
    remove_choice,
    words_of,
)
from risk.services.plans.emblems import LARGEST, emblem_of, remove_emblem, set_emblem
from risk.services.plans.preview import PlanPreview, preview_of
from risk.tasks import ask_document, ask_plan_text, documents_of
from risk.views.plans.acts import plan_of_rpct, whole_plan

SAVE, REMOVE, PREVIEW = "salva", "togli", "anteprima"
_PARTS, _LEFT_OUT = "parti", "senza"
"""Names in the address of the page that say what is chosen on it."""
ROOM_OF_FIELDS = 64 * 1024
"""Bytes of a request beside its file."""


@require_POST
def document(request, ipa_code, title, uid=None):
    """Let a plan be made one document, of all or of the parts of a choice; lead to where it is."""
    plan = whole_plan(request.user, ipa_code, title)
    job = ask_document(plan=plan, chosen=_kept(plan, uid), by=request.user)
    return redirect("registry:job", job.uid)


@require_POST
def text(request, ipa_code, title, suffix, uid=None):
    """Let a plan be written as a text to go on with, as `document` is made."""
    if suffix not in TEXT_FORMATS:
        raise Http404
    plan = whole_plan(request.user, ipa_code, title)
    job = ask_plan_text(plan=plan, suffix=suffix, chosen=_kept(plan, uid), by=request.user)
    return redirect("registry:job", job.uid)


def _kept(plan: Plan, uid) -> Chosen:
    """Return what a choice of the body says; without one, the whole plan."""
    if uid is None:
        return WHOLE
    return chosen_of(get_object_or_404(choices_of(plan.administration), uid=uid))


@require_http_methods(["GET", "HEAD", "POST"])
def parts(request, ipa_code, title, uid=None):
    """Choose the parts of a document: look at them first, have it made, keep the choice.

    With htmx what was chosen is shown alone.
    """
    plan = whole_plan(request.user, ipa_code, title)
    body, is_rpct = plan.administration, is_rpct_of_plan(request.user, plan)
    choice = None
    if uid is not None:
        choice = get_object_or_404(choices_of(body), uid=uid)
    asked = request.POST.get("atto", PREVIEW)
    if request.htmx and request.method == "POST" and asked == PREVIEW:
        return _preview(request, plan)
    if asked in (SAVE, REMOVE) and not is_rpct:
        raise Http404
    if request.method == "POST" and asked == REMOVE and choice is not None:
        remove_choice(choice=choice, by=request.user)
        messages.success(request, _("Tolta la scelta «%s».") % choice.name)
        return redirect(_page(plan))
    instance = choice or DocumentChoice(administration=body, parts=",".join(PART_NAMES))
    if request.method != "POST":
        _take(request.GET, instance)
    form = DocumentForm(request.POST or None, instance=instance, needs_name=asked == SAVE)
    is_ready = request.method == "POST" and form.is_valid() and asked != PREVIEW
    if is_ready and (done := _done(request, plan, form, asked)):
        return done
    return _shown(request, plan, form=form, choice=choice)


@takes_at_most(LARGEST + ROOM_OF_FIELDS)
@require_POST
def emblem(request, ipa_code, title):
    """Put the emblem of the body on the cover of its documents, or take it away."""
    plan = plan_of_rpct(request.user, ipa_code, title)
    body = plan.administration
    if request.POST.get("atto") == REMOVE:
        remove_emblem(body=body, by=request.user)
        messages.success(request, _("L’emblema non è più in copertina."))
        return redirect(_page(plan))
    form = EmblemForm(request.POST, request.FILES)
    if form.is_valid():
        content, told = form.cleaned_data["file"].read(), form.cleaned_data["alternative"]
        try:
            set_emblem(body=body, content=content, alternative=told, by=request.user)
        except ValidationError as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("L’emblema è in copertina."))
            return redirect(_page(plan))
    return _shown(request, plan, form=_new_choice(plan), emblem_form=form)


def _preview(request, plan: Plan) -> HttpResponse:
    """Answer with how a document of what is ticked begins; nothing is kept."""
    form = DocumentForm(
        request.POST,
        instance=DocumentChoice(administration=plan.administration),
        needs_name=False,
    )
    if form.is_valid():
        preview = preview_of(plan=plan, chosen=form.chosen)
    else:
        preview = PlanPreview(problem=" ".join(form.refusals))
    return render(request, "risk/plans/_preview.html", {"plan": plan, "preview": preview})


def _take(asked, instance: DocumentChoice) -> None:
    """Put into a choice what was chosen last, where the address says it; nothing is kept."""
    parts = [name for name in words_of(asked.get(_PARTS, "")) if name in PART_NAMES]
    if parts:
        instance.parts = ",".join(parts)
        instance.left_out = ",".join(
            name for name in words_of(asked.get(_LEFT_OUT, "")) if name in COLUMNS
        )


def _with_parts(request, chosen: Chosen) -> str:
    """Return the address of the page with what is chosen on it."""
    words = {_PARTS: ",".join(chosen.parts or ()), _LEFT_OUT: ",".join(sorted(chosen.left_out))}
    return f"{request.path}?{urlencode(words)}"


def _new_choice(plan: Plan) -> DocumentForm:
    row = DocumentChoice(administration=plan.administration, parts=",".join(PART_NAMES))
    return DocumentForm(instance=row)


def _shown(
    request,
    plan: Plan,
    *,
    form: DocumentForm,
    choice: DocumentChoice | None = None,
    emblem_form: EmblemForm | None = None,
) -> HttpResponse:
    body = plan.administration
    context = {
        "plan": plan,
        "form": form,
        "choice": choice,
        "choices": [(row, _said(row)) for row in choices_of(body)],
        "is_rpct": is_rpct_of_plan(request.user, plan),
        "documents": documents_of(plan=plan, user=request.user),
        "emblem": emblem_of(body),
        "emblem_form": emblem_form or EmblemForm(),
        "back": plan_page(plan),
        "preview": preview_of(plan=plan, chosen=form.shown),
    }
    return render(request, "risk/plans/document.html", context)


def _done(request, plan: Plan, form: DocumentForm, asked: str) -> HttpResponse | None:
    """Do what was asked and return where it leads to; None where the form says why not."""
    if asked != SAVE:
        chosen, by = form.chosen, request.user
        back = _with_parts(request, chosen)
        if asked in TEXT_FORMATS:
            job = ask_plan_text(plan=plan, suffix=asked, chosen=chosen, by=by, back=back)
        else:
            job = ask_document(plan=plan, chosen=chosen, by=by, back=back)
        return redirect("registry:job", job.uid)
    try:
        if form.instance.pk is not None:
            saved = form.save_choice(by=request.user)
            if saved is None:
                return None
        else:
            values = form.cleaned_data
            add_choice(
                body=plan.administration,
                name=values["name"],
                parts=words_of(values["parts"]),
                left_out=words_of(values["left_out"]),
                by=request.user,
            )
    except (ValidationError, IntegrityError) as refused:
        form.refuse(refused)
        return None
    messages.success(request, _("Salvata la scelta «%s».") % form.cleaned_data["name"])
    return redirect(_page(plan))


def _page(plan: Plan) -> str:
    return reverse("risk:plan_parts", args=[plan.administration.ipa_code, plan.slug])


def _said(choice: DocumentChoice) -> str:
    return ", ".join(title_of(name) for name in words_of(choice.parts) if name in PART_NAMES)
