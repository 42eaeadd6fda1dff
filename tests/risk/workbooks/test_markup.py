"""A text that looks like the markup of the library that writes workbooks stays a text."""

import io

import openpyxl
import pytest

from registry.models import Annex
from risk.services.workbooks.files import annex_workbook
from risk.workbooks.books import LAYOUTS
from tests.register import make_annex, make_phase, make_process

TEXT = "<r><t>prima & poi</t></r>"


@pytest.mark.django_db
@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_text_like_markup_is_written_as_it_stands(layout):
    annex = make_annex()
    process = make_process(annex, TEXT)
    for _phase in range(2):
        make_phase(process, TEXT)

    content = annex_workbook(annex=Annex.objects.with_names().get(pk=annex.pk), layout=layout)

    book = openpyxl.load_workbook(io.BytesIO(content))
    cells = [cell.value for row in book.worksheets[0].rows for cell in row]
    assert any(TEXT in str(value) for value in cells)
