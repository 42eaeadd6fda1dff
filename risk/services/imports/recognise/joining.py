"""Several files recognised one by one, as the one thing that is taken in."""

import posixpath
import re
from collections.abc import Sequence
from dataclasses import replace
from functools import reduce

from django.utils.translation import gettext as _

from registry.normalise import fold
from registry.spreadsheets.workbook import Finding, Workbook
from risk.services.imports.file_cells import FileCell
from risk.services.imports.recognise.descriptions import AUTO
from risk.services.imports.recognise.tables import FileTable, Recognised

_WORD = re.compile(r"[^\W_]+")
_OF_ANY_FILE = frozenset(
    {
        *("registro", "registri", "rischi", "rischio", "mappatura", "processi", "allegato"),
        *("catalogo", "tabella", "scheda", "schede", "ufficio", "ptpct", "piao", "piano"),
        *("anticorruzione", "corruttivi", "bozza", "definitivo", "def", "rev", "copia"),
    }
)
"""Words of the names of files that tell no office from another."""


def joined(workbook: Workbook, files: Sequence[Recognised]) -> Recognised:
    """Return the tables of several files as those of one workbook, the only one as it is.

    Where the files have different layouts the whole has none of its own.
    """
    if len(files) == 1:
        return files[0]
    layouts = {one.layout for one in files}
    return Recognised(
        workbook,
        layouts.pop() if len(layouts) == 1 else AUTO,
        tuple(table for one in files for table in one.tables),
        tuple(finding for one in files for finding in one.findings),
        reduce(lambda known, one: {**known, **one.left_out}, files, {}),
        reduce(lambda known, one: {**known, **one.rejoined}, files, {}),
        next((one.ids for one in files if one.ids), None),
        tuple(legend for one in files for legend in one.legends),
    )


def with_office_of_file(recognised: Recognised) -> Recognised:
    """Return the tables of one file of several, with its name as the office of those without.

    That is said of the file: nobody has written it in a cell.
    """
    stem = posixpath.basename(recognised.workbook.filename).rpartition(".")[0]
    name = " ".join(filter(_is_telling, _WORD.findall(stem))) or stem
    file = recognised.workbook.filename
    tables = tuple(_of_office(table, name, file) for table in recognised.tables)
    changed = [table for table in tables if table not in recognised.tables]
    if not (changed and name):
        return recognised
    reason = _("Il file non dice l’ufficio: si prende dal suo nome, «%(name)s».") % {"name": name}
    said = Finding("office-of-file", reason, changed[0].sheet.name, value=name)
    return replace(recognised, tables=tables, findings=(*recognised.findings, said))


def _is_telling(word: str) -> bool:
    return not (word.isdigit() or fold(word) in _OF_ANY_FILE)


def _of_office(table: FileTable, name: str, file: str) -> FileTable:
    if "office" in table.context or "office" in table.mapping.values():
        return table
    cell = FileCell(name, file, table.sheet.name, 0, 0, "context")
    return replace(table, context={**table.context, "office": cell})
