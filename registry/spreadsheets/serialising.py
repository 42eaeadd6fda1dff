"""A file read, as bytes that can be kept: reading them again costs a tenth of reading the file."""

import datetime
import json
import zlib
from dataclasses import asdict
from typing import Any

from registry.spreadsheets.looks import NO_LOOK, Box, CellLook, Comment, Revision
from registry.spreadsheets.workbook import AsideText, Finding, Merge, Where, Workbook, WorkbookSheet

_TYPE, _TEXT = "type", "text"
_FROM_TEXT = {
    kind.__name__: kind.fromisoformat for kind in (datetime.datetime, datetime.date, datetime.time)
}
_HIDDEN = ("hidden_rows", "filtered_rows", "hidden_columns")
_SECONDS = datetime.timedelta.__name__


def serialise(workbook: Workbook) -> bytes:
    """Return a file read, with its findings, as compressed JSON; `deserialise` returns it alike."""
    content = {
        "filename": workbook.filename,
        "format": workbook.format,
        "sheets": [_sheet(sheet) for sheet in workbook.sheets],
        "findings": [asdict(finding) for finding in workbook.findings],
    }
    return packed(content)


def packed(content: Any) -> bytes:
    """Return lists and values of cells as compressed JSON; `unpacked` returns them alike."""
    text = json.dumps(content, separators=(",", ":"), default=_json_of)
    return zlib.compress(text.encode(), level=1)


def unpacked(stored: bytes) -> Any:
    """Return what `packed` was given, every value of the type it had; a tuple is a list now."""
    return json.loads(zlib.decompress(stored), object_hook=_value)


def deserialise(stored: bytes) -> Workbook:
    """Return the workbook of the bytes of `serialise`, every value of the type it had."""
    content = unpacked(stored)
    return Workbook(
        filename=content["filename"],
        format=content["format"],
        sheets=[
            WorkbookSheet(
                name=sheet["name"],
                rows=sheet["rows"],
                merges=tuple(Merge(*sides) for sides in sheet["merges"]),
                hidden=sheet["hidden"],
                before=tuple(sheet["before"]),
                aside=tuple(AsideText(Where(w), text) for w, text in sheet.get("aside", ())),
                file=sheet.get("file", ""),
                **_beside_of(sheet.get("beside")),
            )
            for sheet in content["sheets"]
        ],
        findings=[Finding(**finding) for finding in content["findings"]],
    )


def _sheet(sheet: WorkbookSheet) -> dict[str, Any]:
    return {
        "name": sheet.name,
        "rows": sheet.rows,
        "merges": [[one.top, one.left, one.bottom, one.right] for one in sheet.merges],
        "hidden": sheet.hidden,
        "before": sheet.before,
        "aside": [[one.where, one.text] for one in sheet.aside],
        "file": sheet.file,
        "beside": _beside(sheet),
    }


def _beside(sheet: WorkbookSheet) -> dict[str, Any]:
    """Return what stands beside the values of a sheet; each look is written once."""
    numbers: dict[CellLook, int] = {}
    places = [[*place, numbers.setdefault(one, len(numbers))] for place, one in sheet.looks.items()]
    return {
        "looks": [_told(look) for look in numbers],
        "places": places,
        "shown": [[*place, text] for place, text in sheet.shown.items()],
        **{name: sorted(getattr(sheet, name)) for name in _HIDDEN},
    }


def _told(look: CellLook) -> dict[str, Any]:
    """Return a look as what it says, and nothing else."""
    return {name: value for name, value in asdict(look).items() if value != getattr(NO_LOOK, name)}


def _beside_of(stored: dict[str, Any] | None) -> dict[str, Any]:
    if stored is None:  # kept before looks were read
        return {}
    looks = [_look(told) for told in stored["looks"]]
    return {
        "looks": {(row, column): looks[number] for row, column, number in stored["places"]},
        "shown": {(row, column): text for row, column, text in stored["shown"]},
        **{name: frozenset(stored[name]) for name in _HIDDEN},
    }


def _look(told: dict[str, Any]) -> CellLook:
    revision = told.get("revision")
    return CellLook(
        is_struck=told.get("is_struck", False),
        is_hidden=told.get("is_hidden", False),
        struck=tuple((start, end) for start, end in told.get("struck", ())),
        hidden=tuple((start, end) for start, end in told.get("hidden", ())),
        fill=told.get("fill", ""),
        comments=tuple(Comment(**one) for one in told.get("comments", ())),
        revision=Revision(**revision) if revision else None,
        boxes=tuple(Box(**one) for one in told.get("boxes", ())),
    )


def _json_of(value: Any) -> dict[str, Any]:
    """Return the JSON of a value of a cell that JSON has no word for."""
    if isinstance(value, datetime.timedelta):
        return {_TYPE: _SECONDS, _TEXT: value.total_seconds()}
    return {_TYPE: type(value).__name__, _TEXT: value.isoformat()}


def _value(pairs: dict[str, Any]) -> Any:
    if pairs.keys() != {_TYPE, _TEXT}:
        return pairs
    if pairs[_TYPE] == _SECONDS:
        return datetime.timedelta(seconds=pairs[_TEXT])
    return _FROM_TEXT[pairs[_TYPE]](pairs[_TEXT])
