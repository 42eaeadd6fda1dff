"""Reading a file of tables: the format is found in its content, its name only helps the advice."""

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager

from django.utils.translation import gettext as _

from registry.readable import grouped
from registry.spreadsheets import limits
from registry.spreadsheets.cleaning import clean_sheet, cut_blank_end
from registry.spreadsheets.delimited import not_a_table, read_delimited
from registry.spreadsheets.docx import is_docx, read_docx
from registry.spreadsheets.merging import cut_merges
from registry.spreadsheets.ods import is_flat_ods, is_ods, read_flat_ods, read_ods
from registry.spreadsheets.parts import Parts, protected
from registry.spreadsheets.workbook import (
    PLACE_WIDTH,
    Finding,
    UnreadableFile,
    Workbook,
    WorkbookSheet,
)
from registry.spreadsheets.xlsx import formula_finding, is_xlsx, read_xlsx

logger = logging.getLogger(__name__)

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
_OLD_WORKBOOK, _OLD_DOCUMENT = ("Workbook".encode("utf-16-le"), "WordDocument".encode("utf-16-le"))
_NOT_OF_THE_FILE = (UnreadableFile, MemoryError, KeyboardInterrupt, SystemExit, GeneratorExit)
_HTML = re.compile(rb"\s*(?:<!doctype\s+html|<html|<table|<\?xml)", re.IGNORECASE)
_ERROR = re.compile(
    r"#(?:N/[AD]|DIV/0!|NUM!|(?:REF|RIF|VALUE|VALORE|NULL|NULLO)!|(?:NAME|NOME)\?)|Err:\d{3}",
    re.IGNORECASE,
)
_NOT_TEXT = (
    b"MZ",
    b"\x7fELF",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"Rar!",
    b"7z\xbc",
    b"\x1f\x8b",
)


def read_workbook(content: bytes, filename: str = "") -> Workbook:
    """Return the sheets of an XLSX, XLSM, ODS, FODS or CSV file, or the tables of a DOCX.

    Texts come without unseen signs, empty cells as None, merged cells still merged (the value top
    left), and beside the values what the cells look like. The findings say what was cleaned
    ("unseen-signs"), which cells are formulas ("formula"), what is noted beside them ("comment",
    "revision"), what is not read ("picture", "sheet-not-read", "deleted-row", "not-filled-in") or
    as text ("table-in-cell"), and what stops the file where it is read ("error-value",
    "formula-without-value", "html-part").
    Raises `UnreadableFile`, with advice, when nothing can be read at all.
    """
    if not content.strip():
        raise UnreadableFile(_("Il file è vuoto."))
    if len(content) > limits.FILE_BYTES:
        raise UnreadableFile(
            _("Il file è di %(size)s MB: il massimo è %(limit)s MB.")
            % {
                "size": grouped(len(content) // 1_048_576 + 1),
                "limit": grouped(limits.FILE_BYTES // 1_048_576),
            }
        )
    _refuse_known_others(content)
    with refusing_failures(filename):
        format_, sheets, findings = _sheets(content, filename)
        for sheet in sheets:
            findings += clean_sheet(sheet)
            cut_blank_end(sheet.rows)
            cut_merges(sheet)
            findings += noted_looks(sheet)
    if not any(sheet.rows for sheet in sheets):
        raise UnreadableFile(_("Nel file non c’è nessuna cella scritta."))
    return Workbook(filename=filename, format=format_, sheets=sheets, findings=findings)


@contextmanager
def refusing_failures(filename: str) -> Iterator[None]:
    """Turn whatever goes wrong while a file is read into a refusal that names the file.

    A library of another language may end with an error that is no `Exception` of Python. What ends
    this process itself, or the memory it may have, is not about the file.
    """
    try:
        yield
    except _NOT_OF_THE_FILE:
        raise
    except BaseException as failure:
        logger.warning("reading a file failed: %r", failure)
        raise UnreadableFile(
            _("Il file «%(name)s» non si riesce a leggere: aprilo, salvalo di nuovo e riprova.")
            % {"name": re.split(r"[\\/]", filename)[-1] or _("senza nome")}
        ) from failure


def _sheets(content: bytes, filename: str) -> tuple[str, list[WorkbookSheet], list[Finding]]:
    if is_flat_ods(content):
        return "ods", *read_flat_ods(content)
    if not content.startswith(b"PK"):
        _refuse_texts(content)
        name = re.split(r"[\\/]", filename)[-1].rpartition(".")[0] or _("Elenco")
        sheet = read_delimited(content, name)
        return "csv", [sheet], _errors_as_texts(sheet)
    parts = Parts(content)
    if is_xlsx(parts):
        return "xlsx", *read_xlsx(content, parts)
    if is_ods(parts):
        return "ods", *read_ods(parts)
    if is_docx(parts):
        sheets, findings = read_docx(parts)
        return (
            "docx",
            sheets,
            [*findings, *(one for each in sheets for one in _errors_as_texts(each))],
        )
    raise _not_for_us(parts)


def noted_looks(sheet: WorkbookSheet) -> list[Finding]:
    """Return the comments beside the cells of a sheet, and the changes nobody has accepted yet."""
    found = []
    for (row, column), look in sorted(sheet.looks.items(), key=lambda one: one[0]):
        for comment in look.comments:
            whose = _(" di %(author)s") % {"author": comment.author} if comment.author else ""
            reason = _("La cella ha un commento%(whose)s: non si prende.") % {"whose": whose}
            found.append(_noted("comment", sheet.name, row, column, reason, comment.text))
        if look.revision:
            change = f"{look.revision.deleted or '–'} → {look.revision.inserted or '–'}"
            reason = _("Modifica in revisione, letta come accettata.")
            found.append(_noted("revision", sheet.name, row, column, reason, change))
    return found


def _noted(kind: str, sheet: str, row: int, column: int, reason: str, value: str) -> Finding:
    shown = value if len(value) <= PLACE_WIDTH else f"{value[: PLACE_WIDTH - 1]}…"
    return Finding(kind, reason, sheet=sheet, row=row, column=column, value=shown)


def _errors_as_texts(sheet: WorkbookSheet) -> list[Finding]:
    """Return the errors of formulas in a table that has texts only: a file of this kind keeps them
    as a program shows them, in Italian or in English, and they are no name of anything.
    """
    return [
        formula_finding(sheet.name, row, column, value.strip().upper(), is_error=True)
        for row, cells in enumerate(sheet.rows, 1)
        for column, value in enumerate(cells, 1)
        if value.__class__ is str and value[:1] in "# E" and _ERROR.fullmatch(value.strip())
    ]


def _refuse_known_others(content: bytes) -> None:
    """Refuse what is known by its first bytes, each with its own advice."""
    if content.startswith(_OLE):
        if _ENCRYPTED_PACKAGE in content:
            raise protected()
        if _OLD_WORKBOOK in content and _OLD_DOCUMENT not in content:
            raise UnreadableFile(
                _(
                    "Il file è nel vecchio formato di Excel (.xls): aprilo con Excel o con "
                    "LibreOffice Calc, scegli «Salva con nome» e il formato .xlsx."
                )
            )
        raise UnreadableFile(
            _(
                "Il file è nel vecchio formato di Excel o di Word (.xls, .doc): "
                "aprilo e salvalo come .xlsx o .docx."
            )
        )
    if b"%PDF-" in content[:1024]:
        raise UnreadableFile(
            _(
                "Un PDF non dice dove comincia e finisce una cella. Esporta la tabella in XLSX, "
                "ODS o CSV dal programma che l’ha fatta, oppure apri il PDF con Word, salvalo come "
                ".docx e controlla le tabelle."
            )
        )
    if content.startswith(_NOT_TEXT):
        raise not_a_table()


def _refuse_texts(content: bytes) -> None:
    """Refuse texts that look like a table in the program that wrote them, and are none."""
    if content.startswith(b"{\\rtf") or _HTML.match(content):
        raise UnreadableFile(
            _("Il file è una pagina web o un testo salvato come foglio: salvalo come .xlsx.")
        )


def _not_for_us(parts: Parts) -> UnreadableFile:
    if "xl/workbook.bin" in parts.names:
        return UnreadableFile(
            _(
                "Il file è nel formato binario di Excel (.xlsb): aprilo con Excel, "
                "scegli «Salva con nome» e il formato .xlsx."
            )
        )
    return not_a_table()
