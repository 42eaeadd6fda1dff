"""Copies of a document: one that is no issue, and one that names nobody."""

import pytest

from risk.content.copies import nameless, of_no_issue
from risk.content.values import AnnexDocument, Entry, OfficeHead, ProcessSheet, Texts

HEAD = OfficeHead("dott.ssa", "De Rossi", "Anna")
OF_ISSUE = {
    "number": "7",
    "issued_at": "29/01/2021 09:00",
    "digest": "0" * 64,
    "anchor": "ancora 12",
    "verify_at": "https://registro.example/verifica/",
}


def document(text: str = "", *, head: OfficeHead = HEAD, label: str = "") -> AnnexDocument:
    """An issued annex with a text in each place of a layout, and beside a label of a sheet."""
    sheet = ProcessSheet("x", "1", "Gare", entries=(Entry(label, (text,)),), presence="Presente")
    texts = {"schede": Texts(text, text, text, text)}
    told = {"texts": texts, "sheets": (sheet,), "is_draft": False, **OF_ISSUE}
    return AnnexDocument("a", "Comune", "PTPCT", "GARE", head, **told)


@pytest.mark.parametrize("copied", [of_no_issue, nameless])
def test_a_copy_is_a_draft_and_says_nothing_of_the_issue(copied):
    copy = copied(document())
    assert copy.is_draft
    assert {name: getattr(copy, name) for name in OF_ISSUE} == dict.fromkeys(OF_ISSUE, "")


@pytest.mark.parametrize(
    ("text", "left"),
    [
        # as the field of a text prints it, and as a cover does
        ("Risponde dott.ssa De Rossi Anna.", "Risponde —."),
        ("Risponde la Dott.ssa Anna  De Rossi, ogni anno", "Risponde la —, ogni anno"),
        ("ANNA DE ROSSI", "—"),
        ("La dott.ssa De Rossi", "La —"),
        ("Annamaria De Rossini e De Rossi", "Annamaria De Rossini e De Rossi"),
        ("", ""),
    ],
)
def test_the_name_of_the_head_goes_from_where_it_is_printed_by_itself(text, left):
    copy = nameless(document(text, label="Responsabilità del processo"))
    assert str(copy.head) == "—"
    assert copy.texts == {"schede": Texts(left, left, left, left)}
    assert copy.sheets[0].entries[0].lines == (left,)


def test_what_somebody_typed_into_a_sheet_stays_and_an_office_without_a_head_loses_nothing():
    text = "Ne decide Anna De Rossi."
    assert nameless(document(text, label="Criticità del processo")).sheets[0].entries[0].lines == (
        text,
    )
    for head, left in ((OfficeHead(), text), (OfficeHead("Anna"), text)):
        assert nameless(document(text, head=head)).texts_of("schede").note == left
    only = nameless(document("Il capo Neri, Nerina", head=OfficeHead(surname="Neri")))
    assert only.texts_of("schede").note == "Il capo —, Nerina"
