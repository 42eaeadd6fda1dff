"""The acts of the sheet: cut, join, tick; each whole or not at all, and harmless when repeated."""

import uuid

import pytest
from django.core.exceptions import ValidationError

from registry.acts import RuleRefused
from registry.models import Phase, TrailRecord
from risk.models import (
    Coverage,
    EventCategory,
    Measure,
    MeasureTarget,
    PlannedMeasure,
    RiskBehaviour,
)
from risk.services.process_sheet.acts import (
    Half,
    StalePhase,
    add_behaviour,
    add_phase,
    change_coverage,
    change_words,
    merge_phases,
    split_phase,
)
from tests.register import close, make_behaviour, make_phase, make_process

pytestmark = pytest.mark.django_db


def titles(process) -> list[tuple[int, str]]:
    return list(process.phases.order_by("position").values_list("position", "title"))


def covered(behaviour) -> set[str]:
    return {str(row) for row in behaviour.coverages.select_related("phase", "action")}


def split(phase, editor, **values):
    given = {
        "version": phase.version,
        "first": Half("Verifica"),
        "second": Half("Esito"),
        "second_uid": uuid.uuid4(),
    } | values
    return split_phase(phase=phase, by=editor, **given)


def target_on(annex, phase) -> PlannedMeasure:
    measure = Measure.objects.create(code="M1", label="Doppia firma", character="specific")
    planned = PlannedMeasure.objects.create(
        plan=annex.plan, annex=annex, measure=measure, scope="phases"
    )
    MeasureTarget.objects.create(planned_measure=planned, phase=phase)
    return planned


class TestSplit:
    def test_both_halves_keep_behaviours_measures_and_order(
        self, annex, process, phases, behaviours, editor
    ):
        planned = target_on(annex, phases[1])
        half = split(phases[1], editor, actions_from=2)
        expected = [(1, "Istruttoria"), (2, "Verifica"), (3, "Esito"), (4, "Pagamento")]
        assert titles(process) == expected
        assert covered(behaviours[0]) == {"Istruttoria", "Verifica", "Esito"}
        assert covered(behaviours[1]) == {"Verifica", "Esito"}
        assert {str(row) for row in planned.targets.all()} == {"Verifica", "Esito"}
        assert [str(row) for row in phases[1].actions.all()] == ["Controllo degli atti"]
        assert [(row.position, str(row)) for row in half.actions.all()] == [(1, "Visto")]

    def test_it_is_one_act_in_the_history(self, phases, behaviours, editor):
        half = split(phases[1], editor)
        marks = {half.history.first().history_change_reason}
        marks |= {row.history.first().history_change_reason for row in half.coverages.all()}
        assert len(marks) == 1
        assert marks.pop().startswith("split:")

    def test_a_second_click_cuts_nothing_more(self, process, phases, editor):
        uid = uuid.uuid4()
        split(phases[1], editor, second_uid=uid)
        assert split(phases[1], editor, second_uid=uid).uid == uid
        assert process.phases.count() == 4

    def test_a_phase_changed_meanwhile_is_not_cut(self, process, phases, editor):
        with pytest.raises(StalePhase):
            split(phases[1], editor, version=phases[1].version + 1)
        assert process.phases.count() == 3

    def test_a_half_without_a_name_cuts_nothing(self, process, phases, editor):
        with pytest.raises(ValidationError):
            split(phases[1], editor, second=Half(""))
        assert process.phases.count() == 3


class TestMerge:
    def merge(self, phases, editor, at: int = 1, **values):
        given = {
            "version": phases[at].version,
            "following_uid": phases[at + 1].uid,
            "joined": Half("Verifica e pagamento", "Insieme"),
        } | values
        return merge_phases(phase=phases[at], by=editor, **given)

    def test_texts_actions_behaviours_and_measures_are_joined(
        self, annex, process, phases, behaviours, editor, lists
    ):
        only_last = make_behaviour(process, "Pagare due volte", [phases[2]])
        Coverage.objects.create(behaviour=behaviours[0], phase=phases[2])
        planned = target_on(annex, phases[2])
        Phase.objects.filter(pk=phases[2].pk).update(executor_role=lists["role"])
        joined = self.merge(phases, editor)
        assert titles(process) == [(1, "Istruttoria"), (2, "Verifica e pagamento")]
        assert covered(only_last) == {"Verifica e pagamento"}
        assert covered(behaviours[0]) == {"Istruttoria", "Verifica e pagamento"}
        assert [row.phase for row in planned.targets.all()] == [joined]
        assert joined.actions.count() == 2
        assert joined.executor_role == lists["role"]

    def test_actions_of_the_second_follow_those_of_the_first(self, phases, editor):
        joined = self.merge(phases, editor, at=0)
        assert [row.position for row in joined.actions.order_by("position")] == [1, 2]

    def test_a_second_click_joins_nothing_more(self, process, phases, editor):
        self.merge(phases, editor)
        self.merge(phases, editor)
        assert process.phases.count() == 2

    def test_a_phase_come_between_stops_it(self, process, phases, editor):
        with pytest.raises(StalePhase):
            self.merge(phases, editor, at=0, following_uid=phases[2].uid)
        assert process.phases.count() == 3


class TestCoverage:
    def test_only_the_boxes_named_are_touched(self, process, phases, behaviours, editor):
        # somebody else has ticked phase 3 of the first behaviour meanwhile
        Coverage.objects.create(behaviour=behaviours[0], phase=phases[2])
        action = phases[1].actions.get(position=2)
        changed = change_coverage(
            process=process,
            added={(behaviours[1].uid, action.uid)},
            removed={(behaviours[0].uid, phases[0].uid)},
            by=editor,
        )
        assert changed
        assert covered(behaviours[0]) == {"Verifica", "Pagamento"}
        assert covered(behaviours[1]) == {"Verifica", "Visto"}

    def test_twice_is_as_good_as_once(self, process, phases, behaviours, editor):
        box = {(behaviours[1].uid, phases[2].uid)}
        assert change_coverage(process=process, added=box, removed=set(), by=editor)
        assert not change_coverage(process=process, added=box, removed=set(), by=editor)
        assert change_coverage(process=process, added=set(), removed=box, by=editor)
        assert not change_coverage(process=process, added=set(), removed=box, by=editor)

    def test_a_phase_of_another_process_is_refused_whole(
        self, annex, process, phases, behaviours, editor
    ):
        other = make_phase(make_process(annex, "Altro"), "Estranea")
        with pytest.raises(ValidationError, match="non è di questo processo"):
            change_coverage(
                process=process,
                added={(behaviours[1].uid, phases[0].uid), (behaviours[1].uid, other.uid)},
                removed=set(),
                by=editor,
            )
        assert covered(behaviours[1]) == {"Verifica"}


def test_words_are_ticked_one_by_one(body, behaviours, editor):
    row = behaviours[0]
    first, second, third = (
        EventCategory.objects.create(administration=body, code=code, label=code) for code in "ABC"
    )
    row.categories.add(first, third)
    # as a page reads it: which body it is of is found, not known already
    row = RiskBehaviour.objects.get(pk=row.pk)
    change_words(
        behaviour=row, added={"categories": {"B"}}, removed={"categories": {"A"}}, by=editor
    )
    record = TrailRecord.objects.latest("pk")
    assert (record.kind, record.chain) == ("words", body.ipa_code)
    assert record.subject == f"annex {row.process.annex.uid}"
    assert set(row.categories.all()) == {second, third}
    with pytest.raises(ValidationError):
        change_words(behaviour=row, added={"factors": {"?"}}, removed={}, by=editor)


def test_words_of_a_closed_annex_are_refused_in_a_sentence(annex, behaviours, editor):
    word = EventCategory.objects.create(
        administration=annex.plan.administration, code="A", label="A"
    )
    close(annex)
    with pytest.raises(RuleRefused, match="non è aperto"):
        change_words(behaviour=behaviours[0], added={"categories": {"A"}}, removed={}, by=editor)
    assert not behaviours[0].categories.filter(pk=word.pk).exists()


def test_a_uid_makes_one_row_and_only_in_its_own_process(annex, process, editor):
    uid = uuid.uuid4()
    first = add_phase(process=process, uid=uid, title="Istruttoria", by=editor)
    assert add_phase(process=process, uid=uid, title="Istruttoria", by=editor) == first
    with pytest.raises(ValidationError):
        add_phase(process=make_process(annex, "Altro"), uid=uid, title="Istruttoria", by=editor)
    uid = uuid.uuid4()
    behaviour = add_behaviour(process=process, uid=uid, text="Favorire", by=editor)
    assert add_behaviour(process=process, uid=uid, text="Favorire", by=editor) == behaviour
    assert (process.phases.count(), process.behaviours.count()) == (1, 1)
