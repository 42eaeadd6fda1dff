"""Evens out the rows under merged cells: pure.

The engine gives all the height a tall merged cell lacks to the last of its rows, which then gapes.
Here the lack is shared among them, as a browser does.
"""

from collections.abc import Iterable, Sequence


def balance(own: Sequence[float], spans: Iterable[tuple[int, int, float]]) -> tuple[float, ...]:
    """Return a height for each row: at least its `own`, and enough for every span.

    `spans` are `(start, stop, height)` of merged cells. The narrow ones are served first, so a wide
    cell only adds what is lacking after them.
    """
    heights = list(own)
    for start, stop, needed in sorted(spans, key=lambda span: (span[1] - span[0], span[0])):
        lack = needed - sum(heights[start:stop])
        if lack > 0:
            share = lack / (stop - start)
            for row in range(start, stop):
                heights[row] += share
    return tuple(heights)
