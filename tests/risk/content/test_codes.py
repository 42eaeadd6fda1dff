"""The code a process has of its own: printed beside its number, nowhere in what has none."""

import json

import pytest

from registry.models import Annex, Process
from risk.content.build import build_document
from risk.content.build_sheets import sheet_of
from risk.content.canonical import process_data, restore, restore_process, snapshot
from risk.content.comparison import changes_between
from risk.content.reading import read_annex
from risk.enums import Layout
from risk.paper.annex_blocks import annex_book
from risk.paper.html import render_html
from tests.risk.paper import register

pytestmark = pytest.mark.django_db


@pytest.fixture
def known():
    known = register.body()
    register.process(known, number=1)
    register.process(known, number=2)
    return known


def content_of(known, code: str = ""):
    Process.objects.filter(annex=known.annex, number=1).update(code=code)
    return read_annex(Annex.objects.with_names().get(pk=known.annex.pk))


def keys_of(value) -> set[str]:
    if isinstance(value, dict):
        return set(value).union(*map(keys_of, value.values()))
    return set().union(*map(keys_of, value)) if isinstance(value, list) else set()


def test_a_code_that_is_empty_is_in_no_data(known):
    content = content_of(known)
    for data in (snapshot(build_document(content)), _data(content)):
        assert "code" not in keys_of(json.loads(data))


def test_a_code_is_in_the_data_of_its_process_alone_and_comes_back(known):
    content = content_of(known, "AP.01.01")
    document = build_document(content)
    data = json.loads(snapshot(document))["annex"]
    assert [row.get("code") for row in data["catalogue"]] == ["AP.01.01", None]
    assert [row.get("code") for row in data["sheets"]] == ["AP.01.01", None]
    again = restore(snapshot(document))
    assert [row.code for row in again.sheets] == ["AP.01.01", ""]
    assert restore_process(_data(content)).code == "AP.01.01"


def test_a_code_is_part_of_what_is_approved_and_compared(known):
    content = content_of(known)
    before, data = sheet_of(content.processes[0], content), _data(content)
    content = content_of(known, "A1")
    assert _data(content) != data
    (change,) = changes_between(before, sheet_of(content.processes[0], content))
    assert [(one.label, one.before, one.after) for one in change.fields] == [("Codice", "", "A1")]


@pytest.mark.parametrize("layout", Layout)
def test_every_layout_prints_a_code_beside_its_number(known, layout):
    html = " ".join(
        render_html(build_document(content_of(known, "AP.01.01")), layout=layout).split()
    )
    told = {
        Layout.CATALOGUE: "n. 1 (AP.01.01)</span> Affidamento 1",
        Layout.RISK_TABLE: "AP.01.01 Affidamento 1",
        Layout.SHEETS: "Processo n. 1 (AP.01.01) <",
        Layout.COMPLETE: "n. 1 (AP.01.01) Affidamento 1",
    }
    assert told[layout] in html
    assert "n. 2 (" not in html
    assert "AP.01.01" not in render_html(build_document(content_of(known)), layout=layout)


def test_the_texts_print_it_too(known):
    told = repr(annex_book(build_document(content_of(known, "4 bis")), Layout.COMPLETE))
    assert "n. 1 (4 bis) Affidamento 1" in told
    assert "Processo n. 1 (4 bis): Affidamento 1" in told
    assert "4 bis Affidamento 1" in told


def test_a_process_is_called_with_its_code_and_without_as_before():
    assert str(Process(number=3, title="Collaudi")) == "n. 3 Collaudi"
    assert str(Process(number=3, code="A3", title="Collaudi")) == "n. 3 (A3) Collaudi"


def _data(content) -> str:
    return process_data(sheet_of(content.processes[0], content))
