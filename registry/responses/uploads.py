"""How large a request a view takes: who sends more is refused before any of it is read."""

from collections.abc import Callable
from typing import Any

View = Callable[..., Any]


def takes_at_most(size: int) -> Callable[[View], View]:
    """Mark a view that takes requests up to some bytes; the site asks it (`ptpct.uploads`)."""

    def marked(view: View) -> View:
        view.largest_request = size  # type: ignore[attr-defined]
        return view

    return marked
