"""What a round of monitoring says of a measure: a table read from the top, and what it is asked of.

The first line that holds gives the outcome and the reason that is printed with it. A check of the
RPCT wins over whatever was declared, which stays visible beside it.
"""

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from registry.readable import grouped
from risk.enums import CheckOutcome, DeclaredOutcome, DerivedOutcome, ProgressKind

REASONED_OUTCOMES = (
    DeclaredOutcome.LATE,
    DeclaredOutcome.NOT_STARTED,
    DeclaredOutcome.IMPOSSIBLE,
)
"""Outcomes whose reason and cause an office has to say."""


@dataclass(frozen=True, kw_only=True)
class OutcomeFacts:
    """What is known of a measure on the day a round tells of (`situation_on`).

    `value` is the last measurement of the master indicator, in its unit (a percent of 0–100, an
    on/off 0 or 1); None where there is none in the round.
    """

    situation_on: datetime.date
    declared: str = ""
    """The outcome the office declared and its head confirmed; "" where it did not answer."""
    steps: int = 0
    indicators: int = 0
    masters: int = 0
    baseline: Decimal | None = None
    target: Decimal | None = None
    target_on: datetime.date | None = None
    value: Decimal | None = None
    has_evidence: bool = False
    check: str = ""
    is_due: bool = True
    """Whether anything was asked: RPCT and office agreed otherwise for some."""
    is_written: bool = False
    """Whether an answer that does not count is there: its head has not confirmed it."""
    is_returned: bool = False
    """Whether it does not count because the RPCT asked for more, and nothing came."""
    proposed_on: datetime.date | None = None
    """The new day its office proposes."""
    step_days: int = 0
    """Days since the first step was due of which the office says that it is not done."""

    @property
    def target_is_due(self) -> bool:
        """Whether the day of the target has come; one without a day is due."""
        return self.target_on is None or self.target_on <= self.situation_on

    @property
    def reached(self) -> bool:
        """Whether the value is the target or better; lower is better where it starts above."""
        return self.share == 1

    @property
    def share(self) -> Decimal:
        """How much of the way from the baseline to the target is done, between 0 and 1."""
        if self.value is None or self.target is None:
            return Decimal(0)
        return share_done(self.baseline, self.target, self.value)

    @property
    def days_late(self) -> int:
        """Days since the target was due; 0 where it is not yet."""
        if self.target_on is None or not self.target_is_due:
            return 0
        return (self.situation_on - self.target_on).days

    @property
    def proposed_days(self) -> int:
        """Days between the day of the target and the later one its office proposes; 0 if none."""
        if self.proposed_on is None or self.target_on is None:
            return 0
        return max((self.proposed_on - self.target_on).days, 0)


def share_done(start: Decimal | None, target: Decimal, value: Decimal) -> Decimal:
    """Return how much of the way from the start, zero if not known, to the target is done: 0–1."""
    start = start or Decimal(0)
    way = target - start
    if way == 0:
        return Decimal(1 if value >= target else 0)
    return min(max((value - start) / way, Decimal(0)), Decimal(1))


@dataclass(frozen=True)
class Line:
    """One line of the table.

    `reason` may name `share`, in percent, since when the target is `due`, and in words the days of
    `step_days` and `proposed_days`.
    """

    outcome: DerivedOutcome
    holds: Callable[[OutcomeFacts], bool]
    reason: str | Promise


OUTCOMES: tuple[Line, ...] = (
    Line(DerivedOutcome.NOT_DUE, lambda f: not f.is_due, _("Nel periodo non era dovuta.")),
    Line(
        DerivedOutcome.NO_ANSWER,
        lambda f: not f.declared and f.is_returned,
        _("Il RPCT ha chiesto altro, e l’ufficio non ha più confermato la risposta."),
    ),
    Line(
        DerivedOutcome.NO_ANSWER,
        lambda f: not f.declared and f.is_written,
        _("La risposta è scritta, ma il responsabile dell’ufficio non l’ha confermata."),
    ),
    Line(
        DerivedOutcome.NO_ANSWER,
        lambda f: not f.declared,
        _("Nessuna risposta confermata alla chiusura del monitoraggio."),
    ),
    Line(
        DerivedOutcome.NOT_DONE,
        lambda f: f.check == CheckOutcome.NOT_CONFIRMED,
        _("La verifica del RPCT non conferma quanto dichiarato."),
    ),
    Line(
        DerivedOutcome.PARTLY,
        lambda f: f.check == CheckOutcome.PARTLY,
        _("La verifica del RPCT conferma in parte quanto dichiarato."),
    ),
    Line(
        DerivedOutcome.UNPROVEN,
        lambda f: f.check == CheckOutcome.NOT_VERIFIABLE,
        _("La verifica del RPCT non ha potuto accertare quanto dichiarato."),
    ),
    Line(
        DerivedOutcome.NO_CASE,
        lambda f: f.declared == DeclaredOutcome.NO_CASE,
        _("Casi nel periodo: 0, e l’ufficio scrive da dove risulta."),
    ),
    Line(
        DerivedOutcome.NOT_MONITORABLE,
        lambda f: f.indicators == 0 and f.steps == 0,
        _("La misura è programmata senza fasi di attuazione né indicatori."),
    ),
    Line(
        DerivedOutcome.NOT_MONITORABLE,
        lambda f: f.indicators == 0,
        _("La misura ha fasi di attuazione ma è programmata senza indicatori."),
    ),
    Line(
        DerivedOutcome.NOT_ASSESSABLE,
        lambda f: f.masters != 1,
        _("Nessun indicatore, o più di uno, decide l’esito della misura."),
    ),
    Line(
        DerivedOutcome.NOT_ASSESSABLE,
        lambda f: f.target is None,
        _("L’indicatore principale non ha un valore atteso."),
    ),
    Line(
        DerivedOutcome.NOT_MEASURED,
        lambda f: f.value is None,
        _("L’indicatore principale non è stato misurato nel periodo."),
    ),
    Line(
        DerivedOutcome.DONE,
        lambda f: f.reached and f.has_evidence,
        _("Il valore atteso è raggiunto, con una prova."),
    ),
    Line(
        DerivedOutcome.UNPROVEN,
        lambda f: f.reached,
        _("Il valore atteso è dichiarato raggiunto, senza prova."),
    ),
    Line(
        DerivedOutcome.IN_PROGRESS,
        lambda f: not f.target_is_due and f.step_days > 0,
        _("Il valore atteso non è ancora dovuto; una fase è in ritardo di %(step_days)s."),
    ),
    Line(
        DerivedOutcome.IN_PROGRESS,
        lambda f: (
            not f.target_is_due and f.declared == DeclaredOutcome.LATE and f.proposed_days > 0
        ),
        _(
            "Il valore atteso non è ancora dovuto; l’ufficio dichiara un ritardo, "
            "e propone %(proposed_days)s in più."
        ),
    ),
    Line(
        DerivedOutcome.IN_PROGRESS,
        lambda f: not f.target_is_due and f.declared == DeclaredOutcome.LATE,
        _("Il valore atteso non è ancora dovuto; l’ufficio dichiara un ritardo."),
    ),
    Line(
        DerivedOutcome.IN_PROGRESS,
        lambda f: not f.target_is_due,
        _("Il valore atteso non è ancora dovuto: in corso nei tempi."),
    ),
    Line(
        DerivedOutcome.PARTLY,
        lambda f: f.share > 0,
        _("Il valore atteso è raggiunto al %(share)s %%, %(due)s."),
    ),
    Line(
        DerivedOutcome.NOT_DONE,
        lambda f: True,
        _("Il valore atteso non è raggiunto, %(due)s."),
    ),
)
"""Read from the top: the last line holds for whatever none before it does."""

_ONE_PERCENT, _LEAST = Decimal("0.01"), Decimal("0.1")


def outcome_of(facts: OutcomeFacts) -> tuple[DerivedOutcome, str]:
    """Return what a round says of a measure, and the reason that is printed with it."""
    line = next(line for line in OUTCOMES if line.holds(facts))
    told = {
        "share": _percent(facts.share),
        "due": _due(facts),
        "step_days": _days(facts.step_days),
        "proposed_days": _days(facts.proposed_days),
    }
    return line.outcome, str(line.reason) % told


def _due(facts: OutcomeFacts) -> str:
    if facts.target_on is None:
        return gettext("senza un giorno previsto")
    if not facts.days_late:
        return gettext("dovuto quello stesso giorno")
    return gettext("dovuto da %(days)s") % {"days": _days(facts.days_late)}


def _days(count: int) -> str:
    return ngettext("%(n)s giorno", "%(n)s giorni", count) % {"n": grouped(count)}


def _percent(share: Decimal) -> str:
    """Return a share of 0 to 1 in whole percents; what is begun is never 0, nor 100 before 1."""
    if 0 < share < _ONE_PERCENT:
        return str(max(round(share * 100, 1), _LEAST)).replace(".", ",")
    return str(int(share * 100))


class OutcomeGroup(models.TextChoices):
    """The four groups in which a report draws its measures, darkest first."""

    ON_TIME = "on_time", _("nei tempi")
    LATE = "late", _("in ritardo")
    UNTOLD = "untold", _("non rilevate")
    OUT = "out", _("non dovute")


_GROUPS = {
    DerivedOutcome.DONE: OutcomeGroup.ON_TIME,
    DerivedOutcome.UNPROVEN: OutcomeGroup.ON_TIME,
    DerivedOutcome.IN_PROGRESS: OutcomeGroup.ON_TIME,
    DerivedOutcome.PARTLY: OutcomeGroup.LATE,
    DerivedOutcome.NOT_DONE: OutcomeGroup.LATE,
    DerivedOutcome.NO_CASE: OutcomeGroup.OUT,
    DerivedOutcome.NOT_DUE: OutcomeGroup.OUT,
}


CAME_OUT_BADLY = (
    DerivedOutcome.NO_ANSWER,
    DerivedOutcome.NOT_MEASURED,
    DerivedOutcome.PARTLY,
    DerivedOutcome.NOT_DONE,
)
"""Outcomes that whoever takes the measure over into the next edition is to look at."""
UNFINISHED = (
    DerivedOutcome.IN_PROGRESS,
    DerivedOutcome.NOT_MEASURED,
    DerivedOutcome.NOT_MONITORABLE,
    DerivedOutcome.NOT_ASSESSABLE,
)
"""Outcomes of which the office itself may say that the measure is late."""


def late_days_of(outcome: str, facts: OutcomeFacts) -> int | None:
    """Return by how many days the steps of a measure in progress are late; None where none is."""
    return facts.step_days or None if outcome == DerivedOutcome.IN_PROGRESS else None


def is_declared_late(outcome: str, declared: str, late_days: int | None = None) -> bool:
    """Tell whether a measure is late because its office says so, of it or of one of its steps."""
    return outcome in UNFINISHED and (declared in REASONED_OUTCOMES or bool(late_days))


def group_of(outcome: str, declared: str, late_days: int | None = None) -> OutcomeGroup:
    """Return in which group a measure is drawn; an unfinished one is late where its office says so.

    Whatever nobody answered, measured or could judge else is not told.
    """
    if is_declared_late(outcome, declared, late_days):
        return OutcomeGroup.LATE
    return _GROUPS.get(DerivedOutcome(outcome), OutcomeGroup.UNTOLD)


def measured_value(
    kind: str, *, value: Decimal | None, numerator: Decimal | None, denominator: Decimal | None
) -> Decimal | None:
    """Return what a measurement says in the unit of its indicator; None where it says nothing.

    A percent is computed from its parts, whose denominator is never zero.
    """
    if kind == ProgressKind.PERCENTAGE:
        if numerator is None or not denominator:
            return None
        return (numerator * 100 / denominator).quantize(Decimal("0.001"))
    return value
