"""Typed text and the row it stands for: spellings of one row agree, doubts are never guessed."""

import pytest
from model_bakery import baker

from registry.enums import AliasKind
from registry.models import Alias, ExecutorRole, Macroprocess, Office, RiskArea
from registry.services.lookup import Index, NoMatch, match

pytestmark = pytest.mark.django_db

AREA = "Agenda Digitale, digitalizzazione e informatizzazione processi"


@pytest.fixture
def body():
    return baker.make("registry.Administration", ipa_code="c_x001", name="Comune di Prova")


@pytest.fixture
def area(body):
    return RiskArea.objects.create(administration=body, code="S", label=AREA, kind="specific")


@pytest.fixture
def office(body):
    return Office.objects.create(administration=body, code="SI", name="Servizi Informativi")


@pytest.mark.parametrize(
    "text",
    [
        "S",
        "s",
        "S)",
        " s ) ",
        AREA,
        AREA.upper(),
        f"S) {AREA} (specifica)",
        f"S) {AREA}",
        f"S) {AREA} (specificata)",
        "S) Agenda Digitale, digitalizza zione e infor-\nmatizzazione processi (specifica)",
        "S - Agenda Digitale digitalizzazione e informatizzazione processi",
    ],
)
def test_every_spelling_of_an_area_is_the_area(body, area, text):
    assert match(AliasKind.RISK_AREA, text, administration=body) == area


@pytest.mark.parametrize("text", ["SERVIZI INFORM ATIVI", "si", "servizi  informativi", "C.E.D."])
def test_an_office_answers_to_name_code_alias_and_narrow_columns(body, office, text):
    Alias.objects.create(administration=body, kind=AliasKind.OFFICE, text="CED", office=office)
    assert match("office", text, administration=body) == office


def test_a_macroprocess_answers_to_label_and_printed_form(body):
    function = baker.make(
        "registry.InstitutionalFunction", administration=body, code="01", label="Servizi generali"
    )
    row = Macroprocess.objects.create(
        administration=body, code="01.11", label="Altri servizi", function=function
    )
    for text in ("01.11", "altri servizi", "Servizi generali: Altri servizi"):
        assert match(AliasKind.MACROPROCESS, text, administration=body) == row


def test_accents_and_apostrophes_are_no_difference(body):
    row = ExecutorRole.objects.create(administration=body, code="R", label="Unità dell’Ufficio")
    for text in ("UNITA' DELL'UFFICIO", "unità dell’ufficio", "Unita dell ufficio"):
        assert match(ExecutorRole, text, administration=body) == row


def test_any_catalogue_can_be_asked(body):
    factors = type(baker.make("risk.EnablingFactor", administration=None, code="F1", label="Uno"))
    assert match(factors, "uno", administration=body).code == "F1"


def test_the_unknown_is_refused_with_what_is_near(body, area):
    with pytest.raises(NoMatch) as refused:
        match(
            AliasKind.RISK_AREA, "Agenda digitle e digitalizzazione processi", administration=body
        )
    assert refused.value.suggestions == (area,)
    assert not refused.value.ambiguous
    assert str(area) in refused.value.message


@pytest.mark.parametrize("text", ["", "   ", "x" * 5000, "—"])
def test_nothing_and_far_too_much_are_refused(body, area, text):
    with pytest.raises(NoMatch) as refused:
        match(AliasKind.RISK_AREA, text, administration=body)
    assert refused.value.suggestions == ()
    assert len(refused.value.message) < 200


def test_two_rows_with_one_label_are_never_guessed(body):
    one, two = (
        Macroprocess.objects.create(administration=body, code=code, label="Servizi comuni")
        for code in ("M1", "M2")
    )
    with pytest.raises(NoMatch) as refused:
        match(AliasKind.MACROPROCESS, "servizi comuni", administration=body)
    assert refused.value.ambiguous
    assert set(refused.value.suggestions) == {one, two}
    assert match(AliasKind.MACROPROCESS, "M2", administration=body) == two


def test_a_body_s_own_row_hides_the_national_one(body, area):
    RiskArea.objects.create(administration=None, code="S", label=AREA, kind="specific")
    RiskArea.objects.create(administration=None, code="X9", label=AREA, kind="specific")
    assert match(AliasKind.RISK_AREA, "S", administration=body) == area
    assert match(AliasKind.RISK_AREA, AREA, administration=body) == area
    codes = [row.code for row in Index(administration=body).rows(AliasKind.RISK_AREA)]
    assert sorted(codes) == ["S", "X9"]


def test_rows_of_others_and_rows_out_of_use_are_not_offered(body, area):
    other = baker.make("registry.Administration", ipa_code="c_x002")
    RiskArea.objects.create(administration=other, code="Z", label="Zeta", kind="specific")
    RiskArea.objects.filter(pk=area.pk).update(retired_on="2024-01-31", retired_reason="Sostituita")
    for text in ("Z", "S"):
        with pytest.raises(NoMatch):
            match(AliasKind.RISK_AREA, text, administration=body)


def test_a_thousand_cells_cost_two_queries(body, area, django_assert_num_queries):
    index = Index(administration=body)
    with django_assert_num_queries(2):
        for number in range(1000):
            text = f"Agenda {number}" if number % 100 == 0 else "S) agenda digitale, (spec)"
            try:
                index.match(AliasKind.RISK_AREA, text)
            except NoMatch:
                continue
            pytest.fail("a text that is no label was matched")
