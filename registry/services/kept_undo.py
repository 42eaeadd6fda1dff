"""Taking back what was done to what an RPCT keeps of a body: its offices, lists, people.

Rows go back by `registry.services.undo`, and the database refuses what must never be; what it does
not know of a role is asked again here, as when it was given.
"""

import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _

from registry import clock
from registry.acts import act
from registry.models import Administration, Membership
from registry.services.last_act import kept_act_named, told
from registry.services.people import check_can_hold, check_not_last, check_right
from registry.services.person_acts import note_role
from registry.services.undo import UNDONE, NotUndoable, Touched, touched_rows, undo
from registry.trail.subjects import Subject

_ONE_DAY = datetime.timedelta(days=1)


def undo_kept_act(*, body: Administration, uid: UUID, by: Any) -> tuple[int, str]:
    """Take back an act of a person on what is kept of a body; return its rows, and what it was.

    One act. Raises `NotUndoable` where there is no such act of theirs, or somebody has touched its
    rows since, `ValidationError` where a role could not be given as it was, `IntegrityError` where
    the database refuses what was before. `PermissionDenied` for whoever keeps no body.
    """
    check_right(by, body)
    found = kept_act_named(body=body, by=by, uid=uid)
    if found is None:
        raise NotUndoable(_("Questa operazione non si annulla da qui."))
    record, cancelled = found
    what = {"uid": record.uid, "at": record.at, "cancelled": cancelled}
    subject = Subject(record.subject, body.pk)
    with act("undo", by=by, subject=subject, detail={UNDONE: str(uid)}):
        rows = touched_rows(**what)
        count = undo(**what, by=by)
        for row in rows:
            if row.model is Membership:
                _check_role(row, by=by)
        return count, told(record)


def _check_role(row: Touched, *, by: Any) -> None:
    """Tell the trail of a role that is as it was before, and check that it may be."""
    if row.before is None:
        gone = row.after.instance
        note_role(gone, "ended")
        _check_somebody_is_left(gone, max(gone.starts_on - _ONE_DAY, clock.today()), by=by)
        return
    role = Membership.objects.select_related("user", "office", "administration").get(pk=row.pk)
    note_role(role, "ended" if role.ends_on else "given")
    check_can_hold(role)
    _check_days(role)
    if role.ends_on:
        _check_somebody_is_left(role, role.ends_on, by=by)


def _check_somebody_is_left(role: Membership, last_day: datetime.date, *, by: Any) -> None:
    """Raise `ValidationError` where the body would be without an RPCT when a role is over."""
    if not getattr(by, "is_superuser", False):
        check_not_last(role, on=last_day)


def _check_days(role: Membership) -> None:
    """Raise `ValidationError` where a role runs beside the same one, or beside what it stands for.

    A deputy goes no further than the head, and nobody has the same role twice in the same days.
    """
    same = Membership.objects.filter(
        user=role.user_id, administration=role.administration_id, office=role.office_id
    )
    same = same.filter(role=role.role).exclude(pk=role.pk)
    same = same.filter(Q(ends_on=None) | Q(ends_on__gte=role.starts_on))
    if role.ends_on:
        same = same.filter(starts_on__lte=role.ends_on)
    head, deputies = role.deputy_for, role.deputies.all()
    outlasts = head is not None and head.ends_on is not None and role.ends_on > head.ends_on
    if same.exists() or outlasts or (role.ends_on and deputies.filter(ends_on__gt=role.ends_on)):
        raise ValidationError(_("Nel frattempo è stato dato un altro incarico per quei giorni."))
