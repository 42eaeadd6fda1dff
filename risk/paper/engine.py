"""What is mended in the engine of paper, as its maintainers could take it (docs/upstream.md)."""

from collections.abc import Sequence
from functools import cache

_ENTRIES = 3
"""Of each page in the list of all: number, generation and the letter of a reference."""


class PageReferences:
    """The references of the pages of a document, each made when it is asked for.

    The engine makes all of them anew for every element of the tree of tags: the square of the
    pages, 8 % of the time at 700 of them.
    """

    def __init__(self, kids: Sequence[object]) -> None:
        """Look at the list of pages of a document (`pydyf.PDF.pages["Kids"]`)."""
        self._kids = kids

    def __getitem__(self, page: int) -> bytes:
        number = range(len(self._kids) // _ENTRIES)[page]
        return f"{self._kids[number * _ENTRIES]} 0 R".encode("ascii")


@cache
def mend_engine() -> None:
    """Let documents of this process keep no list of their pages; done once."""
    import pydyf  # noqa: PLC0415

    pydyf.PDF.page_references = property(lambda pdf: PageReferences(pdf.pages["Kids"]))
