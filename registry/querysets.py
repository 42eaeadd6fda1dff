"""Reads of the registry: which rows a person may see, which rows answer to a text."""

import datetime
from collections.abc import Collection

from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Cast, Replace, StrIndex, Substr
from django.utils import timezone

from registry.enums import (
    ACTIVE_JOB_STATES,
    ADOPTED_PLAN_STATES,
    DEADLINE_STATES,
    OPEN_ANNEX_STATES,
    PUBLIC_PLAN_STATES,
    AnnexState,
    DeadlineKind,
    PlanKind,
)
from registry.hanging import body_row_of, on_annexes, paths_of, plans_of_use, uses_of
from registry.normalise import fold
from registry.permissions import reach_of
from registry.trail.chain import HOUSE
from registry.trail.subjects import subject_kinds

UID_LENGTH = 36


class AdministrationQuerySet(models.QuerySet):
    def visible_to(self, user):
        if user.is_superuser:
            return self
        return self.filter(pk__in=reach_of(user).administrations)

    def kept_by(self, user):
        """Return the administrations a person keeps: their RPCT, or the installation all."""
        if user.is_superuser:
            return self
        return self.filter(pk__in=reach_of(user).rpct_of)


class TrailQuerySet(models.QuerySet):
    def of_body(self, administration):
        """Return what was done in one administration, and nothing of another (docs/decisions/0043).

        All of its own chain. Of that of the installation, what was done by people who never had a
        role elsewhere, unless the record names another administration; and by whomever, where it
        names what is the administration's own.
        """
        memberships = apps.get_model("registry", "Membership").objects
        elsewhere = memberships.exclude(administration=administration).values("user")
        here = memberships.filter(administration=administration).values("user")
        only_here = get_user_model().objects.filter(pk__in=here).exclude(pk__in=elsewhere)
        mine, others = _named_in(administration)
        of_house = Q(person__in=only_here.values("trail_token")) & ~others | mine
        return self.annotate(told_uid=_told_uid()).filter(
            Q(chain=administration.ipa_code) | Q(chain=HOUSE) & of_house
        )


def _named_in(administration) -> tuple[Q, Q]:
    """Return what records have that name something of an administration, and of another."""
    code = administration.ipa_code
    body, role = Q(subject=f"administration {code}"), Q(subject__endswith=f" of {code}")
    body |= Q(subject__startswith=f"administration {code} ")
    mine = body | Q(subject__startswith=f"plan {code} ")
    mine |= Q(subject__startswith="membership ") & role
    for word, kind in subject_kinds().items():
        if kind.of_body is not None:
            mine |= _one_of(word, kind.of_body(administration))
    invitations = apps.get_model("registry", "Invitation").objects
    others = _one_of("invitation", invitations.exclude(administration=administration))
    others |= Q(subject__startswith="administration ") & ~body
    others |= Q(subject__startswith="membership ") & ~role
    return mine, others


def _one_of(word: str, rows: models.QuerySet) -> Q:
    uids = rows.order_by().values(bare=_bare("uid"))
    return Q(subject__startswith=f"{word} ", told_uid__in=uids)


def _bare(column: str) -> Replace:
    """Return an identifier as 32 characters: how it is stored differs between the engines."""
    return Replace(Cast(column, models.CharField()), Value("-"), Value(""))


def _told_uid() -> Replace:
    """Return what the subject of a record tells after its first word, as long as an identifier."""
    after = StrIndex("subject", Value(" ")) + 1
    return Replace(Substr("subject", after, UID_LENGTH), Value("-"), Value(""))


class MembershipQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Return the memberships a person may see: the RPCT reads those of the body."""
        if user.is_superuser:
            return self
        return self.filter(administration__in=reach_of(user).rpct_of)

    def running(self, on: datetime.date | None = None):
        """Return memberships in force on a day, today by default."""
        on = on or timezone.localdate()
        return self.filter(starts_on__lte=on).filter(Q(ends_on__isnull=True) | Q(ends_on__gte=on))


class InvitationQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Return the invitations a person may see: the RPCT those of the body."""
        if user.is_superuser:
            return self
        return self.filter(administration__in=reach_of(user).rpct_of)

    def waiting(self):
        """Return those nobody has answered."""
        return self.filter(answered_at=None)


class DirectoryRuleQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Return the lines a person may see: the RPCT those of the body."""
        if user.is_superuser:
            return self
        return self.filter(administration__in=reach_of(user).rpct_of)


class CatalogueQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Return national rows and those of the administrations the person belongs to."""
        if user.is_superuser:
            return self
        bodies = reach_of(user).administrations
        return self.filter(Q(administration__isnull=True) | Q(administration__in=bodies))

    def in_use(self):
        return self.filter(retired_on__isnull=True)

    def offered_to(self, administration):
        """Return rows an administration may choose today: its own, and the national ones."""
        return self.in_use().filter(
            Q(administration__isnull=True) | Q(administration=administration)
        )


def is_frozen(row) -> bool:
    """Tell whether a catalogue row is used by a closed annex or an adopted plan.

    Such a row changes no more (docs/decisions/0024); `risk.guards.catalogues` holds the same.

    So is what is a part of such a row. A frozen row may only be retired.
    """
    used = None if paths_of(type(row)) else body_row_of(row)
    ways = uses_of(type(used))
    if not ways or used.pk is None:
        return False
    rows = type(used)._base_manager.filter(pk=used.pk)
    closed = [state for state in AnnexState if state not in OPEN_ANNEX_STATES]
    in_closed = Q(pk__in=())
    for way in ways:
        by = Q(**{f"{way}__state__in": closed})
        for adopted in plans_of_use(type(used), way):
            by |= Q(**{f"{adopted}__state__in": ADOPTED_PLAN_STATES})
        in_closed |= Q(pk__in=rows.filter(by).order_by().values("pk"))
    return rows.filter(in_closed).exists()


class OfficeQuerySet(models.QuerySet):
    def visible_to(self, user):
        if user.is_superuser:
            return self
        return self.filter(administration__in=reach_of(user).administrations)

    def in_use(self):
        return self.filter(retired_on__isnull=True)

    def answering_to(self, text: str):
        """Return offices whose name, code or alias is `text`, folded; none for the empty text."""
        folded = fold(text)
        if not folded:
            return self.none()
        return self.filter(
            Q(folded=folded)
            | Q(code__iexact=text.strip())
            | Q(aliases__kind="office", aliases__folded=folded)
        ).distinct()


class AliasQuerySet(models.QuerySet):
    def visible_to(self, user):
        if user.is_superuser:
            return self
        return self.filter(administration__in=reach_of(user).administrations)


class PlanQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(administration__in=reach_of(user).administrations)

    def public(self):
        """Return plans anybody may read, signed in or not (docs/decisions/0031)."""
        return self.filter(state__in=PUBLIC_PLAN_STATES)


class PlanDeadlineQuerySet(models.QuerySet):
    def current(self):
        """Return deadlines that still concern their plan in the state it is in, past or to come."""
        asked = Q()
        for kind, states in DEADLINE_STATES.items():
            asked |= Q(kind=kind, plan__state__in=states)
        return self.filter(asked).exclude(Q(kind=DeadlineKind.MONITORING) & Q(self._replaced()))

    def _replaced(self):
        """Return whether the plan of a deadline is monitored no more: another one is in its place.

        An update that has no dates of its own leaves those of the plan it updates as they are. The
        yearly report is of the plan that was in force, whatever was adopted meanwhile.
        """
        plans = self.model._meta.get_field("plan").related_model._default_manager
        act = models.OuterRef("plan__act_date")
        later = Q(act_date__gt=act) | Q(act_date=act, pk__gt=models.OuterRef("plan"))
        monitored = ~Q(kind=PlanKind.UPDATE) | Q(deadlines__kind=DeadlineKind.MONITORING)
        newer = plans.filter(later, monitored, state__in=ADOPTED_PLAN_STATES)
        return models.Exists(newer.filter(administration=models.OuterRef("plan__administration")))


def within_reach(user, model) -> Q:
    """Return the filter for the rows of a model on annexes the person reads.

    Annexes of the person's offices, or of the bodies read as a whole.
    """
    reach = reach_of(user)
    return within(reach.own_offices, reach.whole_bodies, model)


def within(offices: Collection[int], bodies: Collection[int], model) -> Q:
    """Return the filter for the rows of a model on annexes of some offices, or of some bodies."""
    return on_annexes(model, office__in=offices) | on_annexes(
        model, plan__administration__in=bodies
    )


class AnnexQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(within_reach(user, self.model))

    def visible_within(self, offices: Collection[int], bodies: Collection[int]):
        """Return those of some offices, or of some bodies."""
        return self.filter(within(offices, bodies, self.model))

    def open(self):
        """Return annexes that may be edited: adoption closes drafts too."""
        return self.filter(state__in=OPEN_ANNEX_STATES).exclude(plan__state__in=ADOPTED_PLAN_STATES)

    def with_names(self):
        """Return annexes with what their name and breadcrumb need, in one query."""
        return self.select_related("plan__administration", "office__administration")


class ProcessQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(within_reach(user, self.model))

    def visible_within(self, offices: Collection[int], bodies: Collection[int]):
        """Return those on annexes of some offices, or of some bodies."""
        return self.filter(within(offices, bodies, self.model))

    def executed_by(self, user):
        """Return processes the person's offices execute a part of (docs/decisions/0019)."""
        return self.executed_in(reach_of(user).own_offices)

    def executed_in(self, own: Collection[int]):
        """Return the same of some offices."""
        phases = self.model._meta.get_field("phases").related_model.objects
        of_phases = phases.filter(executor_office__in=own).order_by()
        of_actions = phases.filter(actions__executor_office__in=own).order_by()
        return self.filter(
            Q(pk__in=of_phases.values("process")) | Q(pk__in=of_actions.values("process"))
        )

    def readable_by(self, user):
        """Return processes whose sheet the person reads: own ones, and those executed in part."""
        reach = reach_of(user)
        return self.readable_within(reach.own_offices, reach.whole_bodies)

    def readable_within(self, offices: Collection[int], bodies: Collection[int]):
        """Return the same of whoever has a role in some offices, or reads some bodies."""
        executed = self.model.objects.executed_in(offices).order_by().values("pk")
        return self.filter(within(offices, bodies, self.model) | Q(pk__in=executed))

    def elsewhere_for(self, user):
        """Return processes of others' annexes of which the person's offices execute a part."""
        reach = reach_of(user)
        return self.elsewhere_of(reach.own_offices, reach.whole_bodies)

    def elsewhere_of(self, own: Collection[int], whole: Collection[int]):
        """Return the same of whoever has a role in some offices, and reads some bodies."""
        rows = self.executed_in(own).exclude(annex__office__in=own)
        return rows.exclude(annex__plan__administration__in=whole)

    def in_use(self):
        return self.filter(retired_on__isnull=True)


class PhaseQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(within_reach(user, self.model))


class ActionQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(within_reach(user, self.model))


class JobQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Return jobs of the person in bodies they belong to, and all of a body for its RPCT."""
        reach = reach_of(user)
        own = Q(by=user.pk, administration__in=reach.administrations)
        return self.filter(own | Q(administration__in=reach.rpct_of))

    def active(self):
        """Return jobs that wait or run."""
        return self.filter(state__in=ACTIVE_JOB_STATES)
