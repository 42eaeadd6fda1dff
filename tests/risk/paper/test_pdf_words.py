"""The PDF read back: every word, every page."""

import re
from dataclasses import replace
from html import unescape

import pytest

from risk.content.typography import with_apostrophes
from risk.content.values import PhaseRow, ProcessRow
from risk.paper.html import render_html, render_pdf
from tests.risk.paper import published, samples
from tests.risk.paper.conftest import Printed
from tests.risk.paper.reading import text_of


def test_every_word_of_the_published_catalogue_is_printed(catalogo):
    for row in published.published_catalogue().catalogue:
        for text in (row.kind, row.function, row.macroprocess, row.title, row.area, row.office):
            assert text_of(text) in catalogo.text
        assert text_of(f"n. {row.number} {row.title}") in catalogo.text
    assert text_of(with_apostrophes(published.CLOSING)) in catalogo.text
    assert text_of(published.CATALOGUE_TITLE) in catalogo.text


def test_every_word_of_the_published_table_is_printed(tabella):
    for title, objective, phases, covered in published.ACTIVITIES:
        for text in (title, objective, *phases):
            assert text_of(text) in tabella.text
        for texts, _count in covered:
            for text in texts:
                assert text_of(text) in tabella.text
    for text in (published.MACROPROCESS, *published.MEASURES):
        assert text_of(text) in tabella.text
    assert tabella.text.count("BASSO") == 5


def test_a_word_broken_by_a_line_is_read_as_one(tabella):
    read = "\n".join(tabella.pages)
    assert read.count("\u00ad") > 2
    assert re.findall(r"[^\W\d_]-\n[^\W\d_]", read) == []


def test_no_sign_stands_for_several_letters(tabella):
    """Written again by Ghostscript 10.00, “ufficio” would say Chinese (findings/)."""
    fonts = {
        id(font): font.get_object()
        for page in tabella.reader.pages
        for font in page["/Resources"]["/Font"].values()
    }
    meanings = [
        meaning
        for font in fonts.values()
        for meaning in re.findall(rb"<[0-9a-f]{4}> <([0-9a-f]+)>\n", font["/ToUnicode"].get_data())
    ]
    assert len(meanings) > 50
    assert {meaning for meaning in meanings if len(meaning) > 4} == set()


def test_the_table_has_the_columns_of_the_screen_in_their_order(tabella):
    shown = render_html(published.published_table(), layout="tabella")
    heads = re.findall(r'<th scope="col"[^>]*>(.*?)</th>', shown, flags=re.DOTALL)
    places = [text_of(tabella.pages[0]).index(text_of(head)) for head in heads]
    assert len(heads) == 7
    assert places == sorted(places)
    cells = re.findall(r"<t[dh][^>]*class=\"cell-.*?</t[dh]>", shown, flags=re.DOTALL)
    words = [text_of(unescape(re.sub(r"<[^>]*>", " ", cell))) for cell in cells]
    assert [word for word in words if word not in tabella.text and "(segue)" not in word] == []


def test_table_heads_are_on_each_page(catalogo, tabella):
    for printed, labels in (
        (catalogo, ("Funzioni istituzionali", "MACRO PROCESSO", "Area di rischio")),
        (tabella, ("Obiettivo dei Processi", "Principali fasi", "Livello di rischio")),
    ):
        assert len(printed.pages) > 1
        for page in printed.pages:
            for label in labels:
                assert text_of(label) in text_of(page)


def test_each_page_says_whose_it_is(catalogo):
    count = len(catalogo.pages)
    for number, page in enumerate(catalogo.pages, start=1):
        text = text_of(page)
        for said in (published.ADMINISTRATION, published.PLAN, "SERVIZI INFORMATIVI", "BOZZA"):
            assert text_of(said) in text
        assert text_of(f"Pag. {number} di {count}") in text


def test_a_merged_text_is_said_again_on_the_next_page(tabella):
    assert len(tabella.pages) == 2
    for page in tabella.pages:
        assert text_of(published.MACROPROCESS) in text_of(page)
        assert text_of("Whistleblowing") in text_of(page)
    assert "(segue)" not in tabella.pages[0]
    assert "(segue)" in tabella.pages[1]


def test_an_activity_is_not_parted_when_it_fits_a_page(tabella):
    for title, _objective, phases, _covered in published.ACTIVITIES:
        pages = [
            {number for number, page in enumerate(tabella.pages) if text_of(text) in text_of(page)}
            for text in phases
        ]
        assert set.intersection(*pages), title


@pytest.mark.parametrize("rows", [17, 22])
def test_a_row_with_a_long_list_begins_with_its_process_and_where_there_is_room(rows):
    (one, *_others) = published.published_table().table
    measures = tuple((f"m{n}", f"Misura numero {n:02d} di un elenco lungo") for n in range(1, 31))
    phases = tuple(PhaseRow(f"fase-{n}", f"Fase {n}") for n in range(rows))
    above = replace(one, uid="sopra", phases=phases, measures=(("x", "Una"),))
    long = ProcessRow(
        uid="lungo",
        macroprocess_key="altro",
        macroprocess="Un altro macroprocesso",
        objective="Obiettivo del processo, detto in alcune parole.",
        title="Il processo dal lungo elenco di misure che stanno in una sola riga",
        phases=(PhaseRow("sola", "La sola fase"),),
        measures=measures,
    )
    document = replace(published.published_table(), table=(above, long))
    pages = [text_of(page) for page in Printed(render_pdf(document, layout="tabella")).pages]
    found = [page.count(text_of("Misura numero")) for page in pages]
    begun = next(place for place, count in enumerate(found) if count)
    assert text_of(long.title) in pages[begun]
    assert not any(text_of(long.title) in page for page in pages[:begun])
    assert [count for count in found if 0 < count < 3] == []
    assert (sum(found), len(list(filter(None, found)))) == (len(measures), 2)


def test_no_page_is_empty(completo, nasty):
    for printed in (completo, nasty):
        for number, page in enumerate(printed.pages):
            assert len(text_of(page)) > 100 or number == 0


def test_hostile_text_is_printed_as_text(nasty):
    for text in ("<script>alert(1)</script> & </td></table>", "file:///etc/passwd"):
        assert text_of(text) in nasty.text
    assert text_of("amministrazione") in nasty.text
    assert text_of(samples.LONG_TEXT) in nasty.text
    sentence = text_of("Verifica della documentazione")
    # the catalogue, the table and the sheet, 46 times each, but for sentences parted by a page end
    assert nasty.text.count(sentence) >= 3 * 46 - 6
    assert "root:" not in nasty.text
    assert "\U0001f600" in nasty.text


@pytest.mark.parametrize("layout", ["catalogo", "tabella", "schede", "completo"])
def test_an_annex_without_processes_is_printed(layout):
    assert render_pdf(samples.empty(), layout=layout).startswith(b"%PDF-1.7")


def test_the_contents_name_the_right_pages(completo):
    # a few lines, which the cover has room for
    contents = completo.pages[0]
    for title in ("Catalogo dei processi", "Tabella dei rischi", "Schede dei processi"):
        assert title in contents
    first_sheet = next(
        number for number, page in enumerate(completo.pages, start=1) if "Processo n. 1" in page
    )
    line = next(line for line in contents.splitlines() if line.startswith("Schede dei processi"))
    rest = contents[contents.index(line) + len("Schede dei processi") :].split()
    assert int(rest[0]) == first_sheet


def test_contents_of_many_lines_have_a_page_of_their_own():
    (sheet,) = samples.worked(1).sheets
    bare = replace(sheet, phases=(), behaviours=(), assessments=(), measures=())
    sheets = tuple(replace(bare, uid=f"uid-{n}", number=str(n)) for n in range(1, 10))
    document = replace(samples.worked(1), sheets=sheets)
    printed = Printed(render_pdf(document, layout="completo"))
    assert "Indice" not in printed.pages[0]
    assert "Indice" in printed.pages[1]
