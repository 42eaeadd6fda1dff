"""Files as people bring them, and bringing one."""

import io
import zipfile

import xlsxwriter

from risk.services.imports import start_import
from risk.services.imports.report import refresh_import

PLAIN = b"Processo;Area di rischio;Mai visto\nConcorsi;;x\n"
"""A register of one process, with a column nobody knows."""


def brought(plan, office, *, by, content=PLAIN, filename="registro.csv", read=True):
    """Return the import of a file that is on its way, read already or not."""
    found = start_import(
        plan=plan, office=office, filename=filename, content=content, layout="auto", by=by
    )
    if read:
        refresh_import(register_import=found, by=by)
    return found


ODD_ROWS = [
    [
        "1",
        "Gestione del protocollo",
        "Entrate varie",
        "Ritardo voluto",
        "Basso",
        "Tutto è tracciato",
    ],
    ["", "", "", "Smarrimento di atti", "Basso", "Tutto è tracciato"],
    [
        "2",
        "Assistenza agli utenti",
        "Entrate varie",
        "Favorire un utente",
        "Medio",
        "Le richieste sono molte",
    ],
    [
        "3",
        "Acquisto di toner",
        "D) Contratti pubblici",
        "Frazionare la spesa",
        "Alto",
        "Poche regole interne",
    ],
]


def odd_workbook() -> bytes:
    """Return a register as only one body has it: titles, two rows of heads, words of its own."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    sheet = book.add_worksheet("Mappatura 2020")
    sheet.merge_range("A1:G1", "Comune di Valdoro")
    sheet.merge_range("A2:G2", "Rilevazione dei processi esposti a rischio, anno 2020")
    sheet.write("A3", "compilato a cura dell’ufficio")
    sheet.merge_range("A5:B5", "Che cosa si fa")
    sheet.merge_range("C5:G5", "Che cosa può succedere")
    heads = [
        "N.",
        "Attività mappata",
        "Area di rischio",
        "Rischi",
        "Livello",
        "Motivazione",
        "Nota",
    ]
    sheet.write_row("A6", heads)
    for number, row in enumerate(ODD_ROWS, 6):
        sheet.write_row(number, 0, row)
    sheet.merge_range("B7:B8", "Gestione del protocollo")
    sheet.merge_range("C7:C8", "Entrate varie")
    sheet.write("G10", "vedi verbale")
    book.close()
    return stream.getvalue()


def far_workbook() -> bytes:
    """Return a register whose heads stand on row 17, below titles, and that names no office."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    sheet = book.add_worksheet("Foglio1")
    for row, text in (
        (0, "Comune di Valdoro"),
        (2, "Piano triennale di prevenzione della corruzione"),
        (5, "Ricognizione svolta nei mesi di settembre e ottobre"),
        (14, "Legenda: il livello è quello attribuito dal gruppo di lavoro"),
    ):
        sheet.merge_range(row, 0, row, 6, text)
    sheet.write_row(16, 0, ["", *FAR_HEADS])
    for number, row in enumerate(ODD_ROWS, 17):
        sheet.write_row(number, 1, row)
    sheet.merge_range("C18:C19", ODD_ROWS[0][1])
    sheet.merge_range("D18:D19", ODD_ROWS[0][2])
    book.close()
    return stream.getvalue()


FAR_HEADS = ["N.", "Di che cosa si tratta", "Area", "Rischi", "Livello", "Motivazione"]


def zipped(files) -> bytes:
    """Return an archive of files, their content by name."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as target:
        for name, content in files.items():
            target.writestr(name, content)
    return stream.getvalue()
