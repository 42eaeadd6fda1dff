"""What others say of the chapters of a plan: remarks, and the approval of who did not write them.

Neither is an edit: the text, and what is printed, stay as they are (docs/decisions/0091).
"""

from functools import partial
from typing import Any

from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registry import clock, trail
from registry.acts import RuleRefused, act
from registry.permissions import reach_of
from registry.services.rows import store
from risk.models import Chapter, ChapterApproval, ChapterRemark, ChapterRemarkAnswer
from risk.services.plans.moves import subject_of
from risk.services.plans.own_rows import writing

APPROVE, REMARK = "chapter-approve", "chapter-remark"
ANSWER, CLOSE = "chapter-remark-answer", "chapter-remark-close"
_approving = partial(
    writing,
    kind=APPROVE,
    refusal=gettext_lazy("Il piano è adottato: i suoi capitoli non si approvano più."),
)


def last_writer(row: Chapter) -> int | None:
    """Return the key of who wrote a chapter last, None where nobody did. One query."""
    return words_written(row.uid).values_list("history_user", flat=True).first()


def words_written(chapter: Any) -> QuerySet:
    """Return the histories in which a person wrote words of a chapter, the last one first.

    `chapter` is its uid, or an `OuterRef` to one. Its order, and that it was read again, are no
    words: who presses those buttons has written nothing (docs/decisions/0091).
    """
    before = Chapter.history.filter(uid=OuterRef("uid"), history_id__lt=OuterRef("history_id"))
    before = before.order_by("-history_id")
    rows = Chapter.history.filter(uid=chapter, history_user__isnull=False).alias(
        title_before=Subquery(before.values("title")[:1]),
        blocks_before=Subquery(before.values("blocks")[:1]),
    )
    same = Q(title=F("title_before"), blocks=F("blocks_before"))
    rows = rows.filter(Q(title_before=None) | ~same)
    return rows.order_by("-history_date", "-history_id")


def refusal_to_approve(row: Chapter, by: Any) -> str:
    """Return why a person does not approve a chapter as it is now; "" where they may.

    `row` comes with its plan and with what was approved (`ChapterQuerySet.with_review`).
    """
    if not by.has_perm("risk.approve_chapter", row.plan):
        return _("Un capitolo lo approva il responsabile di un ufficio, o un RPCT.")
    if not row.blocks:
        return _("Il capitolo non ha ancora un testo.")
    if row.is_approved:
        if row.approved_digest is None:
            return _("Il capitolo dice quello che è già adottato: non c’è da approvarlo.")
        return _("Il capitolo è già approvato.")
    if not row.plan.administration.is_one_person and last_writer(row) == by.pk:
        return _("Chi ha scritto per ultimo il capitolo non lo approva: serve un’altra persona.")
    return ""


def approve_chapter(*, row: Chapter, seen: str, by: Any) -> ChapterApproval:
    """Approve a chapter as it is now; return the approval. One act.

    `seen` is the digest of what the person read. Raises `RuleRefused` where it has changed since,
    where the person may not (`refusal_to_approve`), and once the plan is adopted.
    """
    with _approving(row.plan, by=by):
        now = Chapter.objects.with_review().select_related("plan__administration").get(pk=row.pk)
        if refusal := refusal_to_approve(now, by):
            raise RuleRefused(refusal)
        if now.content_digest != seen:
            raise RuleRefused(
                _("Il capitolo è cambiato da quando lo hai letto: rileggilo, poi approvalo.")
            )
        approval = ChapterApproval(chapter=now, digest=seen, by=by)
        store(approval, sure=("chapter", "by", "uid"))
        # an approval has no history rows for an act to find: its record is written here
        detail = {"chapter": str(now.uid), "digest": seen}
        trail.bind_row(detail, approval)
        trail.write(kind=APPROVE, by=by, subject=subject_of(row.plan), detail=detail)
        return approval


def add_chapter_remark(*, row: Chapter, text: str, blocks: bool = False, by: Any) -> ChapterRemark:
    """Make a remark on a chapter, whatever the state of its plan; return it. One act.

    Raises `ValidationError` for an empty text, `RuleRefused` for who only reads.
    """
    subject, detail = subject_of(row.plan), {"chapter": str(row.uid)}
    with act(REMARK, by=by, subject=subject, detail=detail) as opened:
        _check_may(row, by)
        remark = ChapterRemark(chapter=row, text=text.strip(), blocks=blocks, by=by)
        store(remark, sure=("chapter", "by", "uid"))
        opened.detail["remark"] = str(remark.uid)
        return remark


def answer_chapter_remark(*, remark: ChapterRemark, text: str, by: Any) -> ChapterRemarkAnswer:
    """Answer an open remark; return the answer, which is never changed. One act.

    Raises `ValidationError` for an empty text, `RuleRefused` for who only reads, and once the
    remark is closed.
    """
    subject = subject_of(remark.chapter.plan)
    with act(ANSWER, by=by, subject=subject):
        now = _locked(remark)
        _check_may(now.chapter, by)
        answer = ChapterRemarkAnswer(remark=now, text=text.strip(), by=by)
        store(answer, sure=("remark", "by", "uid"))
        # an answer has no history of its own: it is written once
        detail = {"remark": str(now.uid), "answer": str(answer.uid)}
        trail.bind_row(detail, answer)
        trail.write(kind=ANSWER, by=by, subject=subject, detail=detail)
        return answer


def may_close(remark: ChapterRemark, by: Any) -> bool:
    """Return whether a person may close a remark: who made it, while they may remark, or the RPCT.

    `remark` comes with its chapter and plan.
    """
    plan = remark.chapter.plan
    is_rpct = plan.administration_id in reach_of(by).rpct_of
    return is_rpct or (remark.by_id == by.pk and by.has_perm("risk.remark_chapter", plan))


def close_chapter_remark(*, remark: ChapterRemark, reply: str = "", by: Any) -> ChapterRemark:
    """Close a remark, for ever, with what became of it; return it. One act.

    Raises `RuleRefused` where it is closed already, or the person neither made it nor is the RPCT.
    """
    plan = remark.chapter.plan
    detail = {"chapter": str(remark.chapter.uid), "remark": str(remark.uid)}
    with act(CLOSE, by=by, subject=subject_of(plan), detail=detail):
        now = _locked(remark)
        if not may_close(now, by):
            raise RuleRefused(_("Un’osservazione la chiude chi l’ha fatta, o il RPCT."))
        now.reply, now.closed_by, now.closed_at = reply.strip(), by, clock.now()
        return store(now, sure=("chapter", "by", "uid"))


def _check_may(row: Chapter, by: Any) -> None:
    if not by.has_perm("risk.remark_chapter", row.plan):
        raise RuleRefused(_("Il tuo ruolo permette di leggere le osservazioni, non di farne."))


def _locked(remark: ChapterRemark) -> ChapterRemark:
    """Return the remark as it is now; `RuleRefused` once it is closed."""
    rows = ChapterRemark.objects.select_for_update(of=("self",))
    now = rows.select_related("chapter__plan").get(pk=remark.pk)
    if not now.is_open:
        raise RuleRefused(_("L’osservazione è già chiusa."), code="closed")
    return now
