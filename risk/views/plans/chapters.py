"""The chapters of a plan: read by all its people, written by the RPCT until it is adopted.

Each field saves itself when it is left; without a script one button sends all that the page holds.
"""

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from registry.acts import Refused
from registry.models import Plan
from registry.readable import grouped
from registry.responses.list_files import asked_format, list_file
from registry.views.undo import say_kept
from registry.views.whole_page import say_not_all
from risk.content.rich_text import rich_blocks
from risk.forms.plans.chapters import (
    ChapterForm,
    ChapterRemarkForm,
    ChapterReplyForm,
    NewChapterForm,
)
from risk.models import Chapter
from risk.services.plans.chapters import (
    add_chapter,
    chapters_of,
    confirm_chapter,
    move_chapter,
    prepare_chapters,
    remove_chapter,
    structure_of,
)
from risk.services.plans.moves import subject_of
from risk.services.reporting.listings import chapters_table
from risk.views.plans.chapter_review import approval_of, review_chapter, reviewed
from risk.views.plans.own_rows import (
    PLACES,
    check_open,
    kept_row,
    new_row,
    open_plan,
    refusal_of,
    sent_version,
)
from risk.views.plans.page import visible_plan


@require_safe
def chapters(request, ipa_code, title):
    """List the chapters of a plan, with what each still wants."""
    plan = visible_plan(request.user, ipa_code, title)
    rows = list(chapters_of(plan))
    if suffix := asked_format(request):
        table = chapters_table(plan, rows)
        return list_file(request, table, suffix, name="chapters", subject=subject_of(plan))
    can_edit = request.user.has_perm("registry.change_plan", plan)
    context = {
        "plan": plan,
        "rows": rows,
        "can_edit": can_edit,
        "wanting": structure_of(plan) if can_edit else [],
    }
    return render(request, "risk/plans/chapters/list.html", context)


@require_POST
def prepare(request, ipa_code, title):
    """Add the chapters that plans of this kind have and this one has not."""
    plan = open_plan(request, ipa_code, title)
    try:
        count = prepare_chapters(plan=plan, by=request.user)
    except (Refused, ValidationError) as refused:
        messages.error(request, refusal_of(refused))
        return redirect(_list(plan))
    said = ngettext("Preparato %(n)s capitolo.", "Preparati %(n)s capitoli.", count)
    say_kept(request, plan.administration, said % {"n": grouped(count)})
    return redirect(_list(plan))


@require_http_methods(["GET", "HEAD", "POST"])
def new(request, ipa_code, title):
    """Add a chapter, and go on with its own page."""
    plan = open_plan(request, ipa_code, title)
    return new_row(
        request,
        plan,
        NewChapterForm(request.POST or None),
        add=add_chapter,
        title=_("Nuovo capitolo"),
        back=_list(plan),
        page=_page,
    )


def _chapter(request, ipa_code, title, uid) -> Chapter:
    """Return a chapter of a plan the person may read; else Http404."""
    plan = visible_plan(request.user, ipa_code, title)
    row = get_object_or_404(chapters_of(plan), uid=uid)
    row.plan = plan
    return row


def _changeable(request, ipa_code, title, uid) -> Chapter:
    row = _chapter(request, ipa_code, title, uid)
    check_open(request, row.plan)
    return row


def _page(row: Chapter) -> str:
    plan = row.plan
    return reverse("risk:plan_chapter", args=[plan.administration.ipa_code, plan.slug, row.uid])


def _list(plan: Plan) -> str:
    return reverse("risk:plan_chapters", args=[plan.administration.ipa_code, plan.slug])


@require_http_methods(["GET", "HEAD", "POST"])
def chapter(request, ipa_code, title, uid):
    """Show a chapter with what its text looks like; write it."""
    if request.method != "POST":
        return _shown(request, _chapter(request, ipa_code, title, uid))
    row = _changeable(request, ipa_code, title, uid)
    form = ChapterForm(request.POST, instance=row, administration=row.plan.administration)
    form.submit(by=request.user)
    saved = form.saved.row if form.saved else row
    if request.htmx:
        now = chapters_of(row.plan).get(pk=row.pk)
        now.plan = row.plan
        words = {"form": form, "words": rich_blocks(saved.blocks)}
        context = {**words, **approval_of(request, now)}
        return render(request, "risk/plans/chapters/_saved.html", context)
    if form.errors or form.clashes:
        say_not_all(request)
        return _shown(request, _chapter(request, ipa_code, title, uid), form)
    messages.success(request, _("Salvato."))
    return redirect(_page(row))


def _shown(
    request,
    row: Chapter,
    form: ChapterForm | None = None,
    remark: ChapterRemarkForm | ChapterReplyForm | None = None,
) -> HttpResponse:
    body = row.plan.administration
    context = {
        "plan": row.plan,
        "row": row,
        "can_edit": request.user.has_perm("registry.change_plan", row.plan),
        "form": form or ChapterForm(instance=row, administration=body),
        "words": rich_blocks(row.blocks),
        "kit": settings.CHAPTER_EDITOR,
        **reviewed(request, row, remark),
    }
    return render(request, "risk/plans/chapters/page.html", context)


@require_POST
def review(request, ipa_code, title, uid):
    """Approve a chapter, remark on it, answer or close a remark.

    What is wrong is said beside its field.
    """
    row = _chapter(request, ipa_code, title, uid)
    answer = review_chapter(request, row, f"{_page(row)}#revisione")
    if isinstance(answer, HttpResponse):
        return answer
    return _shown(request, row, remark=answer)


@require_POST
def keep(request, ipa_code, title, uid):
    """Move a chapter, delete it, or say that it was read again; say how it is taken back."""
    row = _changeable(request, ipa_code, title, uid)
    asked = request.POST.get("atto", "")
    if asked not in _SAID:
        raise Http404
    return kept_row(
        request,
        row,
        do=lambda: _done(request, row, asked),
        said=_SAID[asked],
        page=_page(row),
        back=_list(row.plan),
    )


def _done(request, row: Chapter, asked: str) -> None:
    by = request.user
    if asked in PLACES:
        move_chapter(row=row, by_places=PLACES[asked], by=by)
    elif asked == "togli":
        remove_chapter(row=row, by=by)
    else:
        confirm_chapter(row=row, version=sent_version(request), by=by)


_SAID = {
    "su": gettext_lazy("Spostato: «%(row)s»."),
    "giu": gettext_lazy("Spostato: «%(row)s»."),
    "riletto": gettext_lazy("Riletto e confermato: «%(row)s»."),
    "togli": gettext_lazy("Eliminato: «%(row)s»."),
}
"""What is said of each act, by the word its button sends."""
