"""Whom open remarks wait for: who works at the annex until they answer, then who made them."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from django.db.models import OuterRef, QuerySet, Subquery
from django.urls import reverse
from django.utils.translation import ngettext

from registry.enums import ADOPTED_PLAN_STATES
from registry.kept_statements import KeptStatement
from registry.models import Action, Annex, Phase, User
from registry.permissions import reach_of, roles_on
from registry.readable import grouped
from registry.roles import EDITING, OF_OFFICE
from risk.models import Remark, RemarkAnswer

OFFICE = OF_OFFICE & EDITING
"""Who works at an annex, and is asked to answer."""


@dataclass(frozen=True)
class Waiting:
    """Open remarks of the plans still made, by annex, and which offices execute their processes."""

    by_annex: dict[Annex, list[Remark]]
    executors: dict[int, set[int]] = field(default_factory=dict)


def open_remarks(people: Iterable[User]) -> Waiting:
    """Return the open remarks in the bodies people belong to: three queries for all of them."""
    bodies = {body for person in people for body in reach_of(person).administrations}
    by_annex: dict[Annex, list[Remark]] = defaultdict(list)
    for row in _OPEN(bodies):
        by_annex[row.annex].append(row)
    processes = {
        row.process_id for remarks in by_annex.values() for row in remarks if row.process_id
    }
    return Waiting(by_annex, _executors(processes))


def _open(bodies: Collection[int]) -> QuerySet[Remark]:
    last = RemarkAnswer.objects.filter(remark=OuterRef("pk")).order_by("-pk")
    return (
        Remark.objects.open()
        .filter(annex__plan__administration__in=bodies)
        .exclude(annex__plan__state__in=ADOPTED_PLAN_STATES)
        .select_related("annex__plan__administration", "annex__office__administration")
        .annotate(answered_by=Subquery(last.values("by")[:1]))
        .order_by("annex__plan_id", "annex__office__folded", "pk")
    )


_OPEN = KeptStatement(_open)


def lines_for(person: User, waiting: Waiting) -> Iterable[tuple[str, str, Annex]]:
    """Yield what waits for one person: a sentence, the path of the page it is done on, the annex.

    A person who no longer reads the row is told nothing of it.
    """
    for annex, rows in waiting.by_annex.items():
        name = f"{annex.printed_office_name}, {annex.plan.title}"
        roles, own = roles_on(person, annex), reach_of(person).own_offices
        if roles & OFFICE:
            asked = [row for row in rows if _last_word(row) == row.by_id != person.pk]
            if asked:
                sentence = ngettext(
                    "%(annex)s: %(n)s osservazione aperta.",
                    "%(annex)s: %(n)s osservazioni aperte.",
                    len(asked),
                )
                line = sentence % {"annex": name, "n": grouped(len(asked))}
                yield line, _address(annex, asked), annex
        answered = [
            row
            for row in rows
            if row.by_id == person.pk != _last_word(row)
            and (roles or own & waiting.executors.get(row.process_id, set()))
        ]
        if answered:
            sentence = ngettext(
                "%(annex)s: hanno risposto a una tua osservazione.",
                "%(annex)s: hanno risposto a %(n)s tue osservazioni.",
                len(answered),
            )
            line = sentence % {"annex": name, "n": grouped(len(answered))}
            yield line, reverse("risk:remark", args=[answered[0].uid]), annex


def _address(annex: Annex, asked: list[Remark]) -> str:
    """Return the page of the one remark, or of those of the annex when they are more."""
    if len(asked) == 1:
        return reverse("risk:remark", args=[asked[0].uid])
    return reverse("risk:remarks", args=[annex.uid])


def _last_word(remark: Remark) -> int:
    return remark.answered_by or remark.by_id


def _executors(processes: set[int]) -> dict[int, set[int]]:
    """Return the offices that execute a part of each process; none without processes."""
    if not processes:
        return {}
    executors: dict[int, set[int]] = defaultdict(set)
    named = {"executor_office__isnull": False}
    for model, way in ((Phase, "process"), (Action, "phase__process")):
        rows = model.objects.filter(**{f"{way}__in": processes}, **named).order_by()
        for process, office in rows.values_list(way, "executor_office"):
            executors[process].add(office)
    return executors
