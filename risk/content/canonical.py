"""The content of an annex as canonical data: what is approved, what is issued, what is compared."""

import dataclasses
import functools
import hashlib
import json
import types
import typing
import uuid
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from typing import Any, Protocol

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from registry.packing import DamagedContentError
from risk.content.build import build_document, cover_of
from risk.content.build_sheets import sheet_of
from risk.content.reading import AnnexContent
from risk.content.values import AnnexDocument, ProcessSheet
from risk.models import AnnexIssue, PlanIssue

FORMAT = 1
"""Version of the form of the data, printed nowhere and part of every digest.

1 is the form of the first release: what the form was before, in development, was never issued.
From then on whoever changes it raises the number and goes on reading the forms before it.
"""

OF_DIGESTS = "2:"
"""How a digest of digests begins: `whole_digest`. One of canonical JSON is written without more."""

OF_EVERY_ISSUE = ("issued_at", "digest", "anchor", "verify_at")
"""What the paper prints of its issue (`printed_of`)."""

_LATE = ("code", "reconfirmed")
"""What a process, or an annex, says since a later version: left out while empty, so that no digest
changes."""

_OF_THE_ISSUE = (*OF_EVERY_ISSUE, "is_draft", "number", "is_one_person")
"""What an approval or an issue adds to the content, and so is no part of it."""


class UnknownFormatError(ValueError):
    """The data have a form this version of the programme does not read; an Italian sentence."""

    def __init__(self, version: Any):
        super().__init__(
            _(
                "I dati dell’emissione sono nel formato %(found)s e questa versione del programma "
                "legge fino al formato %(known)d: va aggiornato. L’emissione resta com’è."
            )
            % {"found": version, "known": FORMAT}
        )


def snapshot(document: AnnexDocument) -> str:
    """Return the canonical JSON of a document: the same content gives the same text."""
    return write_canonical("annex", document, without=_OF_THE_ISSUE)


def write_canonical(name: str, document: Any, *, without: tuple[str, ...]) -> str:
    """Return the canonical JSON of a dataclass of the paper, but for the fields in `without`."""
    content = dataclasses.asdict(document)
    for field in without:
        del content[field]
    for row in (content, *content.get("catalogue", ()), *content.get("sheets", ())):
        _leave_out_empty(row)
    return _canonical(name, content)


def _canonical(name: str, content: dict[str, Any]) -> str:
    return canonical_json({"format": FORMAT, name: content})


def canonical_json(content: Any) -> str:
    """Return the JSON that is digested: the same content gives the same text."""
    return json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def process_data(sheet: ProcessSheet, *, names: Mapping[str, str] | None = None) -> str:
    """Return the canonical JSON of one process: what a head approves, and what is compared.

    It is the sheet, which says all that table and catalogue say of a process. Its number is left
    out, which follows the other processes, and so are the names of office and head, which are the
    annex's; the colour of a level is no content. `names` gives rows other uids, where they have
    one, as those of the edition before.
    """
    return sheet_data(dataclasses.asdict(sheet), names=names)


def sheet_data(content: dict[str, Any], *, names: Mapping[str, str] | None = None) -> str:
    """Return the same from the fields of a sheet, as they stand in the data of an issue too."""
    content = {name: value for name, value in content.items() if name != "number"}
    _leave_out_empty(content)
    _drop(content, "tone")
    if names:
        _rename(content, names)
    return _canonical("process", content)


def restore_process(data: str) -> ProcessSheet:
    """Return the sheet `process_data` was made from, but for its number.

    Raises `UnknownFormatError` for data of another format.
    """
    return build_as(ProcessSheet, {**read_canonical("process", data), "number": ""})


def read_canonical(name: str, data: str) -> dict[str, Any]:
    """Return the fields that `write_canonical` wrote.

    Raises `UnknownFormatError` for data of another format, `DamagedContentError` for what is none.
    """
    try:
        content = json.loads(data)
    except ValueError as fault:
        raise DamagedContentError from fault
    if content.get("format") != FORMAT:
        raise UnknownFormatError(content.get("format", "—"))
    return content[name]


def printed_of(issue: AnnexIssue | PlanIssue) -> dict[str, str]:
    """Return what every issued paper prints of its own issue: when, digest, anchor, where."""
    return {
        "issued_at": timezone.localtime(issue.issued_at).strftime("%d/%m/%Y %H:%M"),
        "digest": issue.data_digest,
        "anchor": issue.anchor,
        "verify_at": f"{settings.SITE_URL}{reverse('risk:verify')}",
    }


def digest_of(data: str) -> str:
    """Return the SHA-256 of canonical data: what is printed on the paper."""
    return hashlib.sha256(data.encode()).hexdigest()


class Named(Protocol):
    """What names a process."""

    @property
    def uid(self) -> uuid.UUID | str: ...
    @property
    def number(self) -> int: ...


def content_digest(content: AnnexContent) -> str:
    """Return the digest of an annex as it was read: that of its issue.

    Raises `UnresolvedField` as printing would.
    """
    return digest_of(snapshot(build_document(content)))


def whole_digest(cover: AnnexDocument, rows: Iterable[tuple[Named, str]]) -> str:
    """Return the digest of digests of an annex: its names and texts, its processes in their order.

    `rows` are the processes with the digest of each: they say all that is printed of them, but for
    their number. It begins by how it is reckoned, `OF_DIGESTS`.
    """
    lines = (f"{process.uid} {process.number} {digest}" for process, digest in rows)
    return OF_DIGESTS + digest_of("\n".join((digest_of(snapshot(cover)), *lines)))


def digest_like(digest: str, content: AnnexContent) -> str:
    """Return the digest of an annex as it was read, reckoned as another was.

    Raises `UnresolvedField` as printing would.
    """
    if not digest.startswith(OF_DIGESTS):
        return content_digest(content)
    rows = (
        (process, digest_of(process_data(sheet_of(process, content))))
        for process in content.processes
    )
    return whole_digest(cover_of(content.annex, content.blocks), rows)


def restore(data: str, *, part: Mapping[str, Any] | None = None, **issue: Any) -> AnnexDocument:
    """Return the document canonical data was made from, with what the issue adds to it.

    With a `part` of what the data say (`risk.content.pieces`), the document of that. Raises
    `UnknownFormatError` for data of another format.
    """
    content = read_canonical("annex", data) if part is None else part
    return build_as(AnnexDocument, {**content, **issue})


def build_as(kind: Any, value: Any) -> Any:
    """Return `value`, as JSON gave it, as the type a dataclass of the paper asks for."""
    origin = typing.get_origin(kind)
    if origin in (types.UnionType, typing.Union):
        kinds = [one for one in typing.get_args(kind) if one is not type(None)]
        return None if value is None else build_as(kinds[0], value)
    if origin is tuple:
        return tuple(_items(typing.get_args(kind), value))
    if origin is dict:
        return {key: build_as(typing.get_args(kind)[1], item) for key, item in value.items()}
    if isinstance(kind, type) and dataclasses.is_dataclass(kind):
        hints = _hints(kind)
        return kind(**{name: build_as(hints[name], item) for name, item in value.items()})
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return kind(value)
    return value


@functools.cache
def _hints(kind: type) -> dict[str, Any]:
    """Return the types of a dataclass: to find them out took longer than all that is made of it."""
    return typing.get_type_hints(kind)


def _items(kinds: tuple[Any, ...], values: list[Any]) -> Iterator[Any]:
    """Yield the items of a tuple, of one kind repeated or of one kind for each place."""
    if len(kinds) == 2 and kinds[1] is Ellipsis:
        yield from (build_as(kinds[0], value) for value in values)
    else:
        yield from (build_as(kind, value) for kind, value in zip(kinds, values, strict=True))


def _leave_out_empty(row: dict[str, Any]) -> None:
    for name in _LATE:
        if not row.get(name):
            row.pop(name, None)


def _drop(content: Any, name: str) -> None:
    """Take a field out of nested content, wherever it stands."""
    if isinstance(content, dict):
        content.pop(name, None)
        content = list(content.values())
    if isinstance(content, list | tuple):
        for item in content:
            _drop(item, name)


def _rename(content: Any, names: Mapping[str, str]) -> None:
    """Give rows other uids, wherever they stand in nested content."""
    if isinstance(content, dict):
        if "uid" in content:
            content["uid"] = names.get(content["uid"], content["uid"])
        content = list(content.values())
    if isinstance(content, list | tuple):
        for item in content:
            _rename(item, names)
