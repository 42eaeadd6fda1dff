"""The sample a round asks about: announced with its frozen list, then drawn by a seed.

Whoever has the list, the seed and the percent gets the same measures, without this software
(`docs/sorteggio.md`).
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from registry import clock
from registry.acts import RuleRefused
from registry.models import Plan, Process, User
from registry.permissions import is_rpct_of_plan
from registry.readable import grouped
from registry.services.rows import store
from risk.enums import RoundCoverage, RoundState, Scale
from risk.models import (
    Assessment,
    MeasureTarget,
    MonitoringRound,
    PlannedMeasure,
    Sample,
    SampleDraw,
)
from risk.scoring.sampling import (
    VERSION,
    Drawable,
    LeastShare,
    digest_of_text,
    draw,
    least_share_for,
    population_text,
    read_population,
)
from risk.services.monitoring.rounds import locked_round, record_rows

_WAYS = ("process_id", "phase__process_id", "action__phase__process_id", "behaviour__process_id")
_NO_AREA, _NO_LEVEL = "senza area", "senza livello"


def sample_of(row: MonitoringRound, *, with_lists: bool = True) -> Sample | None:
    """Return the announcement of a round that counts, with its draw; None before there is one."""
    rows = Sample.objects.filter(round=row).select_related("draw__by", "by")
    if not with_lists:
        rows = rows.defer("population", "draw__drawn")
    return rows.order_by("-pk").first()


def announcements_of(row: MonitoringRound) -> list[Sample]:
    """Return all announcements of a round, the first first, without their lists; one statement."""
    rows = Sample.objects.filter(round=row).select_related("by").defer("population")
    return list(rows.order_by("pk"))


def draw_of(sample: Sample | None) -> SampleDraw | None:
    """Return the draw of an announcement; None before it is made."""
    return getattr(sample, "draw", None) if sample is not None else None


def population_of(row: MonitoringRound) -> list[Drawable]:
    """Return the measures of a plan with the stratum of each, in four statements.

    A measure on processes is of the area and level of the riskiest of them, the first by number of
    those alike; one of a whole office or plan is of a stratum of its own. What is put on archived
    processes alone is not among them.
    """
    measures = PlannedMeasure.objects.filter(plan=row.plan_id).in_use().order_by("pk")
    targets = MeasureTarget.objects.filter(planned_measure__plan=row.plan_id).order_by("pk")
    covered: dict[int, set[int]] = {}
    for measure, *ways in targets.values_list("planned_measure_id", *_WAYS):
        covered.setdefault(measure, set()).update(filter(None, ways))
    risks = _risks(row)
    return [
        Drawable(str(uid), _stratum(scope, [risks[p] for p in covered.get(pk, ()) if p in risks]))
        for pk, uid, scope in measures.values_list("pk", "uid", "scope")
    ]


@dataclass(frozen=True, order=True)
class _Risk:
    """A process as it is drawn by: the riskiest first, then by annex and number."""

    below: int
    place: tuple[int, int]
    area: str
    level: str


def _risks(row: MonitoringRound) -> dict[int, _Risk]:
    judged = Assessment.objects.filter(
        Q(process__annex__plan=row.plan_id) | Q(behaviour__process__annex__plan=row.plan_id),
        level__scale=Scale.OVERALL,
        method__plan_methods__plan=row.plan_id,
        method__plan_methods__is_default=True,
    ).order_by()
    levels: dict[int, tuple[int, str]] = {}
    found = judged.values_list(
        "process_id", "behaviour__process_id", "level__ordinal", "level__label"
    )
    for process, by_behaviour, ordinal, label in found:
        key = process or by_behaviour
        levels[key] = max(levels.get(key, (ordinal, label)), (ordinal, label))
    processes = Process.objects.in_use().filter(annex__plan=row.plan_id).order_by()
    told = processes.values_list("pk", "annex_id", "number", "risk_area__code")
    return {
        pk: _Risk(-levels.get(pk, (0, ""))[0], (annex, number), area or "", levels[pk][1])
        if pk in levels
        else _Risk(1, (annex, number), area or "", "")
        for pk, annex, number, area in told
    }


def _stratum(scope: str, risks: Iterable[_Risk]) -> str:
    first = min(risks, default=None)
    if first is None:
        return {"plan": "tutto il piano"}.get(scope, "tutto l’ufficio")
    return " ".join(f"{first.area or _NO_AREA} / {first.level or _NO_LEVEL}".split())


def announce_sample(
    *,
    row: MonitoringRound,
    percent: int,
    seed_source: str,
    seed_known_on: datetime.date,
    by: User,
    staff: int | None = None,
) -> Sample:
    """Freeze what will be drawn from and say which seed will decide. One act.

    Another announcement before the draw counts in its place. Raises `RuleRefused` after the draw,
    and `ValidationError` for a seed that is known already.
    """
    with locked_round(row, kind="sample", by=by) as locked:
        _refuse(locked, by)
        before = draw_of(sample_of(locked))
        if before is not None:
            raise RuleRefused(_drawn_already(before))
        if seed_known_on < clock.today():
            raise ValidationError(
                {"seed_known_on": _("Il seme si annuncia prima che si conosca: scegli un giorno.")}
            )
        text = population_text(population_of(locked))
        sample = Sample(
            round=locked,
            percent=percent,
            staff=staff,
            seed_source=seed_source,
            seed_known_on=seed_known_on,
            algorithm=VERSION,
            population=text,
            population_digest=digest_of_text(text),
            size=text.count("\n"),
            by=by,
        )
        if not text:
            raise RuleRefused(_("Il piano non ha misure da cui estrarre."))
        store(sample, sure={"round", "by"})
        record_rows(sample, of=locked, kind="sample", by=by)
        return sample


def draw_sample(
    *, row: MonitoringRound, seed: str, witnesses: str, minutes: str, by: User
) -> SampleDraw:
    """Draw the measures of a round by the seed that was announced. One act; made once.

    Raises `RuleRefused` without an announcement, before the seed is known, and after a draw.
    """
    with locked_round(row, kind="sample-draw", by=by) as locked:
        _refuse(locked, by)
        sample = sample_of(locked)
        if sample is None:
            raise RuleRefused(_("Prima si annuncia da dove viene il seme."))
        before = draw_of(sample)
        if before is not None:
            raise RuleRefused(_drawn_already(before))
        if clock.today() < sample.seed_known_on:
            day = sample.seed_known_on.strftime("%d/%m/%Y")
            raise RuleRefused(
                _("Il seme si conosce il %(day)s: prima non si estrae.") % {"day": day}
            )
        seed = " ".join(seed.split())
        drawn = draw(read_population(sample.population), seed=seed, percent=sample.percent)
        text = "".join(f"{uid}\n" for uid in drawn)
        made = SampleDraw(
            sample=sample,
            seed=seed,
            drawn=text,
            drawn_digest=digest_of_text(text),
            drawn_size=len(drawn),
            witnesses=witnesses.strip(),
            minutes=minutes.strip(),
            by=by,
        )
        store(made, sure={"sample", "by"})
        record_rows(made, of=locked, kind="sample-draw", by=by)
        return made


def _refuse(row: MonitoringRound, by: User) -> None:
    if not is_rpct_of_plan(by, row.plan):
        raise RuleRefused(_("Il campione spetta al RPCT dell’amministrazione."))
    if row.coverage != RoundCoverage.SAMPLE:
        raise RuleRefused(_("Questo monitoraggio non chiede un campione."))
    if row.state != RoundState.DRAFT:
        raise RuleRefused(_("Il campione si estrae prima dell’apertura."))


def _drawn_already(made: SampleDraw) -> str:
    return _("L’estrazione è già stata fatta con il seme «%(seed)s»: il seme non cambia più.") % {
        "seed": made.seed
    }


def drawn_uids(row: MonitoringRound) -> list[str]:
    """Return the uids of the measures that were drawn for a round; none before the draw."""
    made = draw_of(sample_of(row))
    return made.drawn.split() if made is not None else []


def below_minimum(sample: Sample) -> str:
    """Return what is wrong with a share below the least one (`sample-below-minimum`).

    "" where nothing is.
    """
    least = least_share_of(sample)
    if least is None or sample.percent >= least.percent:
        return ""
    told = {"percent": sample.percent, "least": least.percent, "source": least.source}
    said = _("il campione è del %(percent)s %%, sotto il minimo del %(least)s %% (%(source)s")
    return said % told + ("" if least.sure else _("; da verificare sulla fonte")) + ")"


def least_share_of(sample: Sample) -> LeastShare | None:
    """Return the least share for the staff an announcement names; None where there is none."""
    return least_share_for(sample.staff, sample.round.situation_on)


def least_of_year(plan: Plan, year: int) -> LeastShare | None:
    """Return what a body looks at at least in a year, by the staff its last sample of it names.

    None where no sample says how many they are, or nothing is provided for so many. One statement.
    """
    rows = Sample.objects.filter(round__plan=plan, round__situation_on__year=year)
    rows = rows.exclude(staff=None).select_related("round").defer("population")
    sample = rows.order_by("-pk").first()
    return None if sample is None else least_share_of(sample)


def strata_of(sample: Sample) -> list[tuple[str, int, int]]:
    """Return the strata of an announcement: name, how many measures, how many of them are drawn."""
    made = draw_of(sample)
    drawn = set(made.drawn.split()) if made is not None else set()
    counts: dict[str, list[int]] = {}
    for one in read_population(sample.population):
        count = counts.setdefault(one.stratum, [0, 0])
        count[0] += 1
        count[1] += one.uid in drawn
    return [(name, many, taken) for name, (many, taken) in sorted(counts.items())]


def sample_data(row: MonitoringRound) -> dict[str, object] | None:
    """Return what an issued round says of its draw; None where nothing was drawn."""
    sample = sample_of(row)
    made = draw_of(sample)
    if sample is None or made is None:
        return None
    return {
        "percent": sample.percent,
        "staff": sample.staff,
        "seed_source": sample.seed_source,
        "seed_known_on": str(sample.seed_known_on),
        "algorithm": sample.algorithm,
        "population": sample.size,
        "population_digest": sample.population_digest,
        "seed": made.seed,
        "drawn": made.drawn.split(),
        "drawn_digest": made.drawn_digest,
        "witnesses": made.witnesses,
        "minutes": made.minutes,
        "announced": [_announced(one) for one in announcements_of(row)],
        **({"least": _least(least)} if (least := least_share_of(sample)) else {}),
    }


def _announced(one: Sample) -> dict[str, object]:
    """Return what is said of an announcement, also of one that another took the place of."""
    return {
        "at": timezone.localtime(one.at).isoformat(timespec="minutes"),
        "percent": one.percent,
        "seed_source": one.seed_source,
        "seed_known_on": str(one.seed_known_on),
        "population": one.size,
        "population_digest": one.population_digest,
    }


def _least(share: LeastShare) -> dict[str, object]:
    names = ("percent", "rounds_a_year", "source", "sure")
    return {name: getattr(share, name) for name in names}


def sample_sentence(sample: Sample) -> str:
    """Return one line of how much is drawn: 12 of 40 measures, at least 30 %."""
    made = draw_of(sample)
    of = ngettext("%(size)s misura", "%(size)s misure", sample.size)
    told = {"percent": sample.percent, "of": of % {"size": grouped(sample.size)}}
    if made is None:
        return _("si estrarrà almeno il %(percent)s %% di %(of)s") % told
    told["drawn"] = grouped(made.drawn_size)
    sentence = ngettext(
        "estratta %(drawn)s di %(of)s, almeno il %(percent)s %%",
        "estratte %(drawn)s di %(of)s, almeno il %(percent)s %%",
        made.drawn_size,
    )
    return sentence % told
