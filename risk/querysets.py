"""Reads of the risk room: which rows a person may see, which rows serve which page."""

from collections.abc import Collection

from django.apps import apps
from django.db import models
from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from registry.models import Process
from registry.permissions import reach_of
from registry.querysets import within_reach


class AnnexIssueQuerySet(models.QuerySet):
    def standing(self):
        """Return the issue each annex stands as, or stood as last: that of its last step.

        Not the newest: content that was issued before is the issue it was (docs/decisions/0030).
        """
        steps = apps.get_model("risk", "Transition").objects.filter(annex=OuterRef("annex"))
        return self.filter(data_digest=Subquery(steps.order_by("-id").values("digest")[:1]))


class MethodQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Return national methods and those of the administrations the person belongs to."""
        if user.is_superuser:
            return self
        bodies = reach_of(user).administrations
        return self.filter(Q(administration__isnull=True) | Q(administration__in=bodies))


class BehaviourQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(within_reach(user, self.model))


class AssessmentQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(within_reach(user, self.model))


class PlannedMeasureQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Return measures of the annexes the person reads, and those of their whole plans."""
        bodies = reach_of(user).administrations
        return self.filter(
            within_reach(user, self.model) | Q(annex__isnull=True, plan__administration__in=bodies)
        )

    def answered_by(self, user):
        """Return measures the person’s offices answer for, of whatever annex or of a whole plan.

        For the measure or for one of its steps; one without an office is that of its annex.
        """
        reach = reach_of(user)
        return self.answered_in(reach.own_offices, reach.administrations)

    def answered_in(self, offices: Collection[int], bodies: Collection[int]):
        """Return the same of some offices, in plans of some bodies."""
        steps = self.model._meta.get_field("steps").related_model.objects
        in_part = steps.filter(responsible_office__in=offices).values("planned_measure")
        return self.filter(
            Q(responsible_office__in=offices)
            | Q(pk__in=in_part)
            | Q(responsible_office=None, annex__office__in=offices),
            plan__administration__in=bodies,
        )

    def in_use(self):
        """Return measures a plan prints: those on sheets, of offices it does not go without.

        What is printed nowhere is asked of nobody.
        """
        return self.on_sheets().filter(annex__exemption=None)

    def on_sheets(self):
        """Return measures of a whole plan, of a whole office, or put on a process in use.

        On a part of one too. What is put on archived processes alone stands on no sheet.
        """
        targets = self.model._meta.get_field("targets").related_model
        living = targets.objects.filter(planned_measure=OuterRef("pk"), **targets.ON_LIVING)
        return self.filter(Q(scope__in=("plan", "annex")) | Exists(living.order_by()))

    def counted_by_office(self) -> dict[int, int]:
        """Return how many of these measures each office answers for, by its key; one statement.

        One without an office is that of its annex; what has neither, or is not in use, is left out.
        """
        office = Coalesce("responsible_office_id", "annex__office_id")
        rows = self.in_use().order_by().annotate(answering=office).exclude(answering=None)
        return dict(rows.values_list("answering").annotate(count=Count("pk")))

    def readable_by(self, user):
        """Return measures the person may read: those seen, and those their offices answer for."""
        seen = self.visible_to(user).order_by().values("pk")
        answered = self.answered_by(user).order_by().values("pk")
        return self.filter(Q(pk__in=seen) | Q(pk__in=answered))

    def of_annex(self, annex):
        """Return measures an annex prints: its own, and those of its whole plan."""
        return self.printed_in(annex.pk, plan=annex.plan_id)

    def printed_in(self, annex: int, *, plan: int):
        """Return the same of an annex that is known by its key."""
        return self.filter(plan=plan).filter(Q(annex=annex) | Q(annex__isnull=True))


class RemarkQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Return remarks of the annexes the person reads, and of processes they execute in part."""
        executed = Process.objects.executed_by(user).order_by().values("pk")
        return self.filter(within_reach(user, self.model) | Q(process__in=executed))

    def open(self):
        return self.filter(closed_at__isnull=True)


class TextBlockQuerySet(models.QuerySet):
    def visible_to(self, user):
        if user.is_superuser:
            return self
        bodies = reach_of(user).administrations
        return self.filter(Q(administration__isnull=True) | Q(administration__in=bodies))


class ChapterQuerySet(models.QuerySet):
    def with_review(self):
        """Return the chapters with `approved_digest`, of the last approval, and open remarks.

        `has_open_remarks`, `has_blocking_remarks`; `had_open_remarks` where the chapter they were
        copied from has some.
        """
        given = apps.get_model("risk", "ChapterApproval").objects.filter(chapter=OuterRef("pk"))
        remarks = apps.get_model("risk", "ChapterRemark").objects.filter(closed_at__isnull=True)
        here = remarks.filter(chapter=OuterRef("pk"))
        return self.annotate(
            approved_digest=Subquery(given.order_by("-pk").values("digest")[:1]),
            has_open_remarks=Exists(here),
            has_blocking_remarks=Exists(here.filter(blocks=True)),
            had_open_remarks=Exists(remarks.filter(chapter=OuterRef("origin"))),
        )


class ImportQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Return files the person has brought into bodies they belong to; all for the RPCT."""
        reach = reach_of(user)
        return self.filter(
            Q(by=user.pk, plan__administration__in=reach.administrations)
            | Q(plan__administration__in=reach.rpct_of)
        )

    def of_registers(self):
        """Return files of registers: not the answers to a round, which have pages of their own."""
        return self.exclude(layout="answers")

    def without_reading(self):
        """Return the rows without the file and what was read in it."""
        return self.defer("content", "tables")

    def without_bytes(self):
        """Return the rows without the file and all that was found in it, for lists of them."""
        return self.defer("content", "tables", "report", "answers", "mapping")


class RoundQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Return rounds of the bodies a person belongs to; drafts for the RPCT alone."""
        reach = reach_of(user)
        return self.filter(
            Q(plan__administration__in=reach.rpct_of)
            | Q(plan__administration__in=reach.administrations) & ~Q(state="draft")
        )


class RoundItemQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Return what is asked of the person’s offices, and all of bodies read as a whole."""
        reach = reach_of(user)
        return self.filter(
            Q(round__plan__administration__in=reach.rpct_of)
            | ~Q(round__state="draft")
            & (
                Q(office__in=reach.own_offices)
                | Q(round__plan__administration__in=reach.whole_bodies)
            )
        )


class FollowUpQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Return what is still asked of the person’s offices, and all of bodies read as a whole."""
        reach = reach_of(user)
        whole = Q(round__plan__administration__in=reach.whole_bodies)
        return self.filter(Q(office__in=reach.own_offices) | whole)
