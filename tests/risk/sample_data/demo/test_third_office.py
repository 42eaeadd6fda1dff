"""The third office has something true and different to print in every box of every layout."""

from collections import Counter
from decimal import Decimal

from registry.enums import RiskPresence
from registry.models import Action, Annex, Phase, Process
from risk.enums import MeasureCharacter, MeasureScope, Moment, StartState
from risk.models import Assessment, PlannedMeasure, Rating, RiskBehaviour
from risk.scoring.formulas import product
from risk.services.annexes.contents import kept_annex
from risk.services.completeness.points import missing_points
from tests.risk.sample_data.demo.base import DemoTestCase

DESCRIBED = (
    "objective",
    "description",
    "input",
    "output",
    "times",
    "constraints",
    "resources",
    "interrelations",
    "criticalities",
    "responsible",
    "risk_presence_reason",
)


def covered_phases(behaviour: RiskBehaviour) -> list[int]:
    """Return the positions of the phases a behaviour shows on, its actions' phases included."""
    phases = {row.phase or row.action.phase for row in behaviour.coverages.all()}
    return sorted(phase.position for phase in phases)


class ThirdOfficeTest(DemoTestCase):
    def setUp(self):
        self.rows = list(self.processes_of("GARE"))
        self.risky = [row for row in self.rows if row.risk_presence == RiskPresence.PRESENT]

    def test_six_processes_are_described_in_every_field(self):
        assert len(self.rows) == 6
        for row in self.rows:
            assert not [name for name in DESCRIBED if not getattr(row, name)], row
            assert row.kind
            assert row.is_procedure != "unknown"
            assert row.digital_state != "unknown"
        for name in DESCRIBED[:-2]:
            assert len({getattr(row, name) for row in self.rows}) == 6, name

    def test_general_and_specific_areas_appear(self):
        assert {row.risk_area.kind for row in self.rows} == {"general", "specific"}

    def test_phases_and_actions_have_executors(self):
        for row in self.rows:
            assert 3 <= row.phases.count() <= 6
        phases = Phase.objects.filter(process__in=self.rows)
        actions = Action.objects.filter(phase__in=phases)
        assert not phases.filter(executor_role=None).exists()
        assert actions.count() > phases.count()
        assert not actions.filter(executor_role=None).exists()

    def test_behaviours_have_categories_factors_and_coverage(self):
        for row in self.risky:
            assert 3 <= row.behaviours.count() <= 4
        behaviours = RiskBehaviour.objects.filter(process__in=self.rows)
        for behaviour in behaviours:
            assert behaviour.categories.exists()
            assert behaviour.factors.exists()
            assert covered_phases(behaviour)
        assert any(row.coverages.exclude(action=None).exists() for row in behaviours)

    def test_some_behaviour_covers_phases_that_are_not_contiguous(self):
        spans = map(covered_phases, RiskBehaviour.objects.filter(process__in=self.rows))

        assert [span for span in spans if span[-1] - span[0] >= len(span)]

    def test_where_there_is_no_risk_nothing_follows(self):
        (row,) = [row for row in self.rows if row.risk_presence == RiskPresence.ABSENT]

        assert row.risk_presence_reason
        assert not row.behaviours.exists()
        assert not row.assessments.exists()

    def test_each_process_is_rated_on_six_indicators_with_reasons_and_facts(self):
        for row in self.risky:
            found = row.assessments.get(method__code="PNA2019", moment=Moment.INHERENT)
            ratings = list(found.ratings.all())
            assert found.level
            assert len(ratings) == 6
            assert all(rating.level and rating.motivation and rating.evidence for rating in ratings)

    def test_a_process_is_as_exposed_as_its_gravest_behaviour(self):
        # PNA 2019, All. 1: with several events the highest level stands for the whole.
        for row in self.risky:
            judged = {"method__code": "PNA2019", "moment": Moment.INHERENT}
            own = row.assessments.get(**judged)
            others = Assessment.objects.filter(behaviour__process=row, **judged)
            assert own.level.ordinal == max(found.level.ordinal for found in others), row
            assert others.count() == row.behaviours.count()

    def test_scores_of_the_old_method_give_the_level_that_is_written(self):
        found = Assessment.objects.filter(
            process__in=self.rows, method__code="PNA2013"
        ).select_related("level")

        assert found.count() == 4
        for assessment in found:
            scores: dict[str, list[Decimal]] = {"probability": [], "impact": []}
            for rating in assessment.ratings.select_related("indicator", "answer"):
                scores[rating.indicator.dimension].append(rating.answer.score)
            assert {side: len(values) for side, values in scores.items()} == {
                "probability": 6,
                "impact": 4,
            }
            score = product(scores["probability"], scores["impact"])
            assert assessment.level.min_score < score < assessment.level.max_score

    def test_residual_risk_is_judged_only_by_a_method_that_has_it(self):
        residual = Assessment.objects.filter(moment=Moment.RESIDUAL)

        assert residual.count() == 3
        assert not residual.filter(method__has_residual=False).exists()

    def test_no_reason_is_pasted_twice(self):
        reasons = [
            *Assessment.objects.exclude(motivation="").values_list("motivation", flat=True),
            *Rating.objects.exclude(motivation="").values_list("motivation", flat=True),
            *Process.objects.exclude(risk_presence_reason="").values_list(
                "risk_presence_reason", flat=True
            ),
        ]

        assert len(reasons) > 60
        assert [text for text, times in Counter(reasons).items() if times > 1] == []

    def test_measures_of_every_reach_are_programmed(self):
        planned = PlannedMeasure.objects.filter(annex__office__code="GARE")

        assert {row.scope for row in planned} == {
            MeasureScope.ANNEX,
            MeasureScope.PROCESSES,
            MeasureScope.PHASES,
            MeasureScope.ACTIONS,
            MeasureScope.BEHAVIOURS,
        }
        assert {row.measure.character for row in planned} == set(MeasureCharacter.values)
        for row in planned:
            assert row.start_state != StartState.UNKNOWN
            assert row.notes
            assert row.printed_responsible
            assert row.steps.exists()
            assert all(step.printed_responsible for step in row.steps.all())
            assert row.targets.exists() == (row.scope != MeasureScope.ANNEX)
            assert row.progress_indicators.get(is_master=True).target is not None

    def test_the_annex_could_be_submitted_as_it_is(self):
        missing = missing_points(kept_annex(Annex.objects.get(office__code="GARE")))

        assert [point.rule.code for point in missing] == ["measures-limit"]

    def test_high_risk_has_a_specific_measure(self):
        high = Assessment.objects.filter(
            process__in=self.rows, moment=Moment.INHERENT, level__needs_specific_measure=True
        )

        assert high.exists()
        for assessment in high:
            process = assessment.process
            planned = PlannedMeasure.objects.filter(measure__character="specific")
            reached = (
                planned.filter(targets__phase__process=process)
                | planned.filter(targets__action__phase__process=process)
                | planned.filter(targets__behaviour__process=process)
            )
            assert reached.exists(), process
