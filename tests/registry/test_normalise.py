"""Two spellings a clerk reads as one word fold to the same text."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.normalise import fold


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("QUALITÀ", "qualità"),
        ("Qualità", "qualita"),
        ("dell’ufficio", "DELL'UFFICIO"),
        ("dell`ufficio", "dell'ufficio"),
        ("Servizi  \n informativi ", "servizi informativi"),
        ("ammini\u00adstrazione", "amministrazione"),
        ("uffi\u200bcio", "ufficio"),
        ("2021–2023", "2021-2023"),
        ("ﬁrma", "firma"),
        ("Straße", "STRASSE"),
        ("perche\u0301", "perché"),
        ("servizi\u00a0ICT", "servizi ict"),
    ],
)
def test_same_word(one, other):
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("one", "other"), [("qualità", "qualita'"), ("area A", "area B"), ("e'", "e")]
)
def test_different_words(one, other):
    assert fold(one) != fold(other)


def test_nothing_but_blanks_folds_to_nothing():
    assert fold(" \t\u200b\n") == ""


def sign_by_sign(text):
    """What a text folds to, found the slow way."""
    signs = dict.fromkeys("’‘`´ʼ", "'") | dict.fromkeys("‐‑‒–—―−", "-")
    signs |= dict.fromkeys("\u00ad\u200b\u200c\u200d\u2060\ufeff", "")
    decomposed = unicodedata.normalize("NFKD", "".join(signs.get(sign, sign) for sign in text))
    bare = (sign for sign in decomposed if not unicodedata.combining(sign))
    return " ".join("".join(bare).casefold().split())


def test_each_sign_is_what_it_is_by_itself():
    """Of the planes whose signs are folded: accents of all scripts, dashes, forms of letters."""
    signs = [chr(code) for code in (*range(0xD800), *range(0xE000, 0x1E000))]
    texts = [f"à{sign}’b" for sign in signs]
    assert [text for text in texts if fold(text) != sign_by_sign(text)] == []


@given(st.text())
def test_folding_twice_changes_nothing(text):
    assert fold(fold(text)) == fold(text)


@given(st.text())
def test_a_folded_text_has_single_blanks_only(text):
    folded = fold(text)
    assert folded == " ".join(folded.split())


@given(st.text(alphabet=st.characters(max_codepoint=0x17F)))
def test_case_never_matters(text):
    assert fold(text.upper()) == fold(text.lower().upper())
