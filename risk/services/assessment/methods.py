"""A method as the pages ask it: its questions, their grades, its scale; all of it is data."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from django.db.models import Q, QuerySet

from registry.kept_statements import KeptStatement
from registry.models import Administration, Plan
from risk.content.build_matrix import scales_of
from risk.enums import Scale
from risk.models import Answer, Indicator, Level, Method
from risk.scoring.kinds import Scales


@dataclass(frozen=True)
class MethodQuestion:
    """One indicator with what may be answered: scored answers, levels, or a number.

    It takes a number where its scale has no levels, or levels that are the words for its scores.
    """

    indicator: Indicator
    answers: tuple[Answer, ...]
    levels: tuple[Level, ...]

    @property
    def key(self) -> str:
        """The name of this question in forms; its parts are `key-grade`, `key-motivation`…"""
        return f"i{self.indicator.position}"

    @cached_property
    def grades(self) -> dict[str, Answer | Level]:
        """Grades by the value a form sends; empty when the question takes a plain number."""
        if self.answers:
            return {str(answer.position): answer for answer in self.answers}
        return {} if self.bounds else {level.code: level for level in self.levels}

    @cached_property
    def bounds(self) -> tuple[Decimal, Decimal] | None:
        """The lowest and the highest number it takes; None when it takes none, or any."""
        return None if self.answers else bounds_of(self.levels)

    @property
    def by_level(self) -> bool:
        """Whether it is graded by levels: these want a motivation (docs/decisions/0021)."""
        return not self.answers and bool(self.grades)


@dataclass(frozen=True)
class MethodSheet:
    """A method read once, with everything a page or a proposal needs of it."""

    method: Method
    questions: tuple[MethodQuestion, ...]
    scales: Scales

    @property
    def overall(self) -> Sequence[Level]:
        """The levels of the judgement, lowest first."""
        return self.scales.overall

    def overall_level(self, code: str) -> Level | None:
        """Return the level of the overall scale with this code."""
        return next((level for level in self.overall if level.code == code), None)


@dataclass(frozen=True)
class PlanMethods:
    """The methods of a plan, the default one first, with the levels of each."""

    methods: tuple[Method, ...]
    levels: Mapping[int, tuple[Level, ...]]

    def chosen(self, key: str) -> Method | None:
        """Return the method a page's address names, the default one when it names none."""
        named = (method for method in self.methods if method_key(method) == key)
        return next(named, self.methods[0] if self.methods else None)


def bounds_of(levels: Iterable[Level]) -> tuple[Decimal, Decimal] | None:
    """Return the ends of a scale whose every level has its scores; None for any other scale."""
    ends = [(level.min_score, level.max_score) for level in levels]
    if not ends or any(None in pair for pair in ends):
        return None
    return min(low for low, _high in ends), max(high for _low, high in ends)


def method_key(method: Method) -> str:
    """Return the name of a method in an address: no key of the database appears in a page."""
    home = "naz" if method.administration_id is None else "ente"
    return f"{home}:{method.code}:{method.edition}"


def methods_of(plan: Plan) -> PlanMethods:
    """Return the methods of a plan in one query; one without levels cannot be used, so is left."""
    methods: dict[int, Method] = {}
    levels: dict[int, list[Level]] = {}
    for level in _LEVELS(plan.pk):
        methods.setdefault(level.method_id, level.method)
        levels.setdefault(level.method_id, []).append(level)
    return PlanMethods(tuple(methods.values()), {key: tuple(of) for key, of in levels.items()})


def _levels(plan: int) -> QuerySet[Level]:
    rows = Level.objects.filter(method__plan_methods__plan=plan).select_related("method")
    by_method = ("-method__plan_methods__is_default", "method__code", "method_id")
    return rows.order_by(*by_method, "ordinal")


def offered_methods(plan: Plan) -> list[Method]:
    """Return the methods a plan may use: national ones and its body's, and those it uses already.

    One that is retired, or has no levels, is offered only where it is in use. One query.
    """
    return _in_order(_fit_for(plan.administration_id) | Q(plan_methods__plan=plan))


def methods_offered_to(body: Administration) -> list[Method]:
    """Return the methods a new plan of a body may use. One query."""
    return _in_order(_fit_for(body.pk))


def _fit_for(body_id: int) -> Q:
    offered = Q(administration__isnull=True) | Q(administration=body_id)
    return offered & Q(retired_on__isnull=True, levels__scale=Scale.OVERALL)


def _in_order(which: Q) -> list[Method]:
    rows = Method.objects.filter(which).distinct()
    return list(rows.order_by("administration_id", "name", "edition"))


def sheet_of(method: Method, *, levels: Sequence[Level]) -> MethodSheet:
    """Read the questions of a method whose levels are known; two queries, one without a matrix."""
    return MethodSheet(
        method=method, questions=_questions(method, levels), scales=scales_of(method, levels)
    )


_OF_ANSWER = ("answers__pk", "answers__position", "answers__label", "answers__score")


def _answers(method: int) -> QuerySet:
    rows = Indicator.objects.filter(method=method).order_by("position", "answers__position")
    own = (field.attname for field in Indicator._meta.concrete_fields)
    return rows.values(*own, *_OF_ANSWER)


_LEVELS, _ANSWERS = KeptStatement(_levels), KeptStatement(_answers)


def _questions(method: Method, levels: Sequence[Level]) -> tuple[MethodQuestion, ...]:
    # one row an answer: indicator and answers come in one query
    indicators: dict[int, Indicator] = {}
    answers: dict[int, list[Answer]] = {}
    for row in _ANSWERS(method.pk):
        pk, position, label, score = (row.pop(name) for name in _OF_ANSWER)
        indicator = indicators.setdefault(row["id"], Indicator(**row))
        own_answers = answers.setdefault(indicator.pk, [])
        if pk is not None:
            own_answers.append(
                Answer(pk=pk, indicator=indicator, position=position, label=label, score=score)
            )
    return tuple(
        MethodQuestion(
            indicator=indicator,
            answers=tuple(answers[indicator.pk]),
            levels=tuple(level for level in levels if level.scale == indicator.scale),
        )
        for indicator in indicators.values()
    )
