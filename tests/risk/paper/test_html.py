"""The annex as HTML: complete, escaped, standing alone, read by any reader."""

import re
from html.parser import HTMLParser

import pytest

from risk.content.typography import with_apostrophes
from risk.enums import Layout
from risk.paper.html import render_html
from tests.risk.paper import published, samples


class Page(HTMLParser):
    """Tags and text of a page, as a browser sees them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self._in_style = False
        self.feed(html)
        self.text = " ".join("".join(self.words).split())

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self._in_style = tag == "style"

    def handle_endtag(self, tag):
        self._in_style = False

    def handle_data(self, data):
        if not self._in_style:
            self.words.append(data)


def test_every_cell_of_the_published_catalogue_is_there():
    document = published.published_catalogue()
    page = Page(render_html(document, layout="catalogo"))
    for row in document.catalogue:
        assert f"n. {row.number} {row.title}" in page.text
    for label in (
        "Processi di supporto/processi primari",
        "Funzioni istituzionali",
        "MACRO PROCESSO",
        "PROCESSO",
        "Area di rischio",
        "Ufficio",
    ):
        assert label in page.text
    assert page.text.count("S) Agenda Digitale") == 19
    assert page.text.count("Organi istituzionali") == 2
    assert with_apostrophes(published.CLOSING) in page.text


def test_the_cover_lines_of_the_published_catalogue_stand_in_its_order():
    page = Page(render_html(published.published_catalogue(), layout="catalogo"))
    lines = (
        "ALLEGATO PTPCT",
        "UFFICIO: SERVIZI INFORMATIVI",
        "PTPCT 2021/2023",
        "Responsabile dell’ufficio:",
        "Rag. Ottavio Tarquini",
        "IDENTIFICAZIONE MACROPROCESSI E PROCESSI",
    )
    start = page.text.index(lines[0])
    places = [page.text.index(line, start) for line in lines]
    assert places == sorted(places)


@pytest.mark.parametrize("layout", Layout.values)
def test_a_draft_says_so(layout):
    assert "BOZZA" in Page(render_html(samples.worked(), layout=layout)).text


@pytest.mark.parametrize("layout", Layout.values)
def test_standalone_html_asks_for_nothing(layout):
    html = render_html(samples.worked(), layout=layout)
    assert html.startswith("<!DOCTYPE html>")
    page = Page(html)
    assert not [tag for tag, _attrs in page.tags if tag in {"script", "link", "img", "iframe"}]
    addresses = re.findall(r'(?:src|href)="([^"]*)"|url\("([^"]*)"\)', html)
    for address in filter(None, (first or second for first, second in addresses)):
        assert address.startswith(("#", "data:font/woff2;base64,")), address[:80]
    for _tag, attributes in page.tags:
        assert not [name for name in attributes if name == "style" or name.startswith("on")]


@pytest.mark.parametrize("layout", Layout.values)
def test_ids_are_unique_and_references_lead_somewhere(layout):
    page = Page(render_html(samples.worked(), layout=layout))
    ids = [attributes["id"] for _tag, attributes in page.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    for _tag, attributes in page.tags:
        named = (attributes.get("headers") or "") + " " + (attributes.get("aria-labelledby") or "")
        assert set(named.split()) <= set(ids)
        href = attributes.get("href") or ""
        if href.startswith("#"):
            assert href[1:] in ids


@pytest.mark.parametrize("layout", Layout.values)
def test_hostile_text_is_escaped_and_kept(layout):
    html = render_html(samples.nasty(), layout=layout)
    page = Page(html)
    assert "script" not in {tag for tag, _attrs in page.tags}
    assert "img" not in {tag for tag, _attrs in page.tags}
    assert "<script>alert(1)</script> & </td></table>" in page.text
    assert "\u0007" not in html
    assert "prima dopo" in page.text
    for kept in ("file:///etc/passwd", "\U0001f600", "{{ufficio}} {% load x %}", "\u00ad"):
        assert kept in page.text


@pytest.mark.parametrize("layout", Layout.values)
def test_an_annex_without_processes_says_so(layout):
    page = Page(render_html(samples.empty(), layout=layout))
    assert "In questo allegato non c’è ancora nessun processo." in page.text


def test_each_table_has_a_caption_and_can_be_scrolled_by_keyboard():
    page = Page(render_html(published.published_table(), layout="tabella"))
    names = [tag for tag, _attrs in page.tags]
    assert names.count("caption") == names.count("table") == 1
    region = next(attrs for tag, attrs in page.tags if attrs.get("role") == "region")
    assert region["tabindex"] == "0"
    assert region["aria-label"]


def test_the_body_alone_carries_no_style():
    html = render_html(published.published_catalogue(), layout="catalogo", standalone=False)
    assert "<style" not in html
    assert "<html" not in html
    assert "n. 28" in Page(html).text


def test_an_unknown_layout_is_refused():
    with pytest.raises(ValueError, match="mappa"):
        render_html(published.published_catalogue(), layout="mappa")
