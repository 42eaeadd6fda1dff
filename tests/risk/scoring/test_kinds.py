"""The kinds of method: every kind answers every question, shown on one worked example each."""

from dataclasses import dataclass, fields
from decimal import Decimal

import pytest

from risk.enums import Dimension, MethodKind
from risk.scoring.kinds import SCORINGS, Calculation, Grade, Scales, Scoring, scoring_of


@dataclass(frozen=True)
class Level:
    code: str
    ordinal: int
    min_score: Decimal | None = None
    max_score: Decimal | None = None

    @property
    def label(self) -> str:
        return f"livello {self.code}"


def scale(*tops: int | None) -> tuple[Level, ...]:
    """Return levels A, B, C… whose bands end where it is said."""
    lows = (0, *tops[:-1])
    return tuple(
        Level("ABCDE"[i], i + 1, None if top is None else Decimal(low), top and Decimal(top))
        for i, (low, top) in enumerate(zip(lows, tops, strict=True))
    )


def graded(side: Dimension, *values: Level | str) -> list[Grade]:
    return [
        Grade(f"{side.label} {n}", side, level=value)
        if isinstance(value, Level)
        else Grade(f"{side.label} {n}", side, score=Decimal(value))
        for n, value in enumerate(values, start=1)
    ]


@dataclass(frozen=True)
class Example:
    """Grades, and what the kind says of them: level, part of the reason, place, calculation."""

    scales: Scales
    grades: list[Grade]
    level: str
    reason: str
    place: tuple[int, int] | None = None
    level_there: str | None = None
    printed: Calculation | None = None


PLAIN = scale(None, None, None)
EXAMPLES = {
    MethodKind.QUALITATIVE: Example(
        Scales(overall=PLAIN),
        graded(Dimension.SINGLE, PLAIN[0], PLAIN[1], PLAIN[0]),
        level="B",
        reason="il livello più alto fra gli indicatori (rischio 2)",
    ),
    MethodKind.PRODUCT: Example(
        Scales(overall=scale(5, 15, 25), probability=scale(1, 3, 5), impact=scale(1, 3, 5)),
        [
            *graded(Dimension.PROBABILITY, "3", "2.4"),
            *graded(Dimension.IMPACT, "1.5"),
        ],
        level="A",
        reason="probabilità 2,70 × impatto 1,50 = 4,05",
        place=(2, 2),
        level_there="B",
        printed=Calculation("probabilità 2,70 × impatto 1,50 = 4,05", "4,05"),
    ),
    MethodKind.MATRIX: Example(
        Scales(
            overall=PLAIN, probability=PLAIN, impact=PLAIN, cells={(1, 3): 2, (2, 3): 3, (3, 3): 3}
        ),
        [
            *graded(Dimension.PROBABILITY, PLAIN[0], PLAIN[1], PLAIN[0]),
            *graded(Dimension.IMPACT, PLAIN[2]),
        ],
        level="B",
        reason="probabilità livello A × impatto livello C",
        place=(1, 3),
        level_there="B",
    ),
}


@pytest.mark.parametrize("kind", MethodKind)
def test_a_kind_proposes_places_and_prints(kind):
    example, scoring = EXAMPLES[kind], scoring_of(kind)

    level, reason = scoring.propose(example.scales, example.grades)

    assert (level.code, reason) == (example.level, example.reason)
    assert scoring.place(example.scales, example.grades) == example.place
    assert scoring.has_axes == (example.place is not None)
    there = scoring.level_at(example.scales, example.place or (1, 1))
    codes = {step.ordinal: step.code for step in example.scales.overall}
    assert codes.get(there) == example.level_there
    made = scoring.printed and scoring.printed(example.scales, example.grades)
    assert made == example.printed


@pytest.mark.parametrize("kind", MethodKind)
def test_without_grades_no_kind_says_anything(kind):
    example, scoring = EXAMPLES[kind], scoring_of(kind)

    assert scoring.propose(example.scales, []) == (None, "")
    assert scoring.place(example.scales, []) is None
    assert not scoring.printed or scoring.printed(example.scales, []) is None


def test_every_kind_has_its_object_and_no_other():
    assert set(SCORINGS) == set(MethodKind)


@pytest.mark.parametrize("question", [field.name for field in fields(Scoring)])
def test_a_kind_that_leaves_a_question_open_cannot_be_made(question):
    whole = SCORINGS[MethodKind.PRODUCT]
    answers = {field.name: getattr(whole, field.name) for field in fields(Scoring)}
    assert Scoring(**answers) == whole
    del answers[question]

    with pytest.raises(TypeError, match=question):
        Scoring(**answers)


@pytest.mark.parametrize(
    ("kind", "numbers", "words"),
    [
        (MethodKind.QUALITATIVE, False, False),
        (MethodKind.PRODUCT, True, True),
        (MethodKind.MATRIX, False, True),
    ],
)
def test_a_probability_and_an_impact_of_a_file_are_of_a_kind_that_reads_them(kind, numbers, words):
    scoring = scoring_of(kind)

    assert (scoring.accepts(numbers=True), scoring.accepts(numbers=False)) == (numbers, words)


def test_a_matrix_without_the_cell_says_so():
    example = EXAMPLES[MethodKind.MATRIX]
    scales = Scales(overall=PLAIN, probability=PLAIN, impact=PLAIN)

    level, reason = scoring_of(MethodKind.MATRIX).propose(scales, example.grades)

    assert level is None
    assert "non ha la cella livello A × livello C" in reason
