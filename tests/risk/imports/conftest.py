"""A plan with one office in it, and the people who bring files."""

import shutil

import pytest

from risk.models import Method, RegisterImport
from risk.services.imports import apply_import, preview_import, start_import
from risk.services.sample_data.reference import REFERENCE, load_reference
from tests.load_once import load_once
from tests.messy_workbooks import Grid, as_csv
from tests.people import client_of, make_member
from tests.register import make_annex, make_area

HEADS = ["Processo", "Rischio", "Prob.", "Imp.", "Risultato"]
"""Of the registers with a score for each side."""


@pytest.fixture
def annex():
    """An annex in draft whose body has one risk area, "F) Entrate"."""
    annex = make_annex()
    make_area(annex.plan.administration)
    return annex


@pytest.fixture
def editor(people):
    """The browser of the editor of the annex."""
    return client_of(people["editor"])


@pytest.fixture(scope="session")
def method_files(tmp_path_factory):
    """The files of four methods alone: the other lists have no part in these tests."""
    folder = tmp_path_factory.mktemp("methods")
    for name in ("20_method_pna2019", "22_method_matrix5", "24_method_scale7", "25_method_pxi"):
        shutil.copy(REFERENCE / f"{name}.json", folder)
    return folder


@pytest.fixture
def methods(db, method_files):
    load_once("methods of imports", lambda: load_reference(folder=method_files))
    return {row.code: row for row in Method.objects.all()}


@pytest.fixture
def rpct(annex):
    return make_member("rpct", "rpct", body=annex.plan.administration)


@pytest.fixture
def look(annex, rpct):
    """Return a function that previews rows under heads."""

    def preview(*rows, heads=HEADS, answers=None, by=rpct, merges=(), write=as_csv):
        grid = Grid([list(heads), *map(list, rows)], list(merges))
        return preview_import(
            plan=annex.plan,
            office=annex.office,
            content=write(grid),
            filename="registro",
            answers=answers,
            by=by,
        )

    return preview


@pytest.fixture
def take(annex, rpct, look):
    """Return a function that takes rows in, and gives the import."""

    def taken(*rows, heads=HEADS, answers=None, merges=(), write=as_csv) -> RegisterImport:
        content = write(Grid([list(heads), *map(list, rows)], list(merges)))
        preview = look(*rows, heads=heads, answers=answers, write=lambda _grid: content)
        assert (preview.problems, preview.questions) == ([], [])
        started = start_import(
            plan=annex.plan,
            office=annex.office,
            filename="registro",
            content=content,
            layout="auto",
            by=rpct,
        )
        started.answers = answers or {}
        started.save()
        apply_import(register_import=started, digest=preview.digest, by=rpct)
        return started

    return taken
