"""A long annex for tests of its pieces: short sheets among long ones, a measure said once."""

from dataclasses import replace

from risk.content.values import (
    AnnexDocument,
    Entry,
    FigureCell,
    FigureLine,
    FigureTable,
    ProcessSheet,
    Texts,
)
from risk.paper.fragments import IN_PIECES_FROM, SHEETS_OF_A_PIECE
from tests.risk.paper import samples

SHEETS = IN_PIECES_FROM + 1
SHORT = range(SHEETS_OF_A_PIECE - 1, SHEETS_OF_A_PIECE + 2)
"""Places of sheets that share a page just where a piece would end."""


def long_annex() -> AnnexDocument:
    """Return an annex that is drawn in pieces."""
    worked = samples.worked(1)
    figures = FigureTable(
        title="Processi per livello",
        head="Livello",
        columns=("Processi",),
        lines=(FigureLine("alto", (FigureCell(7, 4, "high"),)),),
    )
    closing = Texts(closing="Qui si chiudono le schede.", introduction="Qui cominciano.")
    sheets = tuple(_sheet(place) for place in range(SHEETS))
    row = worked.catalogue[0]
    return replace(
        worked,
        catalogue=tuple(
            replace(row, uid=one.uid, number=one.number, title=one.title) for one in sheets
        ),
        table=tuple(
            replace(process, uid=one.uid, title=one.title)
            for process, one in zip(worked.table, sheets, strict=False)
        ),
        sheets=sheets,
        figures=(figures,),
        texts={**worked.texts, "schede": closing},
    )


def _sheet(place: int) -> ProcessSheet:
    number = place + 1
    if place in SHORT:
        title = f"Processo breve {number}"
        entries = (Entry("Tipo di processo", (f"Processo di supporto {number}",)), Entry("Vincoli"))
        return ProcessSheet(f"foglio-{number}", str(number), title, None, entries)
    sheet = samples.sheet(number)
    # the first measure is that of the first sheet, on each of them
    shared = samples.sheet(1).measures[0]
    measures = (shared, *sheet.measures[1:])
    return replace(sheet, title=f"Affidamento numero {number}", measures=measures)
