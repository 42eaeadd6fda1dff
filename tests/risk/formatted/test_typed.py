"""How a formatted text is typed: what it means, what comes back, what is refused."""

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from risk.formatted.plain import plain
from risk.formatted.tree import check_blocks, runs_of
from risk.formatted.typed import read_typed, typed

TYPED = """Il contesto *esterno* e **interno**, con [un collegamento](https://www.example.org/a_b).

- uno
- due
  - sotto

4. quattro
5. cinque

1\\. non è un elenco

| Ufficio | Che *cosa* |
| --- | --- |
| Gare | a \\| b |"""


def said(text: str) -> str:
    return "".join(run["text"] for run in runs_of(read_typed(text)))


def test_every_form_is_read_and_typed_the_same():
    blocks = read_typed(TYPED)
    assert plain(blocks).split("\n") == [
        "Il contesto esterno e interno, con un collegamento (https://www.example.org/a_b).",
        *("– uno", "– due", "– – sotto", "4. quattro", "5. cinque", "1. non è un elenco"),
        "Ufficio: Gare; Che cosa: a | b",
    ]
    assert [block["type"] for block in blocks] == [
        *("paragraph", "list", "list", "paragraph", "table")
    ]
    strong = {"text": "interno", "strong": True}
    linked = {"text": "un collegamento", "link": "https://www.example.org/a_b"}
    assert strong in blocks[0]["runs"]
    assert linked in blocks[0]["runs"]
    nested = {"type": "list", "ordered": False, "items": [[_paragraph("sotto")]]}
    assert blocks[1]["items"][1] == [_paragraph("due"), nested]
    assert (blocks[2]["ordered"], blocks[2]["start"]) == (True, 4)
    assert blocks[4]["rows"] == [[[{"text": "Gare"}], [{"text": "a | b"}]]]
    assert typed(blocks) == TYPED


def _paragraph(text: str) -> dict:
    return {"type": "paragraph", "runs": [{"text": text}]}


@given(st.text(alphabet="ab 1.-+*_[]()|\\!#>`~<&\n:/è", max_size=60))
def test_what_is_shown_means_what_was_saved(text):
    try:
        blocks = read_typed(text)
    except ValidationError:
        return
    assert read_typed(typed(blocks)) == blocks


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1))
def test_no_word_is_lost(text):
    try:
        read = said(f"a {text} b")
    except ValidationError:
        return
    letters = [sign for sign in text if sign.isalpha()]
    assert [sign for sign in read if sign.isalpha()] == ["a", *letters, "b"]


def test_markup_is_the_text_it_is():
    page = '<script src="https://example.org/x.js"></script><img src=x onerror=alert(1)>'
    assert said(page) == page


ROWS = "\n".join(["| a | b |", "| --- | --- |", *["| 1 | 2 |"] * 301])


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("![logo](https://example.org/x.png)", "Un’immagine non sta in un capitolo"),
        ("[qui](javascript:alert(1))", "deve cominciare con https"),
        ("[qui](https:)", "deve cominciare con https"),
        ("[qui](/interno)", "deve cominciare con https"),
        ("- a\n  - b\n    - c\n      - d", "al massimo per 3 livelli"),
        (ROWS, "ha 301 righe: al massimo 300"),
        ("| a |\n| --- |\n| b | c |", "ha più celle della testa"),
        ("- x\n\n  | a |\n  | --- |\n  | b |", "non sta dentro un elenco"),
        ("a" * 5001, "lungo 5.001 caratteri"),
        ("parola " * 10_000, "un capitolo ne tiene al massimo 60.000"),
        ('[qui](https://example.org "titolo")', "ha un titolo"),
        ("a\x07b", "carattere di controllo"),
    ],
)
def test_what_may_not_be_there_is_refused_in_a_sentence(text, sentence):
    with pytest.raises(ValidationError) as refused:
        read_typed(text)
    assert sentence in refused.value.messages[0]


@pytest.mark.parametrize(
    "tree",
    [
        "testo",
        [{"type": "html", "html": "<b>"}],
        [{"type": "paragraph", "runs": []}],
        [{"type": "paragraph", "runs": [{"text": "a", "style": "x"}]}],
        [{"type": "paragraph", "runs": [{"text": "a", "strong": 1.5}]}],
        [{"type": "paragraph", "runs": [{"text": "a", "link": "data:text/html,x"}]}],
        [{"type": "paragraph", "runs": [{"text": ["a"]}]}],
        [{"type": "list", "ordered": False, "items": [[]]}],
        [{"type": "list", "ordered": True, "start": True, "items": [[_paragraph("a")]]}],
        [{"type": "table", "head": [[{"text": "a"}]], "rows": [[[], []]]}],
        [{"type": ["table"]}],
    ],
)
def test_a_tree_of_any_other_form_is_refused(tree):
    with pytest.raises(ValidationError):
        check_blocks(tree)
