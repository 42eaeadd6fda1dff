"""Merging what two people made of the same thing, when the thing is more than one row.

The rows are laid out flat, name → value; three versions are compared name by name: what the person
was shown, what they typed, what is saved by now. `registry.services.editing` does this for one row.
"""

from collections.abc import Mapping
from typing import Any

Values = Mapping[str, Any]


def three_way_merge(
    *, shown: Values | None, typed: Values, saved: Values
) -> tuple[dict[str, Any], list]:
    """Return what is to be saved, and the names on which the two people disagree.

    A name the person did not touch keeps what is saved. `shown` None means nobody knows any more
    what the person saw: then every difference is a disagreement.
    """
    merged: dict[str, Any] = {}
    clashing: list[str] = []
    for name, value in typed.items():
        moved = shown is None or shown.get(name) != saved.get(name)
        untouched = shown is not None and shown.get(name) == value
        merged[name] = saved.get(name) if moved and untouched else value
        if moved and not untouched and value != saved.get(name):
            clashing.append(name)
    return merged, clashing
