"""Text blocks: a field has a value or the printing stops."""

import pytest

from risk.content.texts import UnresolvedField, resolve
from tests.risk.paper.published import CLOSING

FIELDS = {"ufficio": "SERVIZI TECNICI", "piano": "PTPCT {{x}}", "vuoto": ""}


def test_a_field_becomes_its_value():
    text = resolve("Ufficio {{ufficio}}, {{ Ufficio }}", fields=FIELDS, block="titolo")
    assert text == "Ufficio SERVIZI TECNICI, SERVIZI TECNICI"


def test_a_value_is_not_searched_again():
    assert resolve("{{piano}}", fields=FIELDS, block="titolo") == "PTPCT {{x}}"


def test_a_text_without_fields_stays_as_it_stands():
    assert resolve(CLOSING, fields={}, block="testo finale") == CLOSING


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("{{sindaco}}", "sindaco"),
        ("{{vuoto}}", "vuoto"),
        ("{{}}", ""),
        ("aperto {{ufficio", "{{"),
        ("chiuso ufficio}}", "}}"),
    ],
)
def test_an_unresolved_field_stops_with_its_name(text, field):
    with pytest.raises(UnresolvedField) as caught:
        resolve(text, fields=FIELDS, block="catalogo, nota")
    assert caught.value.field == field
    assert caught.value.block == "catalogo, nota"
    assert field in str(caught.value)
    assert "catalogo, nota" in str(caught.value)
