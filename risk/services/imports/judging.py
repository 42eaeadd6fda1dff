"""The judgements of a file: by which method, to which level, with which indicators."""

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from registry.spreadsheets.workbook import address
from risk.enums import Dimension, MethodKind, Moment, Scale
from risk.models import Assessment, Indicator, Level, Method, Rating
from risk.scoring import band_of
from risk.services.imports.register import indicators_of
from risk.services.imports.shapes import Problem
from risk.services.imports.values import Values
from risk.spreadsheets.splitting import decimal_of

if TYPE_CHECKING:
    from risk.services.imports.comparing import Comparing
    from risk.services.imports.wanting import WantedAssessment, WantedProcess

_ROUNDED = Decimal("0.05")
"""How far a printed product may be from that of two rounded factors."""


class Judging:
    """Finds method, level and grades, and compares them with the assessment there is."""

    def __init__(self, comparing: "Comparing", values: Values) -> None:
        self._comparing = comparing
        self._values = values
        self._indicators: dict[int, list[Indicator]] = {}
        self._bands: dict[int, list[tuple[Level, Any]]] = {}
        self._noted: set[tuple[str, int]] = set()

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
        method = self._method(said, wanted)
        if method is None:
            return
        level = self._level(method, said)
        grades = self._grades(method, said)
        if level is None and not grades and not said.motivation:
            return
        known = None
        if not is_new:
            known = self._comparing.register.assessments.get((kind, subject.pk, method.pk))
        if known is None:
            known = Assessment(
                **{kind: subject},
                method=method,
                moment=Moment.INHERENT,
                level=level,
                motivation=said.motivation,
            )
            label = level.label if level else str(method)
            self._comparing.create(known, wanted, label)
        else:
            values: dict[str, Any] = {"level": level} if level else {}
            if said.motivation:
                values["motivation"] = said.motivation
            self._comparing.settle(known, values, said, str(subject), process=wanted.title)
        for indicator, grade in grades.items():
            self._grade(known, indicator, grade, wanted)

    def _grade(
        self, assessment: Assessment, indicator: Indicator, grade: Any, wanted: "WantedProcess"
    ) -> None:
        column = "level" if isinstance(grade, Level) else "score"
        row = None
        if assessment.pk:
            row = self._comparing.register.ratings.get((assessment.pk, indicator.pk))
        if row is None:
            row = Rating(assessment=assessment, indicator=indicator, **{column: grade})
            self._comparing.create(row, wanted, f"{indicator.label}: {grade}")
        else:
            self._comparing.settle(row, {column: grade}, None, indicator.label, wanted.title)

    def _method(self, said: "WantedAssessment", wanted: "WantedProcess") -> Method | None:
        methods = self._values.methods
        if not said.is_product:
            if not methods:
                self._comparing.refuse(wanted, _("Il piano non ha un metodo di valutazione."))
            return methods[0] if methods else None
        for method in methods:
            if method.kind == MethodKind.PRODUCT and self._sides(method):
                return method
        self._comparing.refuse(
            wanted, _("Il piano non usa un metodo con una probabilità e un impatto.")
        )
        return None

    def _sides(self, method: Method) -> tuple[Indicator, Indicator] | None:
        """Return the one indicator of probability and the one of impact, None for other methods."""
        rows = self._of(method)
        sides = [
            [row for row in rows if row.dimension == side]
            for side in (Dimension.PROBABILITY, Dimension.IMPACT)
        ]
        return (sides[0][0], sides[1][0]) if [len(side) for side in sides] == [1, 1] else None

    def _of(self, method: Method) -> list[Indicator]:
        if method.pk not in self._indicators:
            self._indicators[method.pk] = indicators_of([method]).get(method.pk, [])
        return self._indicators[method.pk]

    def _level(self, method: Method, said: "WantedAssessment") -> Level | None:
        cell = said.level
        if cell is not None and (not said.is_product or decimal_of(cell.value) is None):
            return self._values.level(method, cell.text, cell)
        result = said.result
        if result is None and said.probability is not None and said.impact is not None:
            result = said.probability * said.impact
        if result is None:
            return None
        levels = self._levels(method)
        ordinal = band_of(result, [(row.ordinal, row.min_score, row.max_score) for row in levels])
        self._check_product(said, result)
        return next((row for row in levels if row.ordinal == ordinal), None)

    def _levels(self, method: Method) -> list[Level]:
        if method.pk not in self._bands:
            rows = Level.objects.filter(method=method, scale=Scale.OVERALL)
            self._bands[method.pk] = list(rows.order_by("ordinal"))
        return self._bands[method.pk]

    def _check_product(self, said: "WantedAssessment", result: Decimal) -> None:
        if said.probability is None or said.impact is None:
            return
        product = said.probability * said.impact
        if abs(product - result) > _ROUNDED * max(said.probability, said.impact, Decimal(1)):
            self._note(
                said,
                _("Il risultato %(result)s non è il prodotto di %(one)s e %(other)s.")
                % {"result": result, "one": said.probability, "other": said.impact},
            )

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
        sides = self._sides(method)
        if said.is_product and sides:
            for indicator, score in zip(sides, (said.probability, said.impact), strict=True):
                if score is not None:
                    found[indicator] = score
        return found

    def _note(self, said: "WantedAssessment", reason: str) -> None:
        cell = said.place
        assert cell is not None  # noqa: S101 — judge() lets nothing without a place through
        if (reason, cell.row) not in self._noted:
            self._noted.add((reason, cell.row))
            self._comparing.preview.notes.append(
                Problem(cell.sheet, cell.row, address(0, cell.column), cell.text[:120], reason)
            )
