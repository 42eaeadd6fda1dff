"""An edition that was opened by mistake: while nobody has written in it, its opening is undone."""

from typing import Any

from django.utils.translation import gettext as _

from registry.models import Plan, TrailRecord
from registry.services.undo import UNDONE, NotUndoable, undo
from risk.services.plans.edition_copy import KIND


def may_be_discarded(plan: Plan) -> bool:
    """Tell whether an edition was copied and nobody is asked about it yet. No query."""
    return plan.origin_id is not None and not plan.is_adopted


def discard_edition(*, plan: Plan, by: Any) -> int:
    """Take the opening of an edition back, with what it did to offices; return how many rows.

    One act: histories and trail keep what there was. Raises `NotUndoable` where somebody has
    written in it since and has not taken that back, or where it is adopted.
    """
    if not may_be_discarded(plan):
        raise NotUndoable(_("Solo un’edizione aperta da un’altra, e non adottata, si toglie."))
    opened = plan.history.filter(history_type="+").order_by("history_id").first()
    kind, _colon, uid = ((opened and opened.history_change_reason) or "").partition(":")
    if opened is None or kind != KIND:
        raise NotUndoable(_("Di come è stata aperta questa edizione non resta traccia."))
    return undo(uid=uid, at=opened.history_date, by=by, cancelled=_cancelled(plan, opened))


def _cancelled(plan: Plan, opened: Any) -> set[str]:
    """Return the uids of acts of the body that cancel each other since an edition was opened."""
    undoings = TrailRecord.objects.filter(
        chain=plan.administration.ipa_code, kind="undo", at__gte=opened.history_date
    )
    rows = undoings.values_list("uid", "detail")
    return {name for uid, detail in rows for name in (str(uid), detail.get(UNDONE, ""))}
