"""What a part of a plan says, apart from how it is drawn: sections with paragraphs and tables.

The same values are a chapter of the PDF and of any other document of the plan.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace

from django.utils.functional import Promise

from risk.content.rich_text import RichBlock
from risk.content.values import Entry, LevelLabel


@dataclass(frozen=True, slots=True)
class PartLink:
    """A text that leads to what stands in an annex: `target` is from `to_process`, `to_annex`."""

    text: str
    target: str


def to_process(uid: str) -> str:
    """Return what leads to the sheet of a process."""
    return f"processo-{uid}"


def to_annex(uid: str) -> str:
    """Return what leads to an annex."""
    return f"allegato-{uid}"


@dataclass(frozen=True, slots=True)
class PartCell:
    """A cell: a level, links and lines, in this order; none of them prints a dash."""

    lines: tuple[str, ...] = ()
    level: LevelLabel | None = None
    links: tuple[PartLink, ...] = ()


@dataclass(frozen=True, slots=True)
class PartColumn:
    """A column of a table by the name it is chosen by; a fixed one cannot be left out."""

    name: str
    title: str | Promise
    is_fixed: bool = False


@dataclass(frozen=True, slots=True)
class PartTable:
    """A table whose first column heads its rows."""

    title: str
    columns: tuple[PartColumn, ...]
    rows: tuple[tuple[PartCell, ...], ...]

    def __post_init__(self) -> None:
        said = tuple(replace(one, title=str(one.title)) for one in self.columns)
        object.__setattr__(self, "columns", said)

    def with_columns(self, names: Collection[str]) -> "PartTable":
        """Return the table with the columns of some names, and those that cannot be left out."""
        kept = [one.is_fixed or one.name in names for one in self.columns]
        return replace(
            self,
            columns=_only(self.columns, kept),
            rows=tuple(_only(row, kept) for row in self.rows),
        )


@dataclass(frozen=True, slots=True)
class PartSection:
    """A section of a part: each of its fields may be empty, and then it is not there."""

    title: str = ""
    link: PartLink | None = None
    level: LevelLabel | None = None
    paragraphs: tuple[str, ...] = ()
    entries: tuple[Entry, ...] = ()
    table: PartTable | None = None
    words: tuple[RichBlock, ...] = ()


@dataclass(frozen=True, slots=True)
class PartContent:
    """A part of a plan by its name; without sections it has nothing to say but why."""

    name: str
    title: str
    paragraphs: tuple[str, ...] = ()
    sections: tuple[PartSection, ...] = ()

    def with_columns(self, names: Collection[str]) -> "PartContent":
        """Return the part whose tables have only some columns."""
        sections = tuple(
            replace(one, table=one.table.with_columns(names)) if one.table else one
            for one in self.sections
        )
        return replace(self, sections=sections)


def _only(values: tuple, kept: list[bool]) -> tuple:
    return tuple(value for value, is_kept in zip(values, kept, strict=True) if is_kept)
