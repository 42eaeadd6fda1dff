"""Which head covers a column: its own, or the one merged over it where a border was dragged."""

from dataclasses import replace

from registry.spreadsheets.workbook import WorkbookSheet
from risk.services.imports.recognise.heads import ColumnHead, Header


def heads_by_column(sheet: WorkbookSheet, header: Header, first: int) -> dict[int, ColumnHead]:
    """Return the heads by column; `first` is the first row under them.

    A head merged over several columns is that of each of them where no row has more than one of
    them written: its cells then stand in one column or the other. Two that are written side by side
    are two columns, and the head is that of the first alone.
    """
    heads = {head.column: head for head in header.heads}
    for merge in sheet.merges:
        # most merges are of rows
        if merge.right == merge.left or merge.top not in header.rows:
            continue
        head = heads.get(merge.left)
        covered = range(merge.left, merge.right + 1)
        if head is None:
            continue
        if any(column in heads for column in covered[1:]):
            continue
        written = _written(sheet, covered, first)
        if not written:
            continue
        if merge.left not in written:
            del heads[merge.left]
        heads |= {column: replace(head, column=column) for column in written}
    return heads


def _written(sheet: WorkbookSheet, columns: range, first: int) -> set[int]:
    """Return the columns that hold something under a head, none where two of a row do."""
    found: set[int] = set()
    for cells in sheet.rows[first - 1 :]:
        own = [c for c in columns if c <= len(cells) and cells[c - 1] is not None]
        if len(own) > 1:
            return set()
        found.update(own)
    return found
