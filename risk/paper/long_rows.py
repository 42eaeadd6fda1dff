"""Rows of tables longer than a page could bear: a page may cut them.

A row is kept on one page where it can be. One that cannot would leave the page before it empty but
for the title of its table, and begin without the heads of the table.
"""

from typing import Any

LONG_ROW = 700
"""Characters of a cell whose row a page may cut: kept whole it could leave a page empty."""
CUT = "is-long"
"""The class of a row that a page may cut (`risk/static/risk/paper/page.css`)."""
MEASURED = "paper-table-tabella"
"""The class of the table whose rows are measured beforehand, and told long by what they say."""


def let_long_rows_be_cut(tree: Any) -> None:
    """Give the rows of a parsed document with a long cell the class of those a page may cut."""
    for table in tree.iter("table"):
        if MEASURED in table.get("class", "").split():
            continue
        for row in table.iter("tr"):
            classes = row.get("class", "").split()
            if CUT not in classes and any(_is_long(cell) for cell in row):
                row.set("class", " ".join([*classes, CUT]))


def _is_long(cell: Any) -> bool:
    return len(" ".join("".join(cell.itertext()).split())) > LONG_ROW
