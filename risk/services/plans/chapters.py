"""The chapters of a plan: prepared from a list of titles, added, ordered, written, confirmed.

The RPCT writes them until the plan is adopted; what has no text is not printed.
"""

from functools import partial
from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registry import clock
from registry.acts import RuleRefused
from registry.models import Plan
from registry.readable import grouped
from registry.services.editing import save_fields
from registry.services.ordering import next_value
from registry.services.rows import store
from risk.content.plan_values import PlanChapter
from risk.content.typography import printable
from risk.models import Chapter, ChapterTitle
from risk.services.plans.own_rows import move_by, writing

KIND = "chapter"
_writing = partial(
    writing,
    kind=KIND,
    refusal=gettext_lazy("Il piano è adottato: i suoi capitoli non cambiano più."),
)
MOST = 60
"""So many chapters a plan may have: their list is one page."""


def chapters_of(plan: Plan) -> QuerySet[Chapter]:
    """Return the chapters of a plan in their order, with what was said of each.

    Each comes with its plan and the one it was copied from.
    """
    rows = Chapter.objects.filter(plan=plan).with_review()
    return rows.select_related("plan", "origin").order_by("position")


def structure_of(plan: Plan) -> list[str]:
    """Return the titles plans of this kind usually have, but for those this one has.

    National ones first, then the body’s own. Two queries.
    """
    there = set(Chapter.objects.filter(plan=plan).values_list("title", flat=True))
    usual = ChapterTitle.objects.in_use().filter(document=plan.document)
    usual = usual.filter(Q(administration=None) | Q(administration=plan.administration_id))
    first = F("administration").asc(nulls_first=True)
    titles = usual.order_by(first, "position", "code").values_list("label", flat=True)
    return [title for title in dict.fromkeys(titles) if title not in there]


def prepare_chapters(*, plan: Plan, by: Any) -> int:
    """Add the chapters that plans of this kind have and this one has not; return how many.

    They are empty, behind those there are. One act; `RuleRefused` once the plan is adopted.
    """
    with _writing(plan, by=by):
        titles = structure_of(plan)
        place = next_value(Chapter.objects.filter(plan=plan))
        for position, title in enumerate(titles, start=place):
            store(Chapter(plan=plan, position=position, title=title), sure={"plan", "position"})
        return len(titles)


def add_chapter(*, plan: Plan, title: str, by: Any) -> Chapter:
    """Add a chapter at the end of those of a plan; return it. One act.

    Raises `ValidationError` for a title the plan has already, `RuleRefused` once it is adopted or
    has as many as it may.
    """
    with _writing(plan, by=by):
        rows = Chapter.objects.filter(plan=plan)
        if rows.count() >= MOST:
            raise RuleRefused(
                _("Un piano ha al massimo %(most)s capitoli.") % {"most": grouped(MOST)}
            )
        row = Chapter(plan=plan, position=next_value(rows), title=title)
        return store(row, sure={"plan", "position"})


def move_chapter(*, row: Chapter, by_places: int, by: Any) -> None:
    """Put a chapter some places further down, or up. One act; `RuleRefused` once adopted."""
    with _writing(row.plan, by=by):
        move_by(row, by_places, kind=KIND, by=by)


def remove_chapter(*, row: Chapter, by: Any) -> None:
    """Delete a chapter; histories and trail keep what it said. One act.

    Raises `RuleRefused` once the plan is adopted, and where something was said of the chapter.
    """
    with _writing(row.plan, by=by):
        if row.approvals.exists() or row.remarks.exists():
            raise RuleRefused(
                _(
                    "Il capitolo ha approvazioni o osservazioni, che restano: togli il suo testo, "
                    "e non si stampa."
                )
            )
        row.delete()


def confirm_chapter(*, row: Chapter, version: int, by: Any) -> None:
    """Say that a chapter copied from the edition before was read again and holds. One act.

    Raises `StaleRow` where somebody did so meanwhile, `RuleRefused` once the plan is adopted or
    where its text is not the one that was shown.
    """
    with _writing(row.plan, by=by):
        now = Chapter.objects.get(pk=row.pk)
        if now.version != version:
            raise RuleRefused(_("Il capitolo è cambiato mentre lo leggevi: rileggilo."))
        save_fields(row=row, values={"reread_on": clock.today()}, version=version, kind=KIND, by=by)


def plan_chapters(plan: Plan) -> tuple[PlanChapter, ...]:
    """Return the chapters of a plan as they are printed: those with a text."""
    rows = Chapter.objects.filter(plan=plan).order_by("position")
    return tuple(
        PlanChapter(uid=str(row.uid), title=printable(row.title), blocks=tuple(row.blocks))
        for row in rows
        if row.blocks
    )
