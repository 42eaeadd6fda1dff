"""Which row of the register each thing under a process is, and where a new one goes."""

from collections.abc import Iterable
from typing import Any

from registry.normalise import fold


def matched_rows(said: Iterable[Any], rows: list[Any]) -> dict[int, Any]:
    """Return the row of each thing the file says, by its identity: by uid, then by words."""
    if not rows:
        return {}
    said = list(said)
    found: dict[int, Any] = {}
    if any(one.parsed.uid for one in said):
        by_uid = {row.uid: row for row in rows}
        found = {id(one): by_uid[one.parsed.uid] for one in said if one.parsed.uid in by_uid}
    taken = set(map(id, found.values()))
    free: dict[str, list[Any]] = {}
    # the first of equal ones is taken first
    for row in reversed(rows):
        if id(row) not in taken:
            free.setdefault(row.folded, []).append(row)
    for one in said:
        if id(one) not in found:
            text = fold(getattr(one.parsed, "title", None) or one.parsed.text)
            if same := free.get(text):
                found[id(one)] = same.pop()
    return found


def insert_behind(row: Any, order: list[Any], before: Any) -> None:
    """Put a new row after the one before it in the file; first when there is none."""
    if order and order[-1] is before:
        order.append(row)
    else:
        order.insert(order.index(before) + 1 if before is not None else 0, row)
