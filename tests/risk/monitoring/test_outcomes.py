"""What a round says of a measure: each line of the table, and a short look at whatever else."""

import datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from risk.content.round_figures import COLUMNS
from risk.content.round_values import ReportMeasure
from risk.enums import CheckOutcome, DeclaredOutcome, DerivedOutcome
from risk.scoring.outcomes import (
    OUTCOMES,
    OutcomeFacts,
    OutcomeGroup,
    group_of,
    late_days_of,
    measured_value,
    outcome_of,
)

DAY = datetime.date(2021, 6, 30)
BEFORE, AFTER = DAY - datetime.timedelta(days=12), DAY + datetime.timedelta(days=1)
GOOD = {
    "situation_on": DAY,
    "declared": "done",
    "steps": 1,
    "indicators": 1,
    "masters": 1,
    "baseline": Decimal(0),
    "target": Decimal(10),
    "target_on": BEFORE,
    "value": Decimal(10),
    "has_evidence": True,
}


@pytest.mark.parametrize(
    ("given_facts", "outcome", "words"),
    [
        ({}, "done", "con una prova"),
        ({"has_evidence": False}, "unproven", "senza prova"),
        ({"is_due": False, "declared": ""}, "not_due", "non era dovuta"),
        ({"declared": ""}, "no_answer", "Nessuna risposta"),
        ({"check": "not_confirmed"}, "not_done", "non conferma"),
        ({"check": "partly"}, "partly", "in parte"),
        ({"check": "not_verifiable"}, "unproven", "non ha potuto"),
        ({"check": "confirmed", "value": Decimal(5)}, "partly", "50 %, dovuto da 12 giorni"),
        ({"declared": "no_case", "value": None}, "no_case", "Casi nel periodo: 0"),
        ({"indicators": 0, "masters": 0}, "not_monitorable", "ha fasi di attuazione ma"),
        ({"indicators": 0, "masters": 0, "steps": 0}, "not_monitorable", "senza fasi"),
        ({"masters": 0}, "not_assessable", "Nessun indicatore, o più"),
        ({"masters": 2}, "not_assessable", "più di uno"),
        ({"target": None}, "not_assessable", "valore atteso"),
        ({"value": None}, "not_measured", "non è stato misurato"),
        ({"value": Decimal(0)}, "not_done", "12 giorni"),
        ({"value": Decimal(3), "target_on": AFTER}, "in_progress", "nei tempi"),
        ({"value": Decimal(3), "target_on": AFTER, "declared": "late"}, "in_progress", "ritardo"),
        (
            {
                "value": Decimal(3),
                "target_on": AFTER,
                "declared": "late",
                "proposed_on": AFTER + datetime.timedelta(days=30),
            },
            *("in_progress", "dichiara un ritardo, e propone 30 giorni in più."),
        ),
        ({"declared": "", "is_returned": True}, "no_answer", "Il RPCT ha chiesto altro"),
        ({"declared": "", "is_written": True}, "no_answer", "non l’ha confermata"),
        (
            {"target_on": DAY, "value": Decimal(0)},
            "not_done",
            "raggiunto, dovuto quello stesso giorno.",
        ),
        (
            {"value": Decimal(3), "target_on": AFTER, "step_days": 9},
            *("in_progress", "una fase è in ritardo di 9 giorni"),
        ),
        ({"value": Decimal(2), "baseline": Decimal(8), "target": Decimal(2)}, "done", "prova"),
        ({"target_on": None, "value": Decimal(1)}, "partly", "10 %, senza un giorno previsto."),
        ({"target_on": None, "value": Decimal("0.04")}, "partly", "raggiunto al 0,4 %"),
        ({"target_on": None, "value": Decimal("0.0001")}, "partly", "raggiunto al 0,1 %"),
        ({"target_on": None, "value": Decimal("9.999")}, "partly", "raggiunto al 99 %"),
    ],
)
def test_each_situation_has_its_outcome_and_its_reason(given_facts, outcome, words):
    found, reason = outcome_of(OutcomeFacts(**{**GOOD, **given_facts}))

    assert (found, words in reason) == (outcome, True), reason


def test_a_percent_is_computed_from_its_parts():
    parts = {"numerator": Decimal(1), "denominator": Decimal(3)}

    assert measured_value("percentage", value=None, **parts) == Decimal("33.333")
    assert measured_value("quantity", value=Decimal(4), numerator=None, denominator=None) == 4


numbers = st.none() | st.decimals(min_value=-100, max_value=100, places=2)
facts = st.builds(
    OutcomeFacts,
    situation_on=st.just(DAY),
    declared=st.sampled_from(["", *DeclaredOutcome.values]),
    steps=st.integers(0, 2),
    indicators=st.integers(0, 2),
    masters=st.integers(0, 2),
    baseline=numbers,
    target=numbers,
    target_on=st.none() | st.sampled_from([BEFORE, DAY, AFTER]),
    value=numbers,
    has_evidence=st.booleans(),
    check=st.sampled_from(["", *CheckOutcome.values]),
    is_due=st.booleans(),
    proposed_on=st.none() | st.sampled_from([BEFORE, DAY, AFTER]),
    is_written=st.booleans(),
    is_returned=st.booleans(),
    step_days=st.integers(0, 99),
)


@settings(max_examples=200, deadline=None)
@given(facts)
def test_whatever_is_known_the_outcome_keeps_its_promises(known):
    outcome, reason = outcome_of(known)

    assert reason
    assert "%(" not in reason
    assert 0 <= known.share <= 1
    if outcome == DerivedOutcome.DONE:
        assert known.has_evidence
        assert known.reached
        assert known.check in ("", CheckOutcome.CONFIRMED)
    if known.check == CheckOutcome.NOT_CONFIRMED and known.declared and known.is_due:
        assert outcome == DerivedOutcome.NOT_DONE
    if not known.declared and known.is_due:
        assert outcome == DerivedOutcome.NO_ANSWER
    late = late_days_of(outcome, known)
    assert (late is not None) == (outcome == DerivedOutcome.IN_PROGRESS and known.step_days > 0)
    if late:
        assert group_of(outcome, known.declared, late) == OutcomeGroup.LATE


def test_every_outcome_is_in_the_table():
    assert {line.outcome for line in OUTCOMES} == set(DerivedOutcome)


def test_each_outcome_stands_in_one_column():
    told = [value for _label, values in COLUMNS for value in values]

    assert sorted(told) == sorted([*DerivedOutcome.values, "overdue"])
    for one in DerivedOutcome:
        row = ReportMeasure("u", "Misura", "Ufficio", one, "")
        assert group_of(one, "") == row.group
