"""What happened to one process between two editions, from the canonical data of both.

What is the same is found out without restoring a sheet; of what differs the sheets are compared
as for an approval (`risk.content.comparison`).
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from risk.content.canonical import build_as, read_canonical
from risk.content.comparison import ContentChange, Names, changes_between
from risk.content.edition_matching import names_by_words
from risk.content.edition_values import ProcessDifference
from risk.content.values import LevelLabel, ProcessSheet
from risk.enums import EditionChange

AREA = "Area di rischio"
"""The label of the area among the entries of a sheet, in all data there are."""


@dataclass(frozen=True, slots=True)
class LevelOrder:
    """Which of two levels is higher: the places of the labels of each method, lowest first."""

    methods: tuple[Mapping[str, int], ...] = ()

    def compared(self, before: str, after: str) -> EditionChange | None:
        """Return how a level changed; None where it did not, or where one of them is none."""
        if not before or not after or before == after:
            return None
        for places in self.methods:
            if before in places and after in places:
                higher = places[after] > places[before]
                return EditionChange.LEVEL_UP if higher else EditionChange.LEVEL_DOWN
        return EditionChange.LEVEL_OTHER


@dataclass(frozen=True, slots=True)
class Told:
    """What is needed to compare the processes of two editions.

    Names are the uids rows had in the common ancestor, None where there is none; `wide` are the
    measures said once for a plan or an annex, by these uids: the processes they reach do not
    change with them.
    """

    before: Names | None
    after: Names | None
    wide: Collection[str]
    levels: LevelOrder


def difference_between(
    before: str | None, after: str | None, told: Told, **named: Any
) -> ProcessDifference | None:
    """Return what happened to a process, by its canonical data; None where nothing did.

    `named` are uid, number, code, title, and what else is known of it beforehand: `title_before`,
    `moved_from`, `reason`.
    """
    old = _read(before, told.before, told.wide)
    new = _read(after, told.after, told.wide)
    kinds = _kinds_known(old, new, named)
    if old is not None and new is not None and told.after is None:
        _rename(new, names_by_words(old, new))
    if not kinds and _same(old, new):
        return None
    was, now = _sheet(old), _sheet(new)
    changes = changes_between(was, now) if was and now else ()
    # the title and the level say themselves, and stand among the fields as well
    levels = tuple(_label(sheet.level) if sheet else "" for sheet in (was, now))
    if was and now and (moved := told.levels.compared(*levels)):
        kinds.append(moved)
    if _is_changed(changes, kinds):
        kinds.append(EditionChange.CHANGED)
    if not kinds:
        # only the numbers of rows by their place are others
        return None
    return ProcessDifference(
        kinds=tuple(kinds),
        area=_area(now or was),
        level_before=levels[0],
        level_after=levels[1],
        changes=changes,
        **named,
    )


def _kinds_known(old: Any, new: Any, named: Mapping[str, Any]) -> list[EditionChange]:
    if old is None:
        return [EditionChange.NEW]
    if new is None:
        return [EditionChange.DROPPED]
    kinds = [EditionChange.MOVED] if named.get("moved_from") else []
    if named.get("title_before", named["title"]) != named["title"]:
        kinds.append(EditionChange.RENAMED)
    return kinds


def _is_changed(changes: Iterable[ContentChange], kinds: Collection[EditionChange]) -> bool:
    """Tell whether more changed than what the other kinds say: title and level of the process."""
    said = 0
    fields = 0
    for change in changes:
        if change.row:
            return True
        fields += len(change.fields)
    said += EditionChange.RENAMED in kinds
    said += bool({EditionChange.LEVEL_UP, EditionChange.LEVEL_DOWN} & set(kinds))
    said += EditionChange.LEVEL_OTHER in kinds
    return fields > said


def _read(data: str | None, names: Names | None, wide: Collection[str]) -> dict[str, Any] | None:
    if data is None:
        return None
    content = read_canonical("process", data)
    if names:
        _rename(content, names)
    if wide:
        content["measures"] = [row for row in content["measures"] if row["uid"] not in wide]
    return content


def _rename(content: Any, names: Names) -> None:
    """Give the rows of a process other uids: those of its ancestors."""
    content["uid"] = names.get(content["uid"], content["uid"])
    for kind in ("phases", "behaviours", "measures"):
        for row in content[kind]:
            row["uid"] = names.get(row["uid"], row["uid"])
            for action in row.get("actions", ()):
                action["uid"] = names.get(action["uid"], action["uid"])


def _same(old: dict[str, Any] | None, new: dict[str, Any] | None) -> bool:
    for content in (old, new):
        if content is None:
            return False
        # an assessment is known by what it is of: subject, method, moment
        for row in (content, *content["behaviours"]):
            for judged in row["assessments"]:
                judged["uid"] = ""
    return old == new


def _sheet(content: dict[str, Any] | None) -> ProcessSheet | None:
    return None if content is None else build_as(ProcessSheet, {**content, "number": ""})


def _label(level: LevelLabel | None) -> str:
    return level.label if level else ""


def _area(sheet: ProcessSheet | None) -> str:
    lines = (entry.lines for entry in sheet.entries if entry.label == AREA) if sheet else ()
    return " ".join(next(iter(lines), ()))
