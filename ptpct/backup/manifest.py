"""The manifest of a backup: what it holds, of which moment, made by which program.

`manifest.json` lists every file with size and digest, every table with its rows, the migrations
that had been applied, and the last record of the trail.
"""

import json
import platform
import re
from dataclasses import asdict, dataclass, field
from pathlib import PurePosixPath
from typing import Any

import django
from django.conf import settings
from django.utils.translation import gettext as _

from ptpct.backup.folder import FileEntry
from ptpct.backup.refusals import BackupRefusedError
from registry.trail.anchors import read_anchor

NAME = "manifest.json"
FORMAT = 2
FORMATS = (1, FORMAT)
"""Those this program reads: the first knew one chain of the trail."""
_IDENTIFIER = re.compile(r"\w{1,63}")


@dataclass(frozen=True)
class CopiedTable:
    """A table of a backup; `last` is the last number its own counter has given, if it has one.

    A number is never given twice, also when its row is gone: histories speak of rows by it.
    """

    rows: int
    columns: tuple[str, ...]
    last: int | None = None


@dataclass(frozen=True)
class TrailHead:
    """The last record of a chain of the trail: its number and its digest."""

    number: int
    digest: str


@dataclass(frozen=True)
class Manifest:
    """What is in a backup."""

    engine: str
    """"sqlite": the database is one file; "postgresql": a file of COPY for each table with rows."""
    engine_version: str
    migrations: tuple[tuple[str, str], ...]
    """App and name of each migration that had been applied."""
    trail: TrailHead
    anchors: tuple[str, ...]
    """The head of the trail of each body, as `verify_trail --at-least` takes it."""
    tables: dict[str, CopiedTable]
    files: dict[str, FileEntry]
    stores: tuple[str, ...] = ()
    """The stores of files that are in it, by their names in the settings."""
    chains: dict[str, TrailHead] = field(default_factory=dict)
    """The last record of the chain of each body that has begun one; `trail` is the installation’s.

    A copy made before there were several has none.
    """
    made_at: str = ""
    """When it was begun: what was saved before that moment is in it."""
    program: str = field(default_factory=lambda: program_version())
    python: str = field(default_factory=platform.python_version)
    django: str = field(default_factory=django.get_version)

    def as_bytes(self) -> bytes:
        """Return the manifest as it is written."""
        return json.dumps({"format": FORMAT, **asdict(self)}, indent=1).encode()


def program_version() -> str:
    """Return the version of this program."""
    return settings.VERSION


def read_manifest(content: bytes) -> Manifest:
    """Return a manifest from its bytes.

    Raises `BackupRefusedError` when it is none, is of a later form, or names a place outside.
    """
    try:
        told = json.loads(content)
        found_format = told.pop("format")
        if found_format not in FORMATS:
            raise BackupRefusedError(
                _("La copia è nel formato %(found)s: questo programma legge il formato %(known)d.")
                % {"found": found_format, "known": FORMAT}
            )
        manifest = _manifest(told)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise BackupRefusedError(_("Il manifesto è danneggiato: non si legge.")) from error
    return manifest


def _manifest(told: dict[str, Any]) -> Manifest:
    read = {
        **told,
        "migrations": tuple((app, name) for app, name in told["migrations"]),
        "trail": TrailHead(**told["trail"]),
        "chains": {name: TrailHead(**head) for name, head in told.get("chains", {}).items()},
        "anchors": tuple(str(read_anchor(text)) for text in told["anchors"]),
        "tables": {
            name: CopiedTable(**{**table, "columns": tuple(table["columns"])})
            for name, table in told["tables"].items()
        },
        "files": {name: FileEntry(**entry) for name, entry in told["files"].items()},
        "stores": tuple(told["stores"]),
    }
    columns = [column for table in read["tables"].values() for column in table.columns]
    if not all(_IDENTIFIER.fullmatch(name) for name in [*read["tables"], *columns]):
        raise ValueError
    if any(_leads_out(name) for name in read["files"]):
        raise ValueError
    return Manifest(**read)


def _leads_out(name: str) -> bool:
    path = PurePosixPath(name)
    return path.is_absolute() or ".." in path.parts
