"""Tables about the paper itself: who wrote it, its revisions, who signs."""

import re

from registry.spreadsheets.workbook import WorkbookSheet, shown
from risk.workbooks.fields import bare

_OF_PAPER = re.compile(
    r"(?:n |numero )?(?:rev|revision[ei]|version[ei]|ed|edizion[ei])|data(?: \w+)?|"
    r"(?:redat|verifica|approva|valida|compila|emess|controlla|firma)t?[oaie](?: da)?|firm[ae]|"
    r"(?:il |la )?(?:rpct|responsabile|dirigente|direttore|segretario|presidente)(?: \w+){0,3}"
)
_FEWEST = 2


def is_of_the_paper(sheet: WorkbookSheet) -> bool:
    """Return whether the first row of a table has heads of revisions or signatures."""
    first = next((cells for cells in sheet.rows if any(v is not None for v in cells)), [])
    texts = [bare(shown(value)) for value in first if value is not None]
    return sum(bool(_OF_PAPER.fullmatch(text)) for text in texts) >= _FEWEST
