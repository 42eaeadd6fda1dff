"""What heads mean by those beside them: a sub-process, the only title, a total after P and I."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from risk.services.imports.recognise.tables import FileColumn
from risk.workbooks.fields import TARGET, bare
from risk.workbooks.said_beside import (
    ACTIONS,
    ACTIVITIES,
    CODE,
    DESCRIBED_PROCESS,
    GRADE,
    ROLES,
    SUB_AREA,
    SUB_PROCESS,
    TOTAL,
    WHOLE_PROCESS,
)

GUESS = 0.9
"""How sure a meaning is that neighbours only make likely: a person is asked."""
_OF_MEASURES = frozenset({"measures", "general_measures", "specific_measures"})

_OWN_CODES = frozenset({"behaviours", "phase", "action", "risk_area", "office", *_OF_MEASURES})
"""What bodies give codes of their own too."""
_FAR = 9

_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
_YEAR = re.compile(r"20[1-4]\d")
_HAS_DIGIT = re.compile(r"\d")
_VALUED = frozenset({"level", "result"})
_RISK = "rischio"


@dataclass(frozen=True, slots=True)
class ColumnHead:
    column: int
    text: str
    field: str
    confidence: float


def settled(heads: list[ColumnHead]) -> tuple[ColumnHead, ...]:
    """Return heads with the meaning their neighbours give them; a role nobody settles is none."""
    by_field = {head.field: index for index, head in enumerate(heads) if head.field}
    if not by_field.keys().isdisjoint(ROLES):
        _settle_roles(heads, by_field)
    _settle_inner_activity(heads, by_field)
    if "process_title" in by_field and not by_field.keys() & {"phase", "action"}:
        _settle_activity(heads, by_field["process_title"])
    if "process_title" not in by_field:
        _settle(heads, by_field, "process_description", "process_title", DESCRIBED_PROCESS)
    if "measure_indicator" in by_field:
        _settle_years(heads, by_field["measure_indicator"])
    is_plain = by_field.keys().isdisjoint({"phase", *_OF_MEASURES})
    if is_plain and by_field.get("action", -1) > by_field.get("behaviours", len(heads)):
        _settle(heads, by_field, "action", "measures", ACTIONS)
    return tuple(heads)


def _settle_inner_activity(heads: list[ColumnHead], by_field: dict[str, int]) -> None:
    """Give activities behind the phases of a process the meaning of their actions, to be asked.

    Before the phases an activity is the process, and the process its macroprocess.
    """
    whole, inner, phase = map(by_field.get, ("macroprocess", "process_title", "phase"))
    if whole is None or inner is None or phase is None or "action" in by_field:
        return
    is_process = bare(heads[whole].text) in map(bare, WHOLE_PROCESS)
    if is_process and whole < phase < inner and bare(heads[inner].text) in ACTIVITIES:
        _mean(heads, by_field, "process_title", "action", GUESS)
        _mean(heads, by_field, "macroprocess", "process_title")


def _settle_activity(heads: list[ColumnHead], process: int) -> None:
    """Give activities behind a process the meaning of its phases: a person is asked."""
    for index, head in enumerate(heads):
        is_next = not head.field and index > process
        if is_next and bare(head.text) in ACTIVITIES:
            heads[index] = replace(head, field="phase", confidence=GUESS)
            return


def _settle_years(heads: list[ColumnHead], indicator: int) -> None:
    """Give years behind an indicator the meaning of its targets: a person is asked."""
    for index in range(indicator + 1, len(heads)):
        head = heads[index]
        if not head.field and _YEAR.fullmatch(head.text):
            heads[index] = replace(head, field=f"{TARGET}{head.text}", confidence=GUESS)


def _settle_roles(heads: list[ColumnHead], by_field: dict[str, int]) -> None:
    """Give a sub-process, a sub-area and a total their fields, or none."""
    whole = by_field.get("process_title")
    is_whole = whole is not None and bare(heads[whole].text) in map(bare, WHOLE_PROCESS)
    if SUB_PROCESS in by_field and is_whole and "macroprocess" not in by_field:
        _mean(heads, by_field, "process_title", "macroprocess")
        _mean(heads, by_field, SUB_PROCESS, "process_title", GUESS)
    for role, most in ((SUB_PROCESS, 1.0), (SUB_AREA, GUESS)):
        if role in by_field:
            name = "" if "process_title" in by_field else "process_title"
            _mean(heads, by_field, role, name, most)
    if TOTAL in by_field:
        is_product = {"probability", "impact"} <= by_field.keys() and "result" not in by_field
        _mean(heads, by_field, TOTAL, "result" if is_product else "")
    if CODE in by_field:
        _settle_codes(heads, by_field)


def _settle_codes(heads: list[ColumnHead], by_field: dict[str, int]) -> None:
    """Give a bare "Codice" beside a process the meaning of its code, and any other none."""
    title = by_field.get("process_title", -_FAR)
    codes = [index for index, head in enumerate(heads) if head.field == CODE]
    own = next((index for index in (title - 1, title + 1) if index in codes), None)
    if own == title + 1 and (len(codes) > 1 or _is_of_next(heads, own)):
        own = None
    is_said = "process_code" in by_field
    for index in codes:
        by_field[CODE] = index
        _mean(heads, by_field, CODE, "process_code" if index == own and not is_said else "")


def _is_of_next(heads: list[ColumnHead], index: int) -> bool:
    """Return whether the head after a code is a thing of its own, which it may be the code of."""
    return index + 1 < len(heads) and heads[index + 1].field in _OWN_CODES


def _settle(
    heads: list[ColumnHead], by_field: dict[str, int], field: str, name: str, texts: tuple[str, ...]
) -> None:
    """Give the head of a field another meaning where its words allow it."""
    index = by_field.get(field)
    if index is not None and bare(heads[index].text) in map(bare, texts):
        _mean(heads, by_field, field, name)


def _mean(
    heads: list[ColumnHead], by_field: dict[str, int], field: str, name: str, most: float = 1.0
) -> None:
    index = by_field.pop(field)
    sure = min(heads[index].confidence, most) if name else 0.0
    heads[index] = replace(heads[index], field=name, confidence=sure)
    if name:
        by_field[name] = index


def settled_by_values(
    columns: list[FileColumn], like: Mapping[str, Sequence[int]]
) -> list[FileColumn]:
    """Return columns where a number called a level is the result, beside a column of words.

    `like` are, by field, the columns without one whose heads mean it too.
    """
    columns = _risks_that_are_levels(_numbers_for_codes(columns), like)
    if meant := _levels_and_results(columns):
        return [replace(one, field=meant) if one.field in _VALUED else one for one in columns]
    level = next((one for one in columns if one.field == "level"), None)
    words = next(
        (
            one
            for one in columns
            if one.column in like["level"] and one.samples and not _counts(one)
        ),
        None,
    )
    if level is None or words is None or not _counts(level):
        return columns
    has_result = any(one.field == "result" for one in columns)
    meant = {level.column: "" if has_result else "result", words.column: "level"}
    return [
        replace(one, field=meant[one.column], confidence=1.0) if one.column in meant else one
        for one in columns
    ]


def _risks_that_are_levels(
    columns: list[FileColumn], like: Mapping[str, Sequence[int]]
) -> list[FileColumn]:
    """Return columns where «Rischio» over words of a scale is the level, and no risk.

    Where another column is the level it is none of ours. What else means risks is risks then.
    """
    graded = {
        one.column
        for one in columns
        if one.field in ("", "behaviours")
        and bare(one.head) == _RISK
        and one.samples
        and all(GRADE.fullmatch(bare(text)) for text in one.samples)
    }
    if not graded:
        return columns
    has_level = any(one.field == "level" for one in columns)
    meant = {column: "" if has_level or column != min(graded) else "level" for column in graded}
    if any(one.field == "behaviours" and one.column in graded for one in columns):
        meant |= {column: "behaviours" for column in like["behaviours"] if column not in graded}
    return [
        replace(one, field=meant[one.column], confidence=1.0 if meant[one.column] else 0.0)
        if one.column in meant
        else one
        for one in columns
    ]


def _numbers_for_codes(columns: list[FileColumn]) -> list[FileColumn]:
    """Return columns where codes that are all whole numbers are the numbers, if there are none."""
    fields = {one.field for one in columns}
    if "process_code" not in fields or "process_number" in fields:
        return columns
    return [
        replace(one, field="process_number")
        if one.field == "process_code" and one.samples and all(map(str.isdecimal, one.samples))
        else one
        for one in columns
    ]


def _levels_and_results(columns: list[FileColumn]) -> str:
    """Return what the only column of a value is by what it holds, "" where its head is right.

    A result in words is the level; a level in numbers beside both its factors is their result.
    """
    valued = [one for one in columns if one.field in _VALUED]
    if len(valued) != 1 or not valued[0].samples:
        return ""
    (only,) = valued
    if only.field == "result":
        is_guess = only.confidence < 1
        return "level" if is_guess and not any(map(_HAS_DIGIT.search, only.samples)) else ""
    has_factors = {"probability", "impact"} <= {one.field for one in columns}
    return "result" if has_factors and _counts(only) else ""


def _counts(column: FileColumn) -> bool:
    """Return whether a column holds numbers alone."""
    return bool(column.samples) and all(map(_NUMBER.fullmatch, column.samples))
