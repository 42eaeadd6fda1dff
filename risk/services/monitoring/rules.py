"""What is odd in the answers of a round, told to whoever confirms and checks them; blocks nothing.

Each rule has its code; statements are as many for one answer as for a page of them.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from registry.normalise import fold
from risk.enums import DeclaredOutcome, RoundState, StepProgress
from risk.models import Evidence, Measurement, MonitoringRound, RoundAnswer, RoundItem
from risk.services.monitoring.steps import states_of

SAME_TEXT = "answer-same-text"
NO_EVIDENCE = "evidence-none"
OLD_EVIDENCE = "evidence-old"
LATE = "measure-late"
NEVER_MEASURED = "measure-never-measured"
MOST_ALIKE = 3
"""Answers of an office that may say the same words."""
_ENDED = (RoundState.CLOSED, RoundState.ISSUED)


@dataclass(frozen=True)
class Oddity:
    """What is odd in an answer: the code of the rule and the sentence that is shown."""

    code: str
    sentence: str


@dataclass(frozen=True)
class Seen:
    """What the rules look at, read once for all the answers of a page."""

    round: MonitoringRound
    alike: dict[tuple[int, str], int]
    """How many answers of an office say a text, folded."""
    proofs: dict[int, list[tuple[str, str]]]
    """Digest and reference of what proves each item."""
    earlier: set[tuple[str, str]]
    """The same of all that earlier rounds of the body were proved with."""
    measured: set[int]
    """Measures with a measurement in this round or in the last one that ended."""
    asked_before: set[int]
    """Measures the last round that ended asked about."""


def oddities(row: MonitoringRound, items: Iterable[RoundItem]) -> dict[int, list[Oddity]]:
    """Return what is odd in each item, by its key; in five statements.

    Items have their answer and their programme (`page.office_items`, `page.one_item`).
    """
    rows = list(items)
    seen = seen_by_rules(row, rows)
    return {
        item.pk: [Oddity(code, said) for code, rule in RULES if (said := rule(item, seen))]
        for item in rows
    }


def seen_by_rules(row: MonitoringRound, items: list[RoundItem]) -> Seen:
    """Read what the rules look at for some items of a round; five statements."""
    offices = {item.office_id for item in items}
    measures = [item.planned_measure_id for item in items]
    said = RoundAnswer.objects.filter(item__round=row, item__office__in=offices).exclude(done="")
    proofs: dict[int, list[tuple[str, str]]] = {}
    of_items = Evidence.objects.filter(item__in=[item.pk for item in items])
    for item, digest, reference in of_items.values_list("item", "file_digest", "reference"):
        proofs.setdefault(item, []).append((digest, reference))
    before = MonitoringRound.objects.filter(
        plan=row.plan_id, situation_on__lt=row.situation_on, state__in=_ENDED
    ).order_by("-situation_on", "-pk")
    last = before.values("pk")[:1]
    earlier = Evidence.objects.filter(
        item__round__in=before.values("pk"), item__planned_measure__in=measures
    )
    measured = Measurement.objects.filter(item__planned_measure__in=measures)
    measured = measured.filter(item__round=row) | measured.filter(item__round__in=last)
    asked = RoundItem.objects.filter(round__in=last, planned_measure__in=measures)
    return Seen(
        round=row,
        alike=Counter(
            (office, fold(done)) for office, done in said.values_list("item__office", "done")
        ),
        proofs=proofs,
        earlier=set(earlier.values_list("file_digest", "reference")),
        measured=set(measured.values_list("item__planned_measure", flat=True)),
        asked_before=set(asked.values_list("planned_measure", flat=True)),
    )


def same_text(item: RoundItem, seen: Seen) -> str:
    """Return the sentence for an answer whose words stand in too many of its office."""
    many = seen.alike.get((item.office_id, fold(item.answer.done)), 0) if item.answer.done else 0
    if many <= MOST_ALIKE:
        return ""
    return _("Le stesse parole stanno in %(n)s risposte dell’ufficio.") % {"n": many}


def _no_evidence(item: RoundItem, seen: Seen) -> str:
    if item.answer.declared != DeclaredOutcome.DONE or seen.proofs.get(item.pk):
        return ""
    return _("È dichiarata attuata, ma non ha prove.")


def _old_evidence(item: RoundItem, seen: Seen) -> str:
    proofs = seen.proofs.get(item.pk, [])
    if not proofs or any(one not in seen.earlier for one in proofs):
        return ""
    return _("Le prove sono le stesse di un monitoraggio precedente.")


def _late(item: RoundItem, seen: Seen) -> str:
    if item.answer.declared in ("", DeclaredOutcome.DONE, DeclaredOutcome.NO_CASE):
        return ""
    planned: Any = item.planned_measure
    told = states_of(item)
    done = {key for key, one in told.items() if one.progress == StepProgress.DONE}
    days = [one.due_on for one in planned.steps.all() if one.pk not in done]
    days += [one.target_on for one in planned.progress_indicators.all() if one.is_master]
    past = [day for day in days if day is not None and day < seen.round.situation_on]
    if not past:
        return ""
    late = (seen.round.situation_on - min(past)).days
    told = ngettext(
        "Una sua scadenza è passata da %(n)s giorno.",
        "Una sua scadenza è passata da %(n)s giorni.",
        late,
    )
    return told % {"n": late}


def _never_measured(item: RoundItem, seen: Seen) -> str:
    measure: Any = item.planned_measure
    if measure.pk not in seen.asked_before or measure.pk in seen.measured:
        return ""
    if not measure.progress_indicators.all():
        return ""
    return _("Non è stata misurata né ora né nel monitoraggio precedente.")


RULES: tuple[tuple[str, Callable[[RoundItem, Seen], str]], ...] = (
    (SAME_TEXT, same_text),
    (NO_EVIDENCE, _no_evidence),
    (OLD_EVIDENCE, _old_evidence),
    (LATE, _late),
    (NEVER_MEASURED, _never_measured),
)
"""The rules by their codes, in the order they are told."""
