"""What is still to be done after a check or a round, carried on until a proof closes it."""

import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from registry import clock
from registry.acts import RuleRefused, act
from registry.models import Office, User
from registry.permissions import is_rpct_of_plan, reach_of
from registry.services.rows import store
from risk.enums import RoundState
from risk.models import Evidence, FollowUp, MonitoringRound, RoundItem
from risk.services.monitoring.rounds import locked_round, subject_of_round

KIND = "follow-up"


def add_follow_up(
    *,
    row: MonitoringRound,
    office: Office,
    asked: str,
    due_on: datetime.date,
    by: User,
    item: RoundItem | None = None,
) -> FollowUp:
    """Ask an office to do something by a day, after a check of `item` or for the round. One act.

    Raises `RuleRefused` for who is not the RPCT, before the opening, and for an office that the
    round did not ask.
    """
    with locked_round(row, kind=KIND, by=by) as locked:
        if not is_rpct_of_plan(by, locked.plan):
            raise RuleRefused(_("I seguiti li scrive il RPCT dell’amministrazione."))
        if locked.state == RoundState.DRAFT:
            raise RuleRefused(_("Un seguito nasce da un monitoraggio aperto."))
        asked_of = RoundItem.objects.filter(round=locked, office=office)
        if item is not None:
            asked_of = asked_of.filter(pk=item.pk)
        if not asked_of.exists():
            raise ValidationError(
                {"office": _("Il monitoraggio non chiede nulla a questo ufficio.")}
            )
        new = FollowUp(round=locked, item=item, office=office, asked=asked.strip(), due_on=due_on)
        return store(new, sure={"round", "item", "office"})


def reply_to_follow_up(
    *, row: FollowUp, reply: str, reference: str, by: User, version: int | None = None
) -> FollowUp:
    """Say what the office did, and perhaps where its proof is found. One act.

    `version` is that of the row the person has read.

    Raises `RuleRefused` for who does not work in the office, and for one that is closed.
    """
    with act(KIND, by=by, subject=subject_of_round(row.round)):
        if row.office_id not in reach_of(by).own_offices:
            raise RuleRefused(_("Risponde chi lavora nell’ufficio."))
        if not reply.strip():
            raise ValidationError({"reply": _("Scrivi che cosa è stato fatto.")})
        values = {
            "reply": reply.strip(),
            "reference": reference.strip(),
        }
        return _saved(row, version, values)


def close_follow_up(
    *,
    row: FollowUp,
    by: User,
    evidence: Evidence | None = None,
    reference: str = "",
    version: int | None = None,
) -> FollowUp:
    """Close a follow-up by what proves that it was done. One act.

    Raises `RuleRefused` for who is not the RPCT, for one that is closed, and without a proof.
    """
    with act(KIND, by=by, subject=subject_of_round(row.round)):
        if not is_rpct_of_plan(by, row.round.plan):
            raise RuleRefused(_("Un seguito lo chiude il RPCT dell’amministrazione."))
        proof = reference.strip() or row.reference
        if evidence is None and not proof:
            raise ValidationError(
                {
                    "reference": _(
                        "Un seguito si chiude con una prova: sceglila, o scrivi dove si trova."
                    )
                }
            )
        values = {
            "evidence": evidence,
            "reference": proof,
            "closed_on": clock.today(),
        }
        return _saved(row, version, values)


def _saved(row: FollowUp, version: int | None, values: dict[str, Any]) -> FollowUp:
    """Write over a follow-up what was said of it at `version`; None is that of the row."""
    locked = FollowUp.objects.select_for_update(of=("self",)).get(pk=row.pk)
    if locked.closed_on is not None:
        raise RuleRefused(_("Il seguito è chiuso: non cambia più."))
    if locked.version != (row.version if version is None else version):
        raise RuleRefused(_("Un’altra persona l’ha cambiato ora: rileggilo."))
    for name, value in values.items():
        setattr(locked, name, value)
    return store(locked, sure={"round", "item", "office"})


def follow_ups_of(row: MonitoringRound, user: User) -> QuerySet[FollowUp]:
    """Return what a round carries on, as far as a person sees it: its own, and what others left.

    Those that earlier rounds of the body left open come with it, until they are closed.
    """
    rows = FollowUp.objects.visible_to(user).select_related(
        "office", "round", "item__planned_measure__measure", "evidence"
    )
    return rows.filter(_carried_by(row)).order_by("due_on", "pk")


def _carried_by(row: MonitoringRound) -> Q:
    """Select the follow-ups of a round, and what earlier ones of the body left open."""
    left = Q(
        round__plan__administration=row.plan.administration_id,
        round__situation_on__lt=row.situation_on,
        closed_on=None,
    )
    return Q(round=row) | left


def days_overdue(row: FollowUp) -> int:
    """Return for how many days a follow-up is late (`followup-overdue`).

    0 for one that is not, or is closed.
    """
    if row.closed_on is not None:
        return 0
    return max((clock.today() - row.due_on).days, 0)


def proofs_for(row: FollowUp) -> QuerySet[Evidence]:
    """Return what may close a follow-up: what proves something of its measure, in any round."""
    if row.item is None:
        return Evidence.objects.none()
    measure = row.item.planned_measure_id
    return Evidence.objects.filter(item__planned_measure=measure).order_by("-pk")


def follow_up_data(row: MonitoringRound) -> list[dict[str, Any]]:
    """Return what an issued round says of its follow-ups, its own and those it carries on."""
    rows = FollowUp.objects.filter(_carried_by(row)).select_related("office", "round")
    return [
        {
            "uid": str(one.uid),
            "round": one.round.label,
            "office": one.office.name,
            "asked": one.asked,
            "due_on": str(one.due_on),
            "replied": bool(one.reply),
            "closed_on": str(one.closed_on or ""),
        }
        for one in rows.order_by("due_on", "pk")
    ]
