"""The judgements of a file: by which method, to which level, with which indicators."""

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from registry.services.bulk import new_row
from risk.enums import Moment
from risk.models import Assessment, Indicator, Level, Method, Rating
from risk.scoring.kinds import SCORINGS
from risk.services.imports.register import indicators_of
from risk.services.imports.scores import Scored, Scores, comma, methods_offered_to
from risk.services.imports.shapes import problem_at
from risk.services.imports.values import Values
from risk.workbooks.splitting import decimal_of

if TYPE_CHECKING:
    from risk.services.imports.comparing import Comparing
    from risk.services.imports.wanted import WantedAssessment, WantedProcess


class Judging:
    """Finds method, level and grades, and compares them with the assessment there is."""

    def __init__(self, comparing: "Comparing", values: Values) -> None:
        self._comparing = comparing
        self._values = values
        self._indicators: dict[int, list[Indicator]] = {}
        self._scores = Scores(comparing, values)
        self._noted: set[tuple[str, int]] = set()
        self._offers: list[Method] | None = None
        self._best: dict[frozenset[str], Method] = {}
        self._own = {row.uid: row for row in comparing.register.assessments.values()}

    def judge(
        self,
        kind: str,
        subject: Any,
        said: "WantedAssessment | None",
        wanted: "WantedProcess",
        is_new: bool,
    ) -> None:
        """Note what has to be written of one judgement of a process or a behaviour."""
        if said is None or said.place is None:
            return
        own = self._own.get(said.uid) if said.uid else None
        if own is not None and not self._is_of(own, kind, subject):
            # whoever has made the id up would read and change the judgement of another row
            own, said.uid = None, None
        method = self._method_of(own) if own else self._method(said, wanted)
        if method is None:
            return
        scored = self._scores.read(method, said) if said.is_scored else Scored()
        level = self._level(method, said, scored)
        grades = {**self._grades(method, said), **scored.grades}
        if level is None and not grades and not said.motivation and not own:
            return
        known = own
        if not is_new and known is None:
            known = self._comparing.register.assessments.get((kind, subject.pk, method.pk))
        if known is None:
            known = new_row(
                Assessment,
                **{kind: subject},
                method=method,
                moment=Moment.INHERENT,
                level=level,
                motivation=said.motivation,
            )
            label = level.label if level else str(method)
            self._comparing.create(known, wanted, label)
        else:
            # an empty cell of ours says that there is none, in other files it says nothing
            is_cleared = own is not None and not (said.level and said.level.text)
            values: dict[str, Any] = {"level": level} if level or is_cleared else {}
            if said.motivation or own:
                values["motivation"] = said.motivation
            self._comparing.settle(known, values, said, str(subject), process=wanted.title)
        for indicator, grade in grades.items():
            self._grade(known, indicator, grade, wanted)

    def _is_of(self, own: Assessment, kind: str, subject: Any) -> bool:
        """Whether a judgement is of a row, or of a behaviour of the process that is judged."""
        if subject.pk and getattr(own, f"{kind}_id") == subject.pk:
            return True
        rows = self._comparing.register.behaviours[subject.pk] if kind == "process" else ()
        return own.behaviour_id is not None and own.behaviour_id in {row.pk for row in rows}

    def _grade(
        self, assessment: Assessment, indicator: Indicator, grade: Any, wanted: "WantedProcess"
    ) -> None:
        column = "level" if isinstance(grade, Level) else "score"
        row = None
        if assessment.pk:
            row = self._comparing.register.ratings.get((assessment.pk, indicator.pk))
        if row is None:
            row = new_row(Rating, assessment=assessment, indicator=indicator, **{column: grade})
            told = comma(grade) if isinstance(grade, Decimal) else grade
            self._comparing.create(row, wanted, f"{indicator.label}: {told}")
        else:
            self._comparing.settle(row, {column: grade}, None, indicator.label, wanted.title)

    def _method(self, said: "WantedAssessment", wanted: "WantedProcess") -> Method | None:
        if said.is_scored:
            return self._scores.method(said)
        methods = self._values.methods
        if not methods:
            self._comparing.refuse(wanted, _("Il piano non ha un metodo di valutazione."))
            return None
        return self._by_indicators(said, methods) if said.indicators else methods[0]

    def _by_indicators(self, said: "WantedAssessment", methods: list[Method]) -> Method | None:
        """Return the plan's method with most of the indicators of the file; ask when none has any.

        Whoever may not choose methods keeps that of the plan, and reads what it does not have.
        """
        codes = frozenset(said.indicators)
        if codes not in self._best:
            self._best[codes] = max(methods, key=lambda method: self._shared(method, codes))
        best = self._best[codes]
        if self._shared(best, codes) or not self._values.may_create:
            return best
        if self._offers is None:
            offered = methods_offered_to(self._values.plan.administration)
            kinds = [kind for kind, scoring in SCORINGS.items() if not scoring.has_axes]
            fit = offered.filter(kind__in=kinds, indicators__code__in=codes)
            self._offers = list(fit.distinct())
        if not self._offers:
            return best
        chosen = self._scores.ask(
            _("Indicatori della valutazione"),
            _("Il file ha indicatori che nessun metodo del piano ha: con quale metodo si leggono?"),
            self._offers,
            said.place,
        )
        if chosen is not None:
            self._best[codes] = chosen
        return chosen

    def _shared(self, method: Method, codes: frozenset[str]) -> int:
        return len(codes & {row.code for row in self._of(method)})

    def _method_of(self, own: Assessment) -> Method | None:
        return next((row for row in self._values.methods if row.pk == own.method_id), None)

    def _of(self, method: Method) -> list[Indicator]:
        if method.pk not in self._indicators:
            self._indicators[method.pk] = indicators_of([method]).get(method.pk, [])
        return self._indicators[method.pk]

    def _level(self, method: Method, said: "WantedAssessment", scored: Scored) -> Level | None:
        cell = said.level
        if cell is None or (said.is_scored and decimal_of(cell.value) is not None):
            return scored.level
        printed = self._values.level(method, cell.text, cell)
        self._scores.compare(printed, scored, cell)
        return printed or scored.level

    def _grades(self, method: Method, said: "WantedAssessment") -> dict[Indicator, Any]:
        found: dict[Indicator, Any] = {}
        by_code = {row.code: row for row in self._of(method)}
        for code, cell in said.indicators.items():
            indicator = by_code.get(code)
            if indicator is None:
                self._note(
                    said, _("Il metodo «%(method)s» non ha questo indicatore.") % {"method": method}
                )
                continue
            level = self._values.level(method, cell.text, cell, indicator.scale)
            if level is not None:
                found[indicator] = level
        return found

    def _note(self, said: "WantedAssessment", reason: str) -> None:
        cell = said.place
        assert cell is not None  # noqa: S101 — judge() lets nothing without a place through
        if (reason, cell.row) not in self._noted:
            self._noted.add((reason, cell.row))
            self._comparing.preview.notes.append(problem_at(cell, reason))
