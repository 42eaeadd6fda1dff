"""Issuing an annex: data, page and paper, frozen together with a number (docs/decisions/0030)."""

import datetime
import hashlib
from collections.abc import Mapping
from typing import Any

from django.db.models import Max
from django.utils.translation import gettext as _

from registry import clock, trail
from registry.models import Annex, Plan, User
from registry.services.anchors import anchor_now
from registry.services.jobs import Progress, no_progress
from risk.content.approvals import issue_is_one_person
from risk.content.build import build_document
from risk.content.canonical import digest_of, printed_of, restore, snapshot
from risk.content.kept import KeptAnnex
from risk.content.pieces import pack_data
from risk.content.reading import read_annex
from risk.content.values import AnnexDocument
from risk.enums import Layout, Verb
from risk.models import AnnexIssue
from risk.models.packed import page_shared, pdf_shared, text_packed_as
from risk.paper.html import render_html
from risk.services.annexes.moves import (
    MoveRefusedError,
    check_move,
    lock_annex,
    make_move_on,
    move_act,
    read_for_move,
    refusals_recorded,
)
from risk.services.printing.pieces import render_pdf_apart

_STEPS = 3


def issue_annex(*, annex: Annex, by: User, progress: Progress = no_progress) -> AnnexIssue:
    """Issue a validated annex and return its issue; the same content again gives the same issue.

    The paper is drawn from the canonical data, outside any transaction, with the number it will
    have; then one short transaction compares the content again, moves the annex and stores the
    issue. If another annex has taken the number meanwhile, all is done again with the next.
    `progress` is told what is being done, outside that transaction.

    Raises `MoveRefusedError` when the move may not be made or the content changed meanwhile,
    `UnresolvedField` and `PaperError` when it cannot be printed: then nothing has changed.
    """
    with refusals_recorded(annex=annex, verb=Verb.ISSUE, by=by):
        while True:
            progress(0, _STEPS, _("Preparo i dati"))
            kept = read_for_move(annex, verb=Verb.ISSUE, by=by)
            check_move(kept, verb=Verb.ISSUE, by=by)
            data = _data(kept.annex)
            known = AnnexIssue.objects.filter(annex=annex, data_digest=digest_of(data)).first()
            progress(1, _STEPS, _("Disegno il PDF"))
            prepared = known or _draw(kept, data, by, progress)
            progress(2, _STEPS, _("Registro l’emissione"))
            if _store(annex, prepared, drawn=kept.token, is_known=known is not None, by=by):
                return prepared


def _data(annex: Annex) -> str:
    return snapshot(build_document(read_annex(annex)))


def _store(annex: Annex, issue: AnnexIssue, *, drawn: str, is_known: bool, by: User) -> bool:
    """Move the annex and store the issue; False when its number has been taken meanwhile.

    `drawn` is the token of what it was drawn from, taken before that was read: only where another
    has come since is all read again, and compared.
    """
    with move_act(annex=annex, verb=Verb.ISSUE, by=by) as opened:
        # annex and plan in the order every move locks them, or two could wait for each other
        locked = lock_annex(annex.pk)
        if not is_known and issue.number != _next_number(locked.plan):
            return False
        kept = read_for_move(locked, verb=Verb.ISSUE, by=by)
        make_move_on(kept, verb=Verb.ISSUE, by=by, digest=issue.data_digest)
        if kept.token != drawn and _data(locked) != issue.data:
            raise MoveRefusedError([_("Il contenuto è cambiato durante l’emissione: riprova.")])
        if not is_known:
            issue.save(force_insert=True)
            trail.bind_row(opened.detail, issue)
        return True


def issued_by(*, annex: Annex, by: User, since: datetime.datetime) -> AnnexIssue | None:
    """Return the issue the annex stands as, when this person made it after a moment.

    Whoever issues again after an interruption finds here what was already done.
    """
    last = annex.transitions.order_by("-id").first()
    if last is None or last.verb != Verb.ISSUE or last.by_id != by.pk or last.at < since:
        return None
    return AnnexIssue.objects.filter(annex=annex, data_digest=last.digest).first()


def reprint(issue: AnnexIssue, *, part: Mapping[str, Any] | None = None) -> AnnexDocument:
    """Return the document an issue was printed from, rebuilt from its data alone.

    With a `part` of its data, the document of that.
    """
    data = issue.data if part is None else ""
    return restore(data, part=part, **_printed(issue))


def _draw(kept: KeptAnnex, data: str, by: User, progress: Progress) -> AnnexIssue:
    def tell_pieces(_done: int, _total: int, message: str) -> None:
        progress(1, _STEPS, message)

    annex = kept.annex
    issue = AnnexIssue(
        annex=annex,
        plan_id=annex.plan_id,
        number=_next_number(annex.plan),
        issued_at=clock.now().replace(microsecond=0),
        by=by,
        data=text_packed_as(data, pack_data(data)),
        data_digest=digest_of(data),
        content_digest=kept.digest,
        anchor=anchor_now(annex.plan.administration),
    )
    document = reprint(issue)
    before, of_body = _issued_before(annex)
    page = render_html(document, layout=Layout.COMPLETE)
    issue.html = page_shared(page, [*before, *of_body])
    pdf = render_pdf_apart(document, layout=Layout.COMPLETE, progress=tell_pieces)
    issue.pdf = pdf_shared(pdf, before)
    issue.pdf_digest = hashlib.sha256(issue.pdf).hexdigest()
    return issue


def _issued_before(annex: Annex) -> tuple[list[AnnexIssue], list[AnnexIssue]]:
    """Return the last issue of the annex, or of that it was copied from, and the last of the body.

    Each in a list, which is empty where there is none, or none but the other.

    What they keep is not kept again: the pages that say the same, and the fonts (0050).
    """
    issues = AnnexIssue.objects.defer("data")
    annexes = [key for key in (annex.pk, annex.origin_id) if key is not None]
    own = issues.filter(annex__in=annexes).order_by("-issued_at", "-pk")
    of_body = issues.filter(plan__administration=annex.plan.administration_id).order_by("-pk")
    last = list(own[:1])
    return last, [row for row in of_body.defer("data", "pdf")[:1] if row not in last]


def _printed(issue: AnnexIssue) -> dict[str, Any]:
    return {
        **printed_of(issue),
        "is_draft": False,
        "number": str(issue.number),
        "is_one_person": issue_is_one_person(issue),
    }


def _next_number(plan: Plan) -> int:
    last = AnnexIssue.objects.filter(plan=plan).aggregate(last=Max("number"))["last"]
    return (last or 0) + 1
