"""Offices whose annex an edition goes without: the RPCT exempts them with a reason, or takes it
back, until the plan is adopted.
"""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from registry.acts import act
from registry.enums import AnnexState
from registry.models import Annex, User
from registry.permissions import is_rpct_of_annex
from registry.services.plans import said_of_adopted
from registry.services.rows import store
from registry.trail.subjects import annex_subject
from risk.models import Exemption
from risk.services.annexes.moves import MoveRefusedError
from risk.services.plans.moves import plan_refusals_recorded

KIND = "exemption"


def exempt_annex(*, annex: Annex, reason: str, by: User) -> Exemption:
    """Exempt an annex that is not issued from the edition; return the exemption.

    Raises `MoveRefusedError` for who is not the RPCT and once the plan is adopted,
    `ValidationError` without a reason, for an issued annex, for one already exempted.
    """
    with (
        plan_refusals_recorded(plan=annex.plan, kind=KIND, by=by),
        act(KIND, by=by, subject=annex_subject(annex), detail={"reason": reason}),
    ):
        locked = _locked(annex)
        _check(locked, by)
        if locked.state == AnnexState.ISSUED:
            raise ValidationError({"reason": _("L’allegato è già emesso: fa parte del piano.")})
        if not reason.strip():
            raise ValidationError({"reason": _("Chi esonera un ufficio ne scrive il motivo.")})
        if Exemption.objects.filter(annex=locked).exists():
            raise ValidationError({"reason": _("L’ufficio è già esonerato.")})
        return store(Exemption(annex=locked, reason=reason.strip(), by=by))


def lift_exemption(*, annex: Annex, by: User) -> None:
    """Take an exemption back: the annex is wanted again. Without one nothing happens.

    Raises `MoveRefusedError` for who is not the RPCT and once the plan is adopted.
    """
    with (
        plan_refusals_recorded(plan=annex.plan, kind=KIND, by=by),
        act(f"{KIND}-lifted", by=by, subject=annex_subject(annex)),
    ):
        _check(_locked(annex), by)
        for row in Exemption.objects.filter(annex=annex):
            row.delete()


def _locked(annex: Annex) -> Annex:
    """Return the annex as it is now, locked, then its plan: in the order of its moves."""
    return Annex.objects.select_for_update().with_names().get(pk=annex.pk)


def _check(annex: Annex, by: User) -> None:
    if not is_rpct_of_annex(by, annex):
        raise MoveRefusedError([_("Esonera gli uffici il RPCT dell’amministrazione.")])
    if annex.plan.is_adopted:
        raise MoveRefusedError([said_of_adopted()])
