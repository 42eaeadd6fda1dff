"""What the texts of an annex should not say: repealed articles and people's names."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from registry.enums import RiskPresence
from registry.models import Membership, User
from risk.models import ImplementationStep, LegalReference, Measure, MeasureTarget, PlannedMeasure
from risk.services.annexes.contents import kept_annex
from risk.services.completeness.points import missing_points
from risk.services.sample_data.reference import REFERENCE, load_reference
from tests.register import (
    assess,
    make_annex,
    make_behaviour,
    make_body,
    make_method,
    make_phase,
    make_process,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def annex():
    return make_annex()


@pytest.fixture
def references(tmp_path, settings):
    """The references that come with the software, in 2026."""
    settings.TODAY = datetime.date(2026, 1, 15)
    name = "30_legal_references.json"
    (tmp_path / name).write_text((REFERENCE / name).read_text(encoding="utf-8"), encoding="utf-8")
    load_reference(folder=tmp_path)


def points(annex, code="text-repealed"):
    return [point for point in missing_points(kept_annex(annex)) if point.rule.code == code]


@pytest.mark.parametrize(
    "text",
    [
        "Reato di cui all’art. 323 c.p.",
        "ART.323 CP",
        "articolo 323 del Codice Penale",
        "artt. 318, 323 c.p., 328",
        "ai sensi del D.Lgs. 50/2016 e s.m.i.",
        "d. lgs. n.50/2016",
        "Dlgs 50/2016",
        "decreto legislativo 18 aprile 2016, n. 50",
    ],
)
def test_a_repealed_article_is_found_however_written(annex, references, text):
    process = make_process(annex, description=text)
    (point,) = points(annex)
    assert (point.process, point.anchor, point.blocks) == (process, "descrizione", False)
    assert "abrogato dal" in point.sentence


@pytest.mark.parametrize(
    "text",
    [
        "art. 323 c.p.p.",
        "art. 323-bis c.p.",
        "art. 1323 c.p.",
        "art. 32 3 c.c.",
        "D.Lgs. 150/2016",
        "D.Lgs. 50/20167",
        "D.Lgs. 36/2023",
        "L. 241/1990",
    ],
)
def test_what_is_in_force_is_left_alone(annex, references, text):
    make_process(annex, description=text)
    assert points(annex) == []


def test_it_is_judged_on_the_day_the_installation_lives_in(annex, references, settings):
    make_process(annex, description="Art. 323 c.p.")
    settings.TODAY = datetime.date(2024, 8, 24)
    assert points(annex) == []
    settings.TODAY = datetime.date(2024, 8, 25)
    (point,) = points(annex)
    assert "25/08/2024" in point.sentence


def everywhere(annex, text) -> set[str]:
    """Write a text in every place of one process and return where each is mended."""
    process = make_process(
        annex, risk_presence=RiskPresence.PRESENT, description=text, risk_presence_reason=text
    )
    phase = make_phase(process)
    phase.actions.create(position=1, title="Azione", description=text)
    behaviour = make_behaviour(process, text, phases=[phase])
    assess(behaviour, make_method(f"M{process.pk}"), "Alto", text)
    code = f"M{process.pk}"
    measure = Measure.objects.create(code=code, label="Rotazione", character="general")
    planned = PlannedMeasure.objects.create(
        plan=annex.plan, annex=annex, measure=measure, scope="processes", position=process.pk
    )
    MeasureTarget.objects.create(planned_measure=planned, process=process)
    ImplementationStep.objects.create(planned_measure=planned, position=1, description=text)
    return {
        *("descrizione", "presenza", "valutazione", f"fase-{phase.uid}"),
        *(f"comportamento-{behaviour.uid}", f"misura-{planned.uid}"),
    }


def test_every_text_is_read_and_each_place_is_told_once(annex, references):
    expected = everywhere(annex, "Art. 323 c.p., di nuovo art. 323 c.p.")
    found = [point.anchor for point in points(annex)]
    assert set(found) == expected
    assert len(found) == len(expected)


def test_a_body_adds_its_own_and_another_does_not_see_it(annex):
    other = make_annex(make_body("c_x002"))
    LegalReference.objects.create(
        administration=annex.plan.administration,
        code="R1",
        label="Regolamento 7/1999",
        spellings="regolamento 7/1999\n---",
        repealed_on=datetime.date(2000, 1, 1),
    )
    for one in (annex, other):
        make_process(one, description="Vedi il regolamento 7/1999.")
    assert len(points(annex)) == 1
    assert points(other) == []
    LegalReference.objects.update(retired_on=datetime.date(2010, 1, 1), retired_reason="Doppione")
    assert points(annex) == []


def test_the_number_of_queries_does_not_grow(annex, references, django_assert_num_queries):
    everywhere(annex, "Art. 323 c.p.")
    with CaptureQueriesContext(connection) as first:
        missing_points(kept_annex(annex))
    for _index in range(3):
        everywhere(annex, "D.Lgs. 50/2016")
    with django_assert_num_queries(len(first)):
        missing_points(kept_annex(annex))


def member(annex, first, last, **fields) -> User:
    user = User.objects.create(username=last, first_name=first, last_name=last, **fields)
    Membership.objects.create(
        user=user,
        administration=annex.plan.administration,
        role="auditor",
        starts_on=datetime.date(2020, 1, 1),
    )
    return user


@pytest.mark.parametrize(
    "text",
    [
        "Lo firma Niccolò D’Arpino.",
        "D'ARPINO NICCOLO",
        "(D’Arpino, Niccolò)",
        "il dott. Niccolò Maria D’Arpino",
    ],
)
def test_a_name_is_found_in_either_order(annex, text):
    member(annex, "Niccolò Maria", "D’Arpino")
    process = make_process(annex, output=text)
    (point,) = points(annex, "text-person")
    assert (point.process, point.anchor, point.blocks) == (process, "descrizione", False)
    assert "Niccolò Maria D’Arpino" in point.sentence


@pytest.mark.parametrize(
    "text",
    ["La prateria è vasta.", "Prati Rosario", "Sprati Rosa", "i prati", "Rosa e Prati", ""],
)
def test_part_of_a_name_or_of_a_word_is_no_name(annex, text):
    member(annex, "Rosa", "Prati")
    make_process(annex, output=text)
    assert points(annex, "text-person") == []


def test_only_people_of_the_body_who_still_have_a_name(annex):
    member(make_annex(make_body("c_x002")), "Rosa", "Prati")
    member(annex, "", "Solo")
    gone = datetime.date(2021, 1, 1)
    member(annex, "Utente", "Cancellato", pseudonymised_on=gone)
    make_process(annex, output="Rosa Prati, Solo, Utente Cancellato")
    assert points(annex, "text-person") == []


def test_a_name_is_told_once_a_place_and_everywhere(annex):
    member(annex, "Rosa", "Prati")
    expected = everywhere(annex, "Rosa Prati e Prati Rosa")
    found = [point.anchor for point in points(annex, "text-person")]
    assert set(found) == expected
    assert len(found) == len(expected)


def test_the_names_are_read_with_one_query(annex, django_assert_num_queries):
    everywhere(annex, "Rosa Prati")
    member(annex, "Rosa", "Prati")
    with CaptureQueriesContext(connection) as first:
        missing_points(kept_annex(annex))
    assert sum('"registry_membership"' in query["sql"] for query in first) == 1
    for number in range(5):
        member(annex, "Rosa", f"Prati{number}")
    everywhere(annex, "Rosa Prati")
    with django_assert_num_queries(len(first)):
        missing_points(kept_annex(annex))
