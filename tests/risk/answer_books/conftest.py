"""The round of the tests of monitoring, and its workbooks as people fill them in."""

import io
from types import SimpleNamespace

import openpyxl

from registry.models import Office
from risk.services.answer_books.files import office_book
from risk.services.answer_books.proposal import BooksProposal
from risk.services.answer_books.uploads import compare_books, start_books, take_books
from tests.risk.monitoring.conftest import made, world

__all__ = ["made", "world"]

GOOD = {"Esito": "attuata", "Che cosa è stato fatto": "Estratte 6 pratiche."}


def book_of(world: SimpleNamespace, annex: str = "annex") -> bytes:
    office = Office.objects.get(pk=getattr(world, annex).office_id)
    return office_book(row=world.round, office=office)


def filled(content: bytes, *edits: tuple[str, dict]) -> bytes:
    """Return a workbook with cells written: the measure or indicator of a row, values by head."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    left = list(edits)
    for sheet in book.worksheets[:3]:
        rows = list(sheet.iter_rows(min_row=4))
        heads = {cell.value: cell.column for cell in rows[0]}
        for row in rows[1:]:
            named = {row[0].value, row[1].value}
            for edit in [one for one in left if one[0] in named and set(one[1]) <= set(heads)]:
                left.remove(edit)
                for head, value in edit[1].items():
                    sheet.cell(row[0].row, heads[head]).value = value
    assert not left, left
    return bytes_of(book)


def bytes_of(book) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def bring(world: SimpleNamespace, *files: bytes | tuple[str, bytes], who: str = "rpct"):
    """Bring files as a person; return what is kept of them, with its `report`."""
    named = [one if isinstance(one, tuple) else ("foglio.xlsx", one) for one in files]
    upload = start_books(row=world.round, files=named, by=world.people[who])
    compare_books(row=world.round, upload=upload, by=upload.by)
    return upload


def take(world: SimpleNamespace, upload, who: str = "rpct") -> BooksProposal:
    digest = upload.report["digest"]
    return take_books(row=world.round, upload=upload, digest=digest, by=world.people[who])
