"""How long a PDF takes: what is ready in a moment is given at once, the rest is a job.

It is judged by what is to be laid out, its characters, and not by rows: one may hold a page.
"""

import dataclasses
from collections.abc import Iterator
from typing import Any

from risk.content.values import AnnexDocument, DrawnSheet
from risk.enums import Layout
from risk.paper.layouts import PRINTED_LAYOUTS

TEXT_WEIGHT = 60
"""Characters that the box around a text costs as much as (measured)."""
LONG_TIMES = 2.5
"""What takes so many times longer than a page gives at once is done where it delays nobody."""


def size_of(document: AnnexDocument, layout: Layout | str) -> int:
    """Return the characters of the parts of a layout, each text counted with its box."""
    parts = (getattr(document, part.holds) for part in PRINTED_LAYOUTS[Layout(layout)].parts)
    return sum(size_of_row(row) for rows in parts for row in rows)


def size_of_row(row: Any) -> int:
    """Return the same of one row of a part."""
    if isinstance(row, DrawnSheet):
        return row.size
    return sum(len(text) + TEXT_WEIGHT for text in _texts(row))


def is_long(document: AnnexDocument, layout: Layout | str, *, times: float = 1) -> bool:
    """Tell whether the PDF of an annex in a layout takes more than about two seconds to draw.

    Of a document that is a part, how many `times` as much the whole has.
    """
    return times * size_of(document, layout) > PRINTED_LAYOUTS[Layout(layout)].ready_up_to


def delays_others(document: AnnexDocument, layout: Layout | str) -> bool:
    """Tell whether it takes more than about five seconds: nobody's short work waits behind it."""
    return size_of(document, layout) > LONG_TIMES * PRINTED_LAYOUTS[Layout(layout)].ready_up_to


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for one in value:
            yield from _texts(one)
    elif dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            yield from _texts(getattr(value, field.name))
