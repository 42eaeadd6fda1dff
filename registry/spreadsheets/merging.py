"""Merged cells: only those on written rows, and never two over one cell."""

from django.utils.translation import gettext as _

from registry.spreadsheets.workbook import Merge, UnreadableFile, WorkbookSheet


def cut_merges(sheet: WorkbookSheet) -> None:
    """Cut the merges of a sheet to its table, in place; `UnreadableFile` where two overlap.

    No spreadsheet writes overlapping merges: which value a cell has would be anybody's guess.
    """
    height, width = len(sheet.rows), sheet.width
    kept: list[Merge] = []
    # column after column, so that the cells of a merge downwards stand side by side
    covered = bytearray((height + 1) * (width + 1))
    for merge in sheet.merges:
        bottom = min(merge.bottom, height)
        right = min(merge.right, width)
        if merge.top > height or merge.left > width:
            continue
        is_cut = bottom < merge.bottom or right < merge.right
        cut = Merge(merge.top, merge.left, bottom, right) if is_cut else merge
        # The first overlap ends the search, so no more cells are visited than the table has.
        length = bottom - merge.top + 1
        for column in range(merge.left, right + 1):
            start = column * (height + 1) + merge.top
            if covered.find(1, start, start + length) >= 0:
                raise _overlap(sheet.name, _over(kept, cut), merge)
            covered[start : start + length] = b"\x01" * length
        kept.append(cut)
    sheet.merges = tuple(kept)


def _over(kept: list[Merge], cut: Merge) -> Merge:
    """Return the first merge that has a cell in common with another."""
    return next(
        one
        for one in kept
        if one.top <= cut.bottom
        and cut.top <= one.bottom
        and one.left <= cut.right
        and cut.left <= one.right
    )


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
