"""Tables about the paper itself: who wrote it, its revisions, who signs, who was asked."""

import re

from registry.spreadsheets.workbook import Value, WorkbookSheet, shown
from risk.workbooks.fields import bare

_OF_PAPER = re.compile(
    r"(?:n |numero )?(?:rev|revision[ei]|version[ei]|ed|edizion[ei])|data(?: \w+)?|"
    r"(?:redat|verifica|approva|valida|compila|emess|controlla|firma)t?[oaie](?: da)?|firm[ae]|"
    r"(?:il |la )?(?:rpct|responsabile|dirigente|direttore|segretario|presidente)(?: \w+){0,3}"
)
_OF_PEOPLE = re.compile(
    r"(?:nom[ei]|cognom[ei]|nome e cognome|cognome e nome|nominativ[oi]|component[ei]|"
    r"partecipant[ei]|dipendent[ei]|firm[ae](?: \w+){0,2}|qualific[ahe]+|"
    r"rev(?:isione)?|version[ei]|redatto(?: da)?|verificato(?: da)?|approvato(?: da)?)"
)
_BESIDE_PEOPLE = re.compile(
    r"n|nr|num(?:ero)?|data(?: \w+)?|ruol[oi]|incaric[oh]i?|profil[oi](?: \w+)?|titol[oi]|"
    r"(?:indirizzo )?e mail|mail|pec|telefono|tel|cell(?:ulare)?|present[ei]|assent[ei]|"
    r"funzion[ei]|ufficio|settore|servizio|struttura|note|categoria|area|"
    r"descrizione(?: \w+){0,3}|modific[ahe]+(?: \w+){0,2}|motivo(?: \w+){0,2}|pagin[ae]"
)
_FEWEST = 2


def is_of_the_paper(sheet: WorkbookSheet) -> bool:
    """Return whether the first row of a table has heads of revisions or signatures."""
    first = next((cells for cells in sheet.rows if any(v is not None for v in cells)), [])
    texts = [bare(shown(value)) for value in first if value is not None]
    return sum(bool(_OF_PAPER.fullmatch(text)) for text in texts) >= _FEWEST


def begins_paper(rows: list[list[Value]], row: int) -> bool:
    """Return whether the heads of people, revisions or signatures stand on a row, from 1.

    A blank row parts them from a table above, or a title that has one over it.
    """
    # asked of every row of a file: under a row of a table stands no other one
    if not _is_parted(rows, row):
        return False
    texts = [value for value in rows[row - 1] if value is not None]
    if len(texts) < _FEWEST or not all(isinstance(text, str) for text in texts):
        return False
    said = [bare(shown(text)) for text in texts]
    others = [text for text in said if not _OF_PEOPLE.fullmatch(text)]
    return len(others) < len(said) and all(map(_BESIDE_PEOPLE.fullmatch, others))


def _is_parted(rows: list[list[Value]], row: int) -> bool:
    for above in range(row - 2, -1, -1):
        written = len(rows[above]) - rows[above].count(None)
        if written != 1:
            return not written
    return False
