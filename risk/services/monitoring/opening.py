"""Opening a round: which measures it asks about, of which office, and what is wrong before.

All set-wise: the statements are as many for 30 measures as for 8,000.
"""

import hashlib
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from registry import clock
from registry.acts import Act, RuleRefused
from registry.models import Office, User
from registry.readable import grouped
from registry.services.bulk import create_in_bulk, update_in_bulk
from registry.services.rows import store
from risk.enums import RoundCoverage, RoundState, RoundVerb, Scale
from risk.models import (
    Assessment,
    MeasureTarget,
    MonitoringRound,
    PlannedMeasure,
    RoundAnswer,
    RoundItem,
)
from risk.services.monitoring.rounds import KIND, locked_round, move_round
from risk.services.monitoring.sampling import drawn_uids
from risk.services.treatment.terms import values_of, with_programme

UNASSIGNED = "round-unassigned"
_NAMED = ("annex__office", "responsible_office")


@dataclass(frozen=True)
class ProgrammeFault:
    """What is wrong with the programming of a measure, told before a round opens."""

    code: str
    measure: PlannedMeasure
    sentence: str
    blocks: bool = False


_FAULTS: dict[str, str | Promise] = {
    UNASSIGNED: gettext_lazy("nessun ufficio ne risponde: scegli chi risponde"),
    "no-indicator": gettext_lazy("nessun indicatore: l’esito sarà «non monitorabile»"),
    "no-master": gettext_lazy("nessun indicatore principale: l’esito sarà «non valutabile»"),
    "no-target": gettext_lazy("manca il valore atteso: l’esito sarà «non valutabile»"),
    "target-already-met-at-baseline": gettext_lazy(
        "il valore atteso era già raggiunto in partenza"
    ),
}
"""Faults by their code, as a sentence goes on after the name of the measure."""


def asked_measures(row: MonitoringRound) -> QuerySet[PlannedMeasure]:
    """Return the measures a round asks about, as its coverage says.

    From a level up: those put on a process judged so, or on part of one, and all that are said for
    a whole office or plan. Of a sample: those that were drawn, none before the draw. Archived
    processes ask for nothing.
    """
    rows = PlannedMeasure.objects.filter(plan=row.plan_id).in_use()
    if row.coverage == RoundCoverage.SAMPLE:
        return rows.filter(uid__in=drawn_uids(row))
    if row.coverage == RoundCoverage.ALL or row.level is None:
        return rows
    judged = Assessment.objects.filter(
        level__method=row.level.method_id,
        level__scale=Scale.OVERALL,
        level__ordinal__gte=row.level.ordinal,
    ).order_by()
    processes = judged.filter(process__annex__plan=row.plan_id).values("process")
    by_behaviour = judged.filter(behaviour__process__annex__plan=row.plan_id)
    condition = Q()
    for way in MeasureTarget.PROCESS_PATHS:
        condition |= Q(**{f"{way}__in": processes})
        condition |= Q(**{f"{way}__in": by_behaviour.values("behaviour__process")})
    living = MeasureTarget.objects.filter(**MeasureTarget.ON_LIVING)
    targets = living.filter(condition, planned_measure__plan=row.plan_id).order_by()
    return rows.filter(Q(pk__in=targets.values("planned_measure")) | Q(scope__in=("plan", "annex")))


def written_office_of(measure: PlannedMeasure) -> Office | None:
    """Return the office of a measure as its programme says it, which may be closed by now."""
    if measure.responsible_office is not None:
        return measure.responsible_office
    return measure.annex.office if measure.annex else None


def office_of(measure: PlannedMeasure) -> int | None:
    """Return the key of the office that answers for a measure; None where nobody does.

    Nobody does in an office that is closed: nobody joins it any more.
    """
    office = written_office_of(measure)
    return None if office is None or office.retired_on is not None else office.pk


def unassigned(row: MonitoringRound) -> QuerySet[PlannedMeasure]:
    """Return what a round would ask whose office is to be said: it has none, or one now closed."""
    rows = asked_measures(row).select_related(*_NAMED)
    closed = Q(responsible_office__retired_on__isnull=False)
    closed |= Q(responsible_office=None, annex__office__retired_on__isnull=False)
    return rows.filter(closed | Q(responsible_office=None, annex=None))


def _assigned(row: MonitoringRound) -> dict[int, RoundItem]:
    """Return what was assigned to an office that still is one, by the key of its measure."""
    items = row.items.filter(office__retired_on=None)
    return {item.planned_measure_id: item for item in items}


def faults_of(row: MonitoringRound) -> list[ProgrammeFault]:
    """Return what is wrong with what a round would ask, what blocks its opening first."""
    assigned = _assigned(row)
    found = [
        ProgrammeFault(code, measure, _sentence(code, measure), blocks=code == UNASSIGNED)
        for measure in with_programme(asked_measures(row)).order_by("measure__folded", "pk")
        for code in _codes_of(measure, assigned)
    ]
    return sorted(found, key=lambda fault: not fault.blocks)


def _sentence(code: str, measure: PlannedMeasure) -> str:
    office = written_office_of(measure)
    if code != UNASSIGNED or office is None:
        return str(_FAULTS[code])
    told = {"office": office.name, "day": f"{office.retired_on:%d/%m/%Y}"}
    return _("«%(office)s», che ne risponde, è chiuso dal %(day)s") % told


def _codes_of(measure: PlannedMeasure, assigned: Collection[int]) -> Iterable[str]:
    if office_of(measure) is None and measure.pk not in assigned:
        yield UNASSIGNED
    indicators = list(measure.progress_indicators.all())
    masters = [one for one in indicators if one.is_master]
    if not indicators:
        yield "no-indicator"
    elif len(masters) != 1:
        yield "no-master"
    elif masters[0].target is None:
        yield "no-target"
    elif masters[0].baseline is not None and masters[0].baseline == masters[0].target:
        yield "target-already-met-at-baseline"


def assign_office(
    *, row: MonitoringRound, measure: PlannedMeasure, office: Office, by: User
) -> None:
    """Say which office answers, in this round, for a measure that has none, or a closed one.

    One act. Raises `RuleRefused` once the round is open, or for a measure that has its office.
    """
    with locked_round(row, kind=KIND, by=by) as locked:
        if locked.state != RoundState.DRAFT:
            raise RuleRefused(_("Chi risponde si sceglie prima dell’apertura."))
        if office_of(measure) is not None:
            raise RuleRefused(_("Di questa misura risponde già un ufficio."))
        item = RoundItem.objects.filter(round=locked, planned_measure=measure).first()
        item = item or RoundItem(round=locked, planned_measure=measure)
        item.office = office
        store(item, sure={"round", "planned_measure"})


def hindrance_of(row: MonitoringRound) -> str:
    """Return why people do not open a round now, whoever answers; "" where they may.

    Two statements at most.
    """
    if row.answers_by < clock.today():
        sentence = _(
            "Il termine delle risposte, %(day)s, è già passato: con «Modifica» se ne scrive un "
            "altro."
        )
        return sentence % {"day": f"{row.answers_by:%d/%m/%Y}"}
    return "" if asked_measures(row).exists() else _nothing(row)


def _nothing(row: MonitoringRound) -> str:
    if row.coverage == RoundCoverage.SAMPLE:
        return _("Prima di aprire si estrae il campione.")
    return _("Con questi criteri non si chiede alcuna misura.")


def asked_offices(row: MonitoringRound) -> Counter[int | None]:
    """Return how many measures a round would ask of each office, by key; four statements at most.

    Raises `RuleRefused` for what its opening would refuse.
    """
    if why := hindrance_of(row):
        raise RuleRefused(why)
    assigned = _assigned(row)
    found = Counter(
        assigned[one.pk].office_id if one.pk in assigned else office_of(one)
        for one in asked_measures(row).select_related(*_NAMED)
    )
    _refuse_nobodys(found[None])
    return found


def open_round(*, row: MonitoringRound, by: User, in_time: bool = False) -> None:
    """Open a round: a row for each measure, with its answer to be written. One act.

    People open it `in_time`: what is loaded of a year that is over opens after its term too. Raises
    `RuleRefused` where a measure has no office, nothing is asked, or the term is past.
    """

    def ask(locked: MonitoringRound, opened: Act) -> None:
        if in_time and (why := hindrance_of(locked)):
            raise RuleRefused(why)
        opened.detail["measures"] = _ask(locked, opened, by)

    move_round(row=row, verb=RoundVerb.OPEN, by=by, before=ask)


def _ask(row: MonitoringRound, opened: Act, by: User) -> int:
    measures = list(with_programme(asked_measures(row)).order_by("pk"))
    assigned = _assigned(row)
    nobodys = [one for one in measures if office_of(one) is None and one.pk not in assigned]
    if not measures:
        raise RuleRefused(_nothing(row))
    _refuse_nobodys(len(nobodys))
    kept = [one for one in measures if one.pk in assigned]
    _drop_others(row, {one.pk for one in kept})
    for measure in kept:
        assigned[measure.pk].asked = asked_digest(measure)
    update_in_bulk([assigned[one.pk] for one in kept], fields=["asked"], opened=opened)
    made: list[Any] = [
        RoundItem(
            round=row,
            planned_measure=one,
            office_id=office_of(one),
            asked=asked_digest(one),
        )
        for one in measures
        if one.pk not in assigned
    ]
    create_in_bulk(made, kind=KIND, by=by)
    items = RoundItem.objects.filter(round=row).order_by("pk").only("pk")
    create_in_bulk([RoundAnswer(item=item) for item in items], kind=KIND, by=by)
    return len(measures)


def _refuse_nobodys(count: int) -> None:
    if count:
        sentence = ngettext(
            "Di %(n)s misura non risponde alcun ufficio: scegli chi ne risponde.",
            "Di %(n)s misure non risponde alcun ufficio: scegli chi risponde di ciascuna.",
            count,
        )
        raise RuleRefused(sentence % {"n": grouped(count)}, code=UNASSIGNED)


def _drop_others(row: MonitoringRound, kept: Collection[int]) -> None:
    """Delete what was assigned in the draft and counts no more: other criteria, or its office."""
    for item in row.items.all():
        if item.planned_measure_id not in kept:
            item.delete()


def asked_digest(measure: PlannedMeasure) -> str:
    """Return the SHA-256 of what a measure of `with_programme` says is to be done and reached."""
    lines = [
        str(measure.uid),
        *(f"{one.description}|{one.timing}|{one.due_on}" for one in measure.steps.all()),
        *(f"{one.label}|{values_of(one)}" for one in measure.progress_indicators.all()),
    ]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
