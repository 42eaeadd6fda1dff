"""What has moved since a process was copied: each a row of a table, by one function.

A process with a cause is opened and decided by itself. A function is given the copied processes of
annexes and yields the key of each process it speaks of, with what a person is to look at, in
Italian; it takes as many statements for one process as for a thousand. A cause more is one function
and one row of `CAUSES`.
"""

import datetime
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.utils.translation import ngettext

from registry import clock
from registry.models import Action, Office, Phase, Process
from registry.normalise import short
from registry.readable import grouped
from risk.content.adopted_names import adopted_office_names
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

Found = Iterator[tuple[int, str]]


@dataclass(frozen=True)
class Cause:
    """One thing that may have moved; `label` is how it is called on pages and on paper."""

    code: str
    label: str | Promise
    find: Callable[[Sequence[KeptProcess]], Found]
    needs_change: bool = False
    """Whether looking at it is not enough: the process has to say something else."""


@dataclass(frozen=True)
class CauseFound:
    """A cause as it is found in one process; `detail` says what is to be looked at."""

    cause: Cause
    detail: str


_HOME = Coalesce(*MeasureTarget.PROCESS_PATHS)
"""The process of what a measure is put on."""


def causes_of(processes: Sequence[KeptProcess]) -> dict[int, list[CauseFound]]:
    """Return what has moved in copied processes, by key, in the order of the table."""
    found: dict[int, list[CauseFound]] = defaultdict(list)
    for cause in CAUSES if processes else ():
        for key, detail in cause.find(processes):
            found[key].append(CauseFound(cause, detail))
    return found


def old_assessments(processes: Sequence[KeptProcess]) -> Found:
    """Yield the processes with a level judged more than the years of its method ago.

    Of a judgement without a day nobody knows how old it is. One statement.
    """
    keys, today = [row.pk for row in processes], clock.today()
    rows = Assessment.objects.filter(Q(process__in=keys) | Q(behaviour__process__in=keys))
    rows = rows.filter(assessed_on__isnull=False, level__isnull=False)
    home = Coalesce("process", "behaviour__process")
    oldest: dict[int, tuple[datetime.date, int]] = {}
    for key, day, kind in rows.values_list(home, "assessed_on", "method__kind"):
        years = scoring_of(kind).review_years
        if clock.later(day, years) <= today:
            oldest[key] = min(oldest.get(key, (day, years)), (day, years))
    for key, (day, years) in sorted(oldest.items()):
        text = _("un giudizio è del %(day)s: il metodo chiede di rivederlo ogni %(years)s anni")
        yield key, text % {"day": date_format(day, "d/m/Y"), "years": grouped(years)}


def repealed_acts(processes: Sequence[KeptProcess]) -> Found:
    """Yield the processes that cite what is repealed by now, as the rule of the texts found it."""
    for row in processes:
        cited = [values["reference"] for _anchor, values in row.findings.get("text-repealed", ())]
        if cited:
            acts = sorted({*cited})
            told = ngettext(
                "è citato %(acts)s, abrogato", "sono citati %(acts)s, abrogati", len(acts)
            )
            yield row.pk, told % {"acts": "; ".join(acts)}


def changed_offices(processes: Sequence[KeptProcess]) -> Found:
    """Yield the processes a phase or action of which is carried out by who is no more, or is called
    otherwise than as the edition before was adopted. Four statements for one plan."""
    keys = [row.pk for row in processes]
    now = dict(_renamed(processes))
    told: dict[int, set[str]] = defaultdict(set)
    for rows, home in (
        (Phase.objects.filter(process__in=keys), "process"),
        (Action.objects.filter(phase__process__in=keys), "phase__process"),
    ):
        gone = Q(executor_office__retired_on__isnull=False)
        gone |= Q(executor_role__retired_on__isnull=False) | Q(executor_office__in=now)
        for key, office, name, role, left in rows.filter(gone).values_list(
            *(home, "executor_office", "executor_office__name", "executor_role__label"),
            "executor_office__retired_on",
        ):
            told[key].add(_moved(name, role, now.get(office), is_gone=left is not None))
    for key, sentences in sorted(told.items()):
        yield key, "; ".join(sorted(sentences))


def _renamed(processes: Sequence[KeptProcess]) -> Iterator[tuple[int, str]]:
    """Yield the offices of the body that had another name in the edition before, with that name."""
    plans = {row.annex.plan_id: row.annex.plan for row in processes}
    for plan in plans.values():
        if plan.origin is None:
            continue
        before = adopted_office_names(plan.origin)
        names = Office.objects.filter(administration=plan.administration_id)
        for key, name in names.values_list("pk", "name"):
            if before.get(key, name) != name:
                yield key, before[key]


def _moved(name: str | None, role: str | None, before: str | None, *, is_gone: bool) -> str:
    if is_gone:
        return _("l’ufficio «%(office)s» non c’è più") % {"office": name}
    if before:
        return _("«%(before)s» si chiama ora «%(now)s»") % {"before": before, "now": name}
    return _("l’esecutore «%(role)s» non è più in uso") % {"role": role}


def open_remarks(processes: Sequence[KeptProcess]) -> Found:
    """Yield the processes on which a remark of the edition before was left open. One statement."""
    keys = [row.pk for row in processes]
    rows = Remark.objects.filter(process__successors__in=keys, closed_at=None)
    for key, text in rows.order_by("pk").values_list("process__successors", "text"):
        yield key, _("osservazione lasciata aperta: «%(text)s»") % {"text": short(text)}


def late_measures(processes: Sequence[KeptProcess]) -> Found:
    """Yield the processes with a measure that is not carried out though a term of it has passed.

    The terms are its own and those it had in the edition before. Measures of a whole office or plan
    are no process’s. One statement.
    """
    keys, today = [row.pk for row in processes], clock.today()
    passed = ImplementationStep.objects.filter(due_on__lt=today)
    now, before = OuterRef("planned_measure"), OuterRef("planned_measure__origin")
    rows = MeasureTarget.objects.filter(on_processes(keys)).filter(
        Exists(passed.filter(planned_measure=now)) | Exists(passed.filter(planned_measure=before)),
        planned_measure__start_state__in=_NOT_DONE,
    )
    told = rows.annotate(home=_HOME, label=F("planned_measure__measure__label"))
    late: dict[int, list[str]] = defaultdict(list)
    for key, label in told.order_by("label").values_list("home", "label").distinct():
        late[key].append(label)
    for key, labels in sorted(late.items()):
        told = ngettext(
            "termini passati senza che sia attuata: %(measures)s",
            "termini passati senza che siano attuate: %(measures)s",
            len(labels),
        )
        yield key, told % {"measures": "; ".join(labels)}


def monitored_measures(processes: Sequence[KeptProcess]) -> Found:
    """Yield the processes with a measure that came out badly when it was monitored.

    That is: late, failed, unanswered or never measured, in the last closed round that asked for
    the measure it was copied from. Measures of a whole office or plan are no process’s. One
    statement.
    """
    keys = [row.pk for row in processes]
    asked = RoundItem.objects.filter(
        planned_measure=OuterRef("planned_measure__origin"),
        round__state__in=(RoundState.CLOSED, RoundState.ISSUED),
    ).order_by("-round__situation_on", "-round")
    rows = MeasureTarget.objects.filter(on_processes(keys)).alias(
        last=Subquery(asked.values("pk")[:1])
    )
    item = "planned_measure__origin__round_items"
    late = Q(**{f"{item}__answer__declared": DeclaredOutcome.LATE})
    rows = rows.filter(Q(**{f"{item}__outcome__in": _CAME_OUT_BADLY}) | late, **{item: F("last")})
    told = rows.annotate(home=_HOME).values_list(
        *("home", "planned_measure__measure__label"),
        *(f"{item}__{name}" for name in ("outcome", "round__label")),
    )
    found: dict[int, set[str]] = defaultdict(set)
    for key, label, outcome, name in told:
        values = {"measure": label, "outcome": DerivedOutcome(outcome).label, "round": name}
        found[key].add(_("%(measure)s: %(outcome)s («%(round)s»)") % values)
    for key, sentences in sorted(found.items()):
        yield key, _("misure al monitoraggio – %(said)s") % {"said": "; ".join(sorted(sentences))}


def unsuitable_measures(processes: Sequence[KeptProcess]) -> Found:
    """Yield the processes with a measure that was found in need of change where it was copied from.

    The last year it was judged counts. Measures of a whole office or plan are no process’s. One
    statement.
    """
    keys = [row.pk for row in processes]
    given = Suitability.objects.filter(
        planned_measure=OuterRef("planned_measure__origin"), replaced_by=None
    ).order_by("-year")
    rows = MeasureTarget.objects.filter(on_processes(keys)).annotate(
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
        yield key, _("idoneità delle misure – %(said)s") % {"said": "; ".join(sorted(sentences))}


def facts_recorded(processes: Sequence[KeptProcess]) -> Found:
    """Yield the processes that a fact recorded on the edition before concerns, or a behaviour of.

    Of a fact its kind and year are told, nothing else. One statement where there is none.
    """
    plans = {row.annex.plan.origin_id for row in processes}
    rows = Fact.objects.filter(plan__in=plans - {None}, replaced_by=None, count__gt=0)
    facts = list(rows.order_by("-year", "pk"))
    if not facts:
        return
    keys = [row.pk for row in processes]
    origins: dict[int, set[str]] = defaultdict(set)
    for copies, home in (
        (Process.objects.filter(pk__in=keys), "pk"),
        (RiskBehaviour.objects.filter(process__in=keys), "process"),
    ):
        for key, uid in copies.values_list(home, "origin_uid"):
            origins[key].add(str(uid))
    for key, uids in sorted(origins.items()):
        told = [one for one in facts if uids & set(one.uids)]
        names = [f"{one.get_kind_display()} ({one.year})" for one in told]
        if names:
            said = {"facts": "; ".join(dict.fromkeys(names))}
            yield key, _("fatti registrati che lo riguardano – %(facts)s") % said


def contributions_received(processes: Sequence[KeptProcess]) -> Found:
    """Yield the processes that somebody spoke of in the consultation of the plan. One statement."""
    keys = {uuid.UUID(row.uid): row.pk for row in processes}
    rows = Contribution.objects.filter(about=ContributionSubject.PROCESS, about_uid__in=keys)
    for uid, number, text in rows.order_by("pk").values_list("about_uid", "number", "text"):
        told = {"number": number, "text": short(text)}
        yield keys[uid], _("contributo n. %(number)s: «%(text)s»") % told


_CAME_OUT_BADLY = (
    DerivedOutcome.NO_ANSWER,
    DerivedOutcome.NOT_MEASURED,
    DerivedOutcome.PARTLY,
    DerivedOutcome.NOT_DONE,
)
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
