"""What has moved since a process was copied: each a row of a table, by one function.

A process with a cause is opened and decided by itself. A function is given the copied processes of
annexes and yields the key of each process it speaks of, with what a person is to look at, in
Italian, and marks of the things that moved: whoever has looked at those is asked again of another.
It takes as many statements for one process as for a thousand. A cause more is one function and one
row of `CAUSES`.

What happened to the edition before happened also to an update it had since: both are looked at, and
of each row its ancestors in them (`risk.content.earlier_rows`).
"""

import datetime
import uuid
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.utils.translation import ngettext

from registry import clock
from registry.models import Action, Office, Phase, Plan, Process
from registry.normalise import short
from registry.readable import grouped
from risk.content.adopted_names import adopted_office_names
from risk.content.canonical import digest_of
from risk.content.earlier_rows import of_measures_before, origins, plans_before
from risk.content.kept import KeptProcess
from risk.content.rows import on_processes
from risk.enums import (
    ContributionSubject,
    DeclaredOutcome,
    DerivedOutcome,
    RoundState,
    StartState,
)
from risk.judgements import PROPOSING, SuitabilityJudgement
from risk.models import (
    Assessment,
    Contribution,
    Fact,
    ImplementationStep,
    MeasureTarget,
    Remark,
    RiskBehaviour,
    RoundItem,
    Suitability,
)
from risk.scoring.kinds import scoring_of
from risk.scoring.outcomes import CAME_OUT_BADLY, is_declared_late

Found = Iterator[tuple[int, str, Sequence[str]]]
"""The key of a process, what is to be looked at in it, and a mark of each thing that moved."""

_MARK = 16
"""Signs of a mark as it is kept: what it was made of is told nowhere."""


@dataclass(frozen=True)
class Copies:
    """Copied processes of one plan, with what the causes have to know of the plans before it."""

    plan: Plan
    rows: Sequence[KeptProcess]

    @cached_property
    def keys(self) -> list[int]:
        """The keys of the processes."""
        return [row.pk for row in self.rows]

    @cached_property
    def before(self) -> tuple[int, ...]:
        """The keys of the plans before it, the edition last; one statement."""
        return plans_before(self.plan)

    def of_measures_before(self) -> Q:
        """Return the filter for what hangs on an ancestor of the planned measure of a target."""
        return of_measures_before(len(self.before), "planned_measure")


@dataclass(frozen=True)
class Cause:
    """One thing that may have moved; `label` is how it is called on pages and on paper."""

    code: str
    label: str | Promise
    find: Callable[[Copies], Found]
    needs_change: bool = False
    """Whether looking at it is not enough: the process has to say something else."""


@dataclass(frozen=True)
class CauseFound:
    """A cause as it is found in one process; `detail` says what is to be looked at."""

    cause: Cause
    detail: str
    marks: tuple[str, ...]
    """Of each thing that moved the beginning of a digest."""


_HOME = Coalesce(*MeasureTarget.PROCESS_PATHS)
"""The process of what a measure is put on."""


def causes_of(processes: Sequence[KeptProcess]) -> dict[int, list[CauseFound]]:
    """Return what has moved in copied processes, by key, in the order of the table."""
    found: dict[int, list[CauseFound]] = defaultdict(list)
    by_plan: dict[int, list[KeptProcess]] = defaultdict(list)
    for row in processes:
        by_plan[row.annex.plan_id].append(row)
    for rows in by_plan.values():
        copies = Copies(rows[0].annex.plan, rows)
        for cause in CAUSES:
            for key, detail, marks in cause.find(copies):
                kept = tuple(sorted({digest_of(mark)[:_MARK] for mark in marks}))
                found[key].append(CauseFound(cause, detail, kept))
    return found


def old_assessments(copies: Copies) -> Found:
    """Yield the processes with a level judged more than the years of its method ago.

    Of a judgement without a day nobody knows how old it is. One statement.
    """
    today = clock.today()
    rows = Assessment.objects.filter(
        Q(process__in=copies.keys) | Q(behaviour__process__in=copies.keys)
    )
    rows = rows.filter(assessed_on__isnull=False, level__isnull=False)
    home = Coalesce("process", "behaviour__process")
    oldest: dict[int, tuple[datetime.date, int]] = {}
    for key, day, kind in rows.values_list(home, "assessed_on", "method__kind"):
        years = scoring_of(kind).review_years
        if clock.later(day, years) <= today:
            oldest[key] = min(oldest.get(key, (day, years)), (day, years))
    for key, (day, years) in sorted(oldest.items()):
        text = _("un giudizio è del %(day)s: il metodo chiede di rivederlo ogni %(years)s anni")
        told = {"day": date_format(day, "d/m/Y"), "years": grouped(years)}
        yield key, text % told, (str(day),)


def repealed_acts(copies: Copies) -> Found:
    """Yield the processes that cite what is repealed by now, as the rule of the texts found it."""
    for row in copies.rows:
        cited = [values["reference"] for _anchor, values in row.findings.get("text-repealed", ())]
        if cited:
            acts = sorted({*cited})
            told = ngettext(
                "è citato %(acts)s, abrogato", "sono citati %(acts)s, abrogati", len(acts)
            )
            yield row.pk, told % {"acts": "; ".join(acts)}, acts


def changed_offices(copies: Copies) -> Found:
    """Yield the processes a phase or action of which is carried out by who is no more, or is called
    otherwise than as the edition before was adopted. Four statements."""
    now = dict(_renamed(copies))
    told: dict[int, set[str]] = defaultdict(set)
    for rows, home in (
        (Phase.objects.filter(process__in=copies.keys), "process"),
        (Action.objects.filter(phase__process__in=copies.keys), "phase__process"),
    ):
        gone = Q(executor_office__retired_on__isnull=False)
        gone |= Q(executor_role__retired_on__isnull=False) | Q(executor_office__in=now)
        for key, office, name, role, left in rows.filter(gone).values_list(
            *(home, "executor_office", "executor_office__name", "executor_role__label"),
            "executor_office__retired_on",
        ):
            told[key].add(_moved(name, role, now.get(office), is_gone=left is not None))
    for key, sentences in sorted(told.items()):
        yield key, "; ".join(sorted(sentences)), sorted(sentences)


def _renamed(copies: Copies) -> Iterator[tuple[int, str]]:
    """Yield the offices of the body that had another name in the edition before, with that name."""
    if not copies.before:
        return
    before = adopted_office_names(Plan.objects.get(pk=copies.before[-1]))
    names = Office.objects.filter(administration=copies.plan.administration_id)
    for key, name in names.values_list("pk", "name"):
        if before.get(key, name) != name:
            yield key, before[key]


def _moved(name: str | None, role: str | None, before: str | None, *, is_gone: bool) -> str:
    if is_gone:
        return _("l’ufficio «%(office)s» non c’è più") % {"office": name}
    if before:
        return _("«%(before)s» si chiama ora «%(now)s»") % {"before": before, "now": name}
    return _("l’esecutore «%(role)s» non è più in uso") % {"role": role}


def open_remarks(copies: Copies) -> Found:
    """Yield the processes on which a remark of the edition before was left open. One statement."""
    left = Remark.objects.filter(closed_at=None).order_by()
    ways = ["process" + "__successors" * step for step in range(1, len(copies.before) + 1)]
    first, *others = (
        left.filter(**{f"{way}__in": copies.keys}).values_list("pk", way, "uid", "text")
        for way in ways
    )
    for _pk, key, uid, text in sorted(first.union(*others, all=True)):
        yield key, _("osservazione lasciata aperta: «%(text)s»") % {"text": short(text)}, [str(uid)]


def late_measures(copies: Copies) -> Found:
    """Yield the processes with a measure that is not carried out though a term of it has passed.

    The terms are its own and those it had in the edition before. What the last closed round said
    of it counts (`_is_late`). Measures of a whole office or plan are no process’s. One statement,
    and one where a round has asked.
    """
    own = Q(planned_measure=OuterRef("planned_measure")) | copies.of_measures_before()
    passed = ImplementationStep.objects.filter(own, due_on__lt=clock.today()).order_by("-due_on")
    rows = MeasureTarget.objects.filter(
        on_processes(copies.keys), planned_measure__start_state__in=_NOT_DONE
    )
    rows = rows.annotate(home=_HOME, due=Subquery(passed.values("due_on")[:1]))
    rows = rows.filter(due__isnull=False)
    rows = rows.annotate(last=Subquery(_asked(copies).values("pk")[:1]))
    told = list(
        rows.values_list(
            *("home", "planned_measure__measure__label", "planned_measure__uid", "due", "last")
        )
    )
    said = _said_in({last for *_rest, last in told if last is not None})
    late: dict[int, set[tuple[str, str]]] = defaultdict(set)
    for key, label, uid, due, last in told:
        if last is None or _is_late(due, *said[last]):
            late[key].add((label, str(uid)))
    for key, found in sorted(late.items()):
        labels = sorted({label for label, _uid in found})
        text = ngettext(
            "termini passati senza che sia attuata: %(measures)s",
            "termini passati senza che siano attuate: %(measures)s",
            len(labels),
        )
        yield key, text % {"measures": "; ".join(labels)}, [uid for _label, uid in found]


def _is_late(
    due: datetime.date,
    outcome: str,
    declared: str | None,
    days: int | None,
    until: datetime.date,
) -> bool:
    """Tell whether a measure is late whose last passed term was `due`.

    What a round found carried out, or without a case, has no term any more; of what it found in
    time, or not due, the terms of after the day it speaks of count.
    """
    if outcome in _ENDED:
        return False
    in_time = outcome == DerivedOutcome.NOT_DUE or (
        outcome == DerivedOutcome.IN_PROGRESS
        and not is_declared_late(outcome, declared or "", days)
    )
    return not in_time or due > until


def _asked(copies: Copies) -> QuerySet[RoundItem]:
    """Return what closed rounds asked of the measure a target was copied with, the last first."""
    ended = RoundItem.objects.filter(round__state__in=(RoundState.CLOSED, RoundState.ISSUED))
    return ended.filter(copies.of_measures_before()).order_by("-round__situation_on", "-round")


def _said_in(items: Collection[int]) -> dict[int, tuple]:
    """Return by key what `_is_late` asks of items; one statement, of none without any."""
    rows = RoundItem.objects.filter(pk__in=items)
    columns = ("outcome", "answer__declared", "late_days", "round__situation_on")
    return {key: tuple(said) for key, *said in rows.values_list("pk", *columns)}


def monitored_measures(copies: Copies) -> Found:
    """Yield the processes with a measure that came out badly when it was monitored.

    That is: late, failed, unanswered or never measured, in the last closed round that asked for
    the measure it was copied from. Measures of a whole office or plan are no process’s. One
    statement.
    """
    items = RoundItem.objects.filter(planned_measure__plan__in=copies.before)
    bad = items.filter(Q(outcome__in=CAME_OUT_BADLY) | Q(answer__declared=DeclaredOutcome.LATE))
    rows = MeasureTarget.objects.filter(on_processes(copies.keys))
    asked = _asked(copies)
    rows = rows.alias(last=Subquery(asked.values("pk")[:1])).filter(last__in=bad.values("pk"))
    said = (Subquery(asked.values(column)[:1]) for column in ("outcome", "round__label"))
    told = rows.values_list(_HOME, "planned_measure__measure__label", *said)
    found: dict[int, set[str]] = defaultdict(set)
    for key, label, outcome, name in told:
        values = {"measure": label, "outcome": DerivedOutcome(outcome).label, "round": name}
        found[key].add(_("%(measure)s: %(outcome)s («%(round)s»)") % values)
    for key, sentences in sorted(found.items()):
        text = _("misure al monitoraggio – %(said)s") % {"said": "; ".join(sorted(sentences))}
        yield key, text, sorted(sentences)


def unsuitable_measures(copies: Copies) -> Found:
    """Yield the processes with a measure that was found in need of change where it was copied from.

    The last year it was judged counts. Measures of a whole office or plan are no process’s. One
    statement.
    """
    given = Suitability.objects.filter(copies.of_measures_before(), replaced_by=None)
    given = given.order_by("-year", "-planned_measure")
    rows = MeasureTarget.objects.filter(on_processes(copies.keys)).annotate(
        judged=Subquery(given.values("judgement")[:1]), year=Subquery(given.values("year")[:1])
    )
    told = rows.filter(judged__in=PROPOSING).annotate(home=_HOME)
    found: dict[int, set[str]] = defaultdict(set)
    for key, label, judged, year in told.values_list(
        "home", "planned_measure__measure__label", "judged", "year"
    ):
        values = {"measure": label, "judged": SuitabilityJudgement(judged).label, "year": year}
        found[key].add(_("%(measure)s: %(judged)s (%(year)s)") % values)
    for key, sentences in sorted(found.items()):
        text = _("idoneità delle misure – %(said)s") % {"said": "; ".join(sorted(sentences))}
        yield key, text, sorted(sentences)


def facts_recorded(copies: Copies) -> Found:
    """Yield the processes that a fact recorded on the edition before concerns, or a behaviour of.

    Of a fact its kind and year are told, nothing else. One statement where there is none.
    """
    rows = Fact.objects.filter(plan__in=copies.before, replaced_by=None, count__gt=0)
    facts = list(rows.order_by("-year", "pk"))
    if not facts:
        return
    uids: dict[int, set[str]] = defaultdict(set)
    columns = [f"{name}_uid" for name in origins(len(copies.before))]
    for rows_of, home in (
        (Process.objects.filter(pk__in=copies.keys), "pk"),
        (RiskBehaviour.objects.filter(process__in=copies.keys), "process"),
    ):
        for key, *before in rows_of.values_list(home, *columns):
            uids[key].update(map(str, before))
    for key, own in sorted(uids.items()):
        told = [one for one in facts if own & set(one.uids)]
        names = [f"{one.get_kind_display()} ({one.year})" for one in told]
        if names:
            said = {"facts": "; ".join(dict.fromkeys(names))}
            text = _("fatti registrati che lo riguardano – %(facts)s") % said
            yield key, text, [str(one.uid) for one in told]


def contributions_received(copies: Copies) -> Found:
    """Yield the processes that somebody spoke of in the consultation of the plan. One statement."""
    keys = {uuid.UUID(row.uid): row.pk for row in copies.rows}
    rows = Contribution.objects.filter(about=ContributionSubject.PROCESS, about_uid__in=keys)
    for uid, number, text in rows.order_by("pk").values_list("about_uid", "number", "text"):
        told = {"number": number, "text": short(text)}
        yield keys[uid], _("contributo n. %(number)s: «%(text)s»") % told, [str(number)]


_ENDED = (DerivedOutcome.DONE, DerivedOutcome.UNPROVEN, DerivedOutcome.NO_CASE)
_NOT_DONE = (StartState.UNKNOWN, StartState.TO_START, StartState.IN_PROGRESS)

CAUSES: tuple[Cause, ...] = (
    Cause("assessment-old", _l("giudizio da rivedere"), old_assessments, needs_change=True),
    Cause("act-repealed", _l("atto abrogato"), repealed_acts),
    Cause("office-changed", _l("ufficio o esecutore cambiato"), changed_offices),
    Cause("remark-open", _l("osservazione aperta"), open_remarks),
    Cause("measure-late", _l("misura in ritardo"), late_measures),
    Cause("measure-monitored", _l("esito del monitoraggio"), monitored_measures),
    Cause("measure-unsuitable", _l("idoneità della misura"), unsuitable_measures),
    Cause("fact-recorded", _l("fatto registrato"), facts_recorded),
    Cause("contribution", _l("contributo alla consultazione"), contributions_received),
)
