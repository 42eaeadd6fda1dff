"""How wide the columns of a list of a report are: as their longest text asks, no wider.

A column of days beside one of sentences would leave the sentences a third of the page.
"""

from collections.abc import Iterable, Sequence

STEP = 5
"""The widths are percents in steps: the style sheet has a rule for each."""
LEAST, MOST = 20, 60
"""Signs: a shorter column asks as much as one of `LEAST`, a longer one as much as one of `MOST`."""


def widths_of(heads: Sequence[str], rows: Iterable[Sequence[Sequence[str]]]) -> tuple[int, ...]:
    """Return the percent of the width of each column; together a hundred.

    Each cell of `rows` is its lines.
    """
    asked = [len(head) for head in heads]
    for cells in rows:
        for place, lines in enumerate(cells):
            asked[place] = max(asked[place], *(len(line) for line in lines), 0)
    shares = [min(max(length, LEAST), MOST) for length in asked]
    widths = [max(STEP * round(100 * share / sum(shares) / STEP), STEP) for share in shares]
    widths[widths.index(max(widths))] += 100 - sum(widths)
    return tuple(widths)
