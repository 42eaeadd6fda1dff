"""Merged cells: only those on written rows, and never two over one cell."""

from django.utils.translation import gettext as _

from registry.spreadsheets.workbook import Merge, Sheet, UnreadableFile


def cut_merges(sheet: Sheet) -> None:
    """Cut the merges of a sheet to its table, in place; `UnreadableFile` where two overlap.

    No spreadsheet writes overlapping merges: which value a cell has would be anybody's guess.
    """
    height, width = len(sheet.rows), sheet.width
    kept: list[Merge] = []
    owners: dict[int, Merge] = {}
    for merge in sheet.merges:
        bottom = min(merge.bottom, height)
        right = min(merge.right, width)
        if merge.top > height or merge.left > width:
            continue
        cut = Merge(merge.top, merge.left, bottom, right)
        # The first overlap ends the search, so no more cells are visited than the table has.
        for row in range(cut.top, cut.bottom + 1):
            for key in range(row * (width + 1) + cut.left, row * (width + 1) + cut.right + 1):
                if key in owners:
                    raise _overlap(sheet.name, owners[key], merge)
                owners[key] = merge
        kept.append(cut)
    sheet.merges = tuple(kept)


def _overlap(sheet: str, one: Merge, other: Merge) -> UnreadableFile:
    return UnreadableFile(
        _(
            "Nel foglio «%(sheet)s» le celle unite %(one)s e %(other)s si sovrappongono: "
            "apri il file, separale e salvalo."
        )
        % {"sheet": sheet, "one": one, "other": other},
        sheet=sheet,
        row=other.top,
        column=other.left,
    )
