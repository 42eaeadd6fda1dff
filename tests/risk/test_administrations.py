"""A new administration can write its first plan at once."""

import pytest
from django.core.exceptions import ValidationError
from model_bakery import baker

from registry.models import AnacArea, Macroprocess, RiskArea
from risk.models import Measure, MeasureTypology, TextBlock
from risk.services.administrations import create_administration

pytestmark = pytest.mark.django_db


@pytest.fixture
def national():
    typology = MeasureTypology.objects.create(code="ROT", label="Rotazione")
    area = AnacArea.objects.create(code="G1", label="Personale", kind="general")
    measure = Measure.objects.create(
        code="MG02", label="Rotazione", character="general", description="Alternanza."
    )
    measure.typologies.add(typology)
    measure.anac_areas.add(area)
    Measure.objects.create(code="MS01", label="Doppia firma", character="specific")
    TextBlock.objects.create(layout="catalogo", slot="closing", text="Se e' così.", source="S")
    RiskArea.objects.create(code="S", label="Agenda Digitale", kind="specific")


def test_general_measures_become_its_own_with_what_they_are_linked_to(national):
    body = create_administration(ipa_code="c_x001", name="Comune di Valdoro")

    measure = Measure.objects.get(administration=body)
    assert (measure.code, measure.description) == ("MG02", "Alternanza.")
    assert measure.typologies.get().code == "ROT"
    assert measure.anac_areas.get().code == "G1"


def test_texts_become_its_own_letter_for_letter(national):
    body = create_administration(ipa_code="c_x001", name="Comune di Valdoro")

    block = TextBlock.objects.get(administration=body)
    assert (block.plan, block.layout, block.slot) == (None, "catalogo", "closing")
    assert (block.text, block.source) == ("Se e' così.", "S")


def test_rewording_a_copy_leaves_the_national_row(national):
    body = create_administration(ipa_code="c_x001", name="Comune di Valdoro")
    own = Measure.objects.get(administration=body)
    own.label = "Rotazione del personale"
    own.save()

    assert Measure.objects.get(administration=None, code="MG02").label == "Rotazione"


def test_all_of_it_is_one_act(national):
    anna = baker.make("registry.User", username="anna")
    body = create_administration(ipa_code="c_x001", name="Comune di Valdoro", by=anna)

    records = [
        *body.history.all(),
        *RiskArea.history.filter(administration=body),
        *Measure.history.filter(administration=body),
        *TextBlock.history.filter(administration=body),
    ]
    assert len({record.history_change_reason for record in records}) == 1
    assert {record.history_user for record in records} == {anna}


def test_a_refused_body_leaves_nothing(national):
    with pytest.raises(ValidationError):
        create_administration(ipa_code="c_x001", name="")

    assert not Measure.objects.exclude(administration=None).exists()
    assert not Macroprocess.objects.exists()
