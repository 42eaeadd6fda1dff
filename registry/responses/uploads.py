"""How large a request a view takes, of how many files: who sends more is refused."""

from collections.abc import Callable
from typing import Any

View = Callable[..., Any]


def takes_at_most(size: int) -> Callable[[View], View]:
    """Mark a view that takes requests up to some bytes; the site asks it (`ptpct.uploads`)."""

    def marked(view: View) -> View:
        view.largest_request = size  # type: ignore[attr-defined]
        return view

    return marked


def takes_files(count: int) -> Callable[[View], View]:
    """Mark a view that takes so many files at once; any other takes few."""

    def marked(view: View) -> View:
        view.most_files = count  # type: ignore[attr-defined]
        return view

    return marked
