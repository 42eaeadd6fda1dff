"""Whatever is written is drawn: the engine is never given a long word."""

import re
from dataclasses import replace
from html import unescape
from io import BytesIO
from unicodedata import normalize

import pytest
from pypdf import PdfReader

from risk.content.plan_values import PlanDocument
from risk.content.values import Entry, ProcessSheet
from risk.enums import Layout
from risk.paper import pdf as room
from risk.paper.html import render_pdf
from risk.paper.plan import render_plan_pdf
from risk.paper.words import LONGEST_WORD, OPPORTUNITY, break_long_words
from tests.risk.paper import published, samples
from tests.risk.paper.filled import ODD_TEXTS, PLAIN, filled, made, repeated
from tests.risk.paper.reading import text_of

_TEXT = re.compile(r"<style\b.*?</style>|<title\b.*?</title>|<[^>]*>", re.DOTALL)


class GivenError(Exception):
    """Stands for the drawing: what matters is what came so far."""


@pytest.fixture
def given(monkeypatch) -> list[str]:
    """What the engine is given; it draws nothing."""
    texts: list[str] = []

    def parsed(*, string: str, **_options: object) -> None:
        texts.append(string)
        raise GivenError

    monkeypatch.setattr("weasyprint.HTML", parsed)
    return texts


def words_of(html: str) -> list[str]:
    """Return the words of the texts of a document, parted as an engine parts them."""
    return re.split(rf"[ \t\n\r\f{OPPORTUNITY}]+", unescape(_TEXT.sub("\n", html)))


@pytest.mark.parametrize("layout", Layout.values)
@pytest.mark.parametrize("piece", ODD_TEXTS.values(), ids=ODD_TEXTS)
def test_no_layout_gives_the_engine_a_long_word(given, layout, piece):
    text = repeated(piece, 1_000)
    with pytest.raises(GivenError):
        render_pdf(filled(text), layout=layout)
    (html,) = given
    assert text_of(normalize("NFC", text)) in text_of(unescape(html))
    assert max(map(len, words_of(html))) <= LONGEST_WORD


@pytest.mark.parametrize("piece", ODD_TEXTS.values(), ids=ODD_TEXTS)
def test_neither_does_the_plan(given, piece):
    with pytest.raises(GivenError):
        render_plan_pdf(made(PlanDocument, repeated(piece, 1_000)))
    assert max(map(len, words_of(given[0]))) <= LONGEST_WORD


def test_words_a_language_has_are_left_alone():
    digest = "0123456789abcdef" * 4
    html = f"<p title='{'x' * 100}'>{PLAIN} {digest} &amp; {'x' * LONGEST_WORD}</p>"
    assert break_long_words(html) == html
    style = f"<style>.{'x' * 100} {{}}</style><title>{'x' * 100}</title>"
    assert break_long_words(style) == style


def test_a_mark_stays_on_its_letter():
    # composed where there is such a letter, else together
    assert break_long_words("perche\u0301") == "perch\u00e9"
    html = break_long_words("x\u0301" * 100)
    assert OPPORTUNITY in html
    assert f"{OPPORTUNITY}\u0301" not in html


def test_the_markup_of_a_text_stays_text():
    html = break_long_words(f"<b>{'&lt;' * 100}</b>")
    assert unescape(html.replace(OPPORTUNITY, "")) == f"<b>{'<' * 100}</b>"
    assert html.count("<") == 2


def test_nothing_of_it_is_copied_out_of_the_paper():
    word = repeated("Parolalunghissima", 600)
    sheet = ProcessSheet("x", "1", "Prova", entries=(Entry("Vincoli", (word,)),))
    document = replace(samples.empty(), sheets=(sheet,))
    pages = PdfReader(BytesIO(render_pdf(document, layout="schede"))).pages
    text = "".join(page.extract_text() for page in pages)
    assert OPPORTUNITY not in text
    assert word in "".join(text.split())


def test_the_engine_is_reached_by_one_way_only():
    """Whoever parses HTML elsewhere would have to break its words too."""
    source = room.__loader__.get_source(room.__name__)
    assert source.count("HTML(string=") == source.count("HTML(string=break_long_words(") == 1


@pytest.mark.parametrize(
    ("document", "layout"),
    [
        (published.published_catalogue(), "catalogo"),
        (published.published_table(), "tabella"),
        (samples.worked(2), "completo"),
    ],
    ids=["catalogo", "tabella", "completo"],
)
def test_what_was_published_is_drawn_as_before(monkeypatch, given, document, layout):
    monkeypatch.setattr(room, "break_long_words", lambda html: html)
    with pytest.raises(GivenError):
        render_pdf(document, layout=layout)
    assert break_long_words(given[0]) == given[0]
