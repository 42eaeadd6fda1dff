"""A draft that has not changed is not drawn again; what is kept of it is never trusted blindly."""

from dataclasses import replace

import pytest

from risk.enums import Layout
from risk.services.printing.pieces import pdf_of_draft
from tests.risk.paper import samples


@pytest.fixture
def _store(settings, tmp_path):
    jobs = settings.STORAGES["jobs"] | {"OPTIONS": {"location": tmp_path}}
    settings.STORAGES = settings.STORAGES | {"jobs": jobs}


@pytest.mark.usefixtures("_store")
def test_what_is_kept_is_given_until_it_is_another_or_damaged(tmp_path):
    document = samples.empty()
    first = pdf_of_draft(document, layout=Layout.CATALOGUE)
    (kept,) = tmp_path.iterdir()
    written = kept.stat().st_mtime_ns
    assert pdf_of_draft(document, layout=Layout.CATALOGUE) == first
    assert kept.stat().st_mtime_ns == written
    for damaged in (kept.read_bytes()[:-1], b"", kept.read_bytes()[:40] + b"x" * 900):
        kept.write_bytes(damaged)
        assert pdf_of_draft(document, layout=Layout.CATALOGUE) == first
        assert kept.read_bytes().endswith(first)
    other = replace(document, office="Un altro ufficio")
    assert pdf_of_draft(other, layout=Layout.CATALOGUE) != first
    assert len(list(tmp_path.iterdir())) == 2
