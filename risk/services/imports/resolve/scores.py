"""A probability and an impact in a file: numbers that a method multiplies, or words of a matrix.

What is kept is the grade of each side. The result is computed by the method; the one in the file
is compared with it, and decides the level where it is only the rounding that differs.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registry.models import Administration
from registry.readable import plain
from risk.content.build_matrix import scales_of
from risk.enums import Dimension, Scale
from risk.models import Indicator, Level, Method
from risk.scoring.formulas import agrees, band_of
from risk.scoring.kinds import SCORINGS, Scales
from risk.services.assessment.methods import bounds_of, method_key
from risk.services.imports.file_cells import FileCell
from risk.services.imports.ledger import Choice, Ledger, QuestionKind
from risk.services.imports.parse.cells import decimal_of
from risk.services.imports.parse.parsed import ParsedAssessment
from risk.services.imports.resolve.lists import ListLookup

_STORED = Decimal("0.001")
"""The decimals a score keeps; a spreadsheet may hold 3.3333333333."""
AS_DEFAULT = ":predefinito"
"""Ends the answer that makes a method the plan's default one."""
_PRODUCT, _FILE = "product", "file"
_ASKED_IN_NUMBERS = gettext_lazy("Probabilità e impatto in numeri")
_ASKED_IN_WORDS = gettext_lazy("Probabilità e impatto in parole")
Sides = tuple[Indicator, Indicator]


@dataclass(slots=True)
class Scored:
    """The grades of both sides, the level they give, and how that is said in a sentence."""

    grades: dict[Indicator, Decimal | Level] = field(default_factory=dict)
    level: Level | None = None
    told: str = ""


def methods_offered_to(body: Administration) -> QuerySet[Method]:
    """Return the methods a plan of a body may use today, in their order."""
    return Method.objects.filter(
        Q(administration__isnull=True) | Q(administration=body), retired_on__isnull=True
    ).order_by("code", "edition")


class ScoreLookup:
    """Finds the method for probability and impact, and what they come to by it."""

    def __init__(self, lists: ListLookup, ledger: Ledger) -> None:
        self._lists = lists
        self._ledger = ledger
        self._sides: dict[int, Sides | None] = {}
        self._offers: dict[bool, list[Method]] = {}
        self._scales: dict[int, Scales] = {}

    # the method

    def method(self, said: ParsedAssessment) -> Method | None:
        """Return the method for what is said; None while a person has to say which."""
        numbers = _has_numbers(said)
        for method in self._lists.methods:
            if method.scoring.accepts(numbers=numbers) and self._sides_of(method):
                return method
        if not self._lists.may_create:
            self._ledger.refuse(
                said.place,
                _("Il piano non usa un metodo con probabilità e impatto: lo sceglie il RPCT."),
            )
            return None
        return self.ask(
            str(_ASKED_IN_NUMBERS if numbers else _ASKED_IN_WORDS),
            _("Il file ha una probabilità e un impatto, e nessun metodo del piano li ha: quale?"),
            self._offered(in_words=not numbers),
            said.place,
        )

    def ask(
        self, asked: str, reason: str, methods: Iterable[Method], place: FileCell
    ) -> Method | None:
        """Return the one of several methods a person has chosen, used by the plan from now on.

        None while nobody has said which. `asked` names what it is about, `reason` is the sentence
        to read, `place` where the file has it first.
        """
        offered = {method_key(method): method for method in methods}
        choices = [
            Choice(f"{key}{AS_DEFAULT}", _("%(method)s, predefinito del piano") % {"method": row})
            for key, row in offered.items()
        ]
        if self._lists.methods:
            choices += [
                Choice(key, _("%(method)s, accanto a quello del piano") % {"method": row})
                for key, row in offered.items()
            ]
        # the only one there is, and what the plan judges by stays as it is
        likely = choices[-1] if len(offered) == 1 else None
        chosen = self._ledger.chosen(
            QuestionKind.METHOD, asked, place, tuple(choices), reason, likely
        )
        if chosen is None:
            return None
        method = offered[chosen.removesuffix(AS_DEFAULT)]
        self._lists.use_method(method, is_default=chosen.endswith(AS_DEFAULT))
        self._ledger.note(place, _("Il piano userà il metodo «%(method)s».") % {"method": method})
        return method

    def _offered(self, *, in_words: bool) -> list[Method]:
        if in_words not in self._offers:
            kinds = [kind for kind, s in SCORINGS.items() if s.has_axes and s.in_words == in_words]
            rows = methods_offered_to(self._lists.plan.administration).filter(kind__in=kinds)
            self._offers[in_words] = [row for row in rows if self._sides_of(row)]
        return self._offers[in_words]

    def _sides_of(self, method: Method) -> Sides | None:
        """Return the one indicator of probability and the one of impact, None for other methods."""
        if method.pk not in self._sides:
            rows = self._lists.indicators_of(method)
            sides = [
                [row for row in rows if row.dimension == side]
                for side in (Dimension.PROBABILITY, Dimension.IMPACT)
            ]
            found = [len(side) for side in sides] == [1, 1]
            self._sides[method.pk] = (sides[0][0], sides[1][0]) if found else None
        return self._sides[method.pk]

    # what is said

    def read(self, method: Method, said: ParsedAssessment) -> Scored:
        """Return grades and level of one judgement; notes what is off and what contradicts."""
        if method.scoring.in_words:
            return self._words(method, said)
        return self._numbers(method, said)

    def _words(self, method: Method, said: ParsedAssessment) -> Scored:
        scored = Scored()
        sides = self._sides_of(method)
        if sides is None:
            return scored
        found: list[Level | None] = []
        for indicator, cell in zip(sides, (said.probability, said.impact), strict=True):
            level = cell and self._lists.level(method, cell.text, cell, indicator.scale)
            found.append(level)
            if level is not None:
                scored.grades[indicator] = level
        probability, impact = found
        if probability is not None and impact is not None:
            scales, place = self.scales_of(method), (probability.ordinal, impact.ordinal)
            scored.level = _at(scales.overall, method.scoring.level_at(scales, place))
            scored.told = f"{probability.label} × {impact.label}"
        return scored

    def _numbers(self, method: Method, said: ParsedAssessment) -> Scored:
        scored = Scored()
        numbers: list[Decimal | None] = []
        for indicator, cell in zip(
            self._sides_of(method) or (), (said.probability, said.impact), strict=True
        ):
            number = self._number(method, indicator.scale, cell)
            numbers.append(number)
            if number is not None:
                scored.grades[indicator] = number.quantize(_STORED, rounding=ROUND_HALF_UP)
        result_cell = said.result
        if result_cell is None and said.level and decimal_of(said.level.value) is not None:
            result_cell = said.level
        result = self._number(method, Scale.OVERALL, result_cell)
        probability, impact = numbers
        if probability is not None and impact is not None:
            result = self._agreed(method, said, (probability, impact, result), result_cell)
        elif said.probability is not None or said.impact is not None:
            self._ledger.note(
                said.place,
                _("Manca la probabilità o l’impatto: il metodo non può dare il livello."),
            )
        if result is not None:
            scored.level, scored.told = self._band(method, result), comma(result)
        return scored

    def _number(self, method: Method, scale: str, cell: FileCell | None) -> Decimal | None:
        """Return a score that is on its scale; a problem at its place where it is not."""
        if cell is None:
            return None
        number = decimal_of(cell.value)
        if number is None:
            self._ledger.refuse(cell, _("Qui serve un numero, per esempio 2,5."))
            return None
        levels = self._lists.levels_of(method)
        bounds = bounds_of(level for level in levels if level.scale == scale)
        if bounds and not bounds[0] <= number <= bounds[1]:
            self._ledger.refuse(
                cell,
                _("Il metodo «%(method)s» qui va da %(low)s a %(high)s.")
                % {"method": method, "low": comma(bounds[0]), "high": comma(bounds[1])},
            )
            return None
        return number

    def _agreed(
        self,
        method: Method,
        said: ParsedAssessment,
        numbers: tuple[Decimal, Decimal, Decimal | None],
        cell: FileCell | None,
    ) -> Decimal | None:
        """Return the number the level goes by; asks where file and product are two numbers."""
        probability, impact, result = numbers
        product = probability * impact
        if result is None or cell is None:
            return product
        reason = _("«%(told)s»: il prodotto è %(product)s. Quale dei due dà il livello?")
        levels = self._band(method, product), self._band(method, result)
        if agrees(probability, impact, result):
            if levels[0] == levels[1] or (said.level and decimal_of(said.level.value) is None):
                # a level in words decides, whatever the last digit
                return result
            # the register prints the product: beside the level of the other it would look wrong
            reason = _(
                "«%(told)s»: il registro stampa il prodotto, %(product)s. Sono solo gli "
                "arrotondamenti, ma la fascia cambia. Quale dei due dà il livello?"
            )
        told = f"{comma(probability)} × {comma(impact)} = {comma(result)}"
        reason %= {"told": told, "product": comma(product)}
        choices = (
            _choice(_PRODUCT, _("il prodotto, %(number)s: %(level)s"), product, levels[0]),
            _choice(_FILE, _("il risultato scritto, %(number)s: %(level)s"), result, levels[1]),
        )
        chosen = self._ledger.chosen(QuestionKind.RESULT, told, cell, choices, reason)
        return {_PRODUCT: product, _FILE: result}.get(chosen or "")

    def _band(self, method: Method, score: Decimal) -> Level | None:
        levels = self.scales_of(method).overall
        ordinal = band_of(score, [(row.ordinal, row.min_score, row.max_score) for row in levels])
        return _at(levels, ordinal)

    def scales_of(self, method: Method) -> Scales:
        """Return the scales of a method, as its formulas look at them."""
        if method.pk not in self._scales:
            self._scales[method.pk] = scales_of(method, self._lists.levels_of(method))
        return self._scales[method.pk]

    # telling

    def compare(self, printed: Level | None, scored: Scored, cell: FileCell) -> None:
        """Note that the level in the file is another one than the method gives."""
        if printed is None or scored.level is None or printed.pk == scored.level.pk:
            return
        self._ledger.note(
            cell,
            _("Il file dice «%(printed)s»; con %(told)s il metodo dà «%(level)s». Resta il primo.")
            % {"printed": printed.label, "told": scored.told, "level": scored.level.label},
        )


def _has_numbers(said: ParsedAssessment) -> bool:
    cells = (said.probability, said.impact, said.result, said.beside)
    return any(cell and decimal_of(cell.value) is not None for cell in cells)


def _at(levels: Iterable[Level], ordinal: int | None) -> Level | None:
    """Return the level at a place of one scale."""
    return next((level for level in levels if level.ordinal == ordinal), None)


def _choice(key: str, label: str, number: Decimal, level: Level | None) -> Choice:
    told = level.label if level else _("nessun livello")
    return Choice(key, label % {"number": comma(number), "level": told})


def comma(number: Decimal) -> str:
    """Return a number as written by hand: decimal comma, no zeros at the end."""
    return f"{plain(number):f}".replace(".", ",")
