"""What the assessment page of a process shows: its methods, its subjects, one of them open."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cached_property

from django.db.models import F, Q, QuerySet

from registry.hanging import paths_of
from registry.kept_statements import KeptStatement
from registry.models import Process
from risk.enums import Moment
from risk.models import Assessment, Level, Rating, RiskBehaviour
from risk.services.assessment.assessments import (
    Ratings,
    Subject,
    column_of,
    ratings_of,
    stored_values,
)
from risk.services.assessment.methods import MethodSheet, PlanMethods, methods_of, sheet_of
from risk.services.assessment.proposals import Proposal, propose

PROCESS = "processo"
"""How an address names the process itself among the subjects of its page."""


@dataclass(frozen=True)
class AssessmentPage:
    """One process by one method; `subject` at `moment` is the one that is open."""

    process: Process
    methods: PlanMethods
    sheet: MethodSheet
    assessments: dict[tuple[str, int, str], Assessment]
    subject_uid: str
    moment: Moment

    @cached_property
    def behaviours(self) -> tuple[RiskBehaviour, ...]:
        """Read when first asked for: saving the assessment of the process needs none."""
        return tuple(_BEHAVIOURS(self.process.pk))

    @cached_property
    def subject(self) -> Subject:
        """What is open: the behaviour named, else the process itself."""
        if self.subject_uid in ("", PROCESS):
            return self.process
        named = (row for row in self.behaviours if str(row.uid) == self.subject_uid)
        return next(named, self.process)

    @property
    def moments(self) -> tuple[Moment, ...]:
        """What this method judges: the risk as it is, and what is left after the measures."""
        residual = (Moment.RESIDUAL,) if self.sheet.method.has_residual else ()
        return (Moment.INHERENT, *residual)

    @property
    def subjects(self) -> tuple[Subject, ...]:
        return (self.process, *self.behaviours)

    def assessment_of(self, subject: Subject, moment: Moment) -> Assessment | None:
        return self.assessments.get((column_of(subject), subject.pk, moment))

    def level_of(self, subject: Subject, moment: Moment) -> Level | None:
        assessment = self.assessment_of(subject, moment)
        key = assessment.level_id if assessment else None
        return next((level for level in self.sheet.overall if level.pk == key), None)

    def is_draft(self, subject: Subject, moment: Moment) -> bool:
        """Return whether the motivation of a level is a copy that nobody has read."""
        assessment = self.assessment_of(subject, moment)
        return assessment is not None and assessment.is_draft

    @cached_property
    def assessment(self) -> Assessment | None:
        """The assessment that is open, None while there is none."""
        return self.assessment_of(self.subject, self.moment)

    @cached_property
    def ratings(self) -> Ratings:
        return ratings_of(self.assessment)

    @cached_property
    def values(self) -> dict:
        """The open assessment as flat values."""
        return stored_values(self.sheet, self.assessment, self.ratings)

    @property
    def behaviour_levels(self) -> list[Level]:
        """Levels of the behaviours that count for the open subject: none unless it is the process.

        "If several events on one object have different levels, the highest is used" (PNA 2019).
        """
        if self.subject is not self.process:
            return []
        keys = {
            assessment.level_id
            for (column, _pk, moment), assessment in self.assessments.items()
            if column == "behaviour" and moment == self.moment
        }
        return [level for level in self.sheet.overall if level.pk in keys]

    def proposal_for(self, grades) -> Proposal:
        return propose(self.sheet, grades, of_behaviours=self.behaviour_levels)


def page_of(*, process: Process, method: str, subject: str, moment: str) -> AssessmentPage | None:
    """Return the assessment page of a process; None when its plan has no method that can be used.

    `method` is a `method_key`, `subject` the uid of a behaviour, `moment` a `Moment`: what is not
    found gives way to the plan's default method, the process itself, the inherent risk. Six
    queries at most with the behaviours, whatever their number; one more for the ratings.
    """
    methods = methods_of(process.annex.plan)
    chosen = methods.chosen(method)
    if chosen is None:
        return None
    residual = chosen.has_residual and moment == Moment.RESIDUAL
    return AssessmentPage(
        process=process,
        methods=methods,
        sheet=sheet_of(chosen, levels=methods.levels[chosen.pk]),
        assessments=_assessments(process, chosen),
        subject_uid=subject,
        moment=Moment.RESIDUAL if residual else Moment.INHERENT,
    )


def _assessments(process: Process, method) -> dict[tuple[str, int, str], Assessment]:
    return {
        (
            ("process", row.process_id, row.moment)
            if row.process_id
            else ("behaviour", row.behaviour_id, row.moment)
        ): row
        for row in _BY_METHOD(process.pk, method.pk)
    }


def _by_method(process: int, method: int) -> QuerySet[Assessment]:
    rows = Assessment.objects.filter(method=method)
    return rows.filter(Q(process=process) | Q(behaviour__process=process))


_BY_METHOD = KeptStatement(_by_method)
_BEHAVIOURS = KeptStatement(
    lambda process: RiskBehaviour.objects.filter(process=process).order_by("position")
)


JUDGED = (Assessment, Rating)
"""What is said with a motivation."""


def same_motivations(*, process: Process, texts: Iterable[str]) -> dict[str, list[int]]:
    """Return, for each text, the numbers of the other processes of the annex that say the same.

    Word for word, in a motivation of an assessment or of an indicator: the field's best-known
    vice, pointed out and not forbidden. One query.
    """
    motivations = {text for text in texts if text.strip()}
    if not motivations:
        return {}
    numbers_by_text: dict[str, set[int]] = defaultdict(set)
    for text, number in _SAYING_THE_SAME(process.pk, process.annex_id, motivations):
        numbers_by_text[text].add(number)
    return {text: sorted(numbers) for text, numbers in numbers_by_text.items()}


def _saying_the_same(process: int, annex: int, texts: Collection[str]) -> QuerySet:
    rows = [
        model.objects.filter(
            motivation__in=texts,
            **{f"{path}__annex": annex, f"{path}__retired_on__isnull": True},
        )
        .exclude(**{path: process})
        .order_by()
        .values_list("motivation", F(f"{path}__number"))
        for model in JUDGED
        for path in (way.removesuffix("__annex") for way in paths_of(model))
    ]
    return rows[0].union(*rows[1:])


_SAYING_THE_SAME = KeptStatement(_saying_the_same)
