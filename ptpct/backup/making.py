"""Making a backup: database, files and the sealed key, while people write."""

import os
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from ptpct.backup.folder import NewFolder, check_room, new_folder
from ptpct.backup.manifest import NAME, Manifest, TrailHead
from ptpct.backup.refusals import BackupRefusedError
from ptpct.backup.sealing import DerivedKey, check_passphrase
from ptpct.backup.snapshots import Snapshot, snapshot
from ptpct.backup.stores import copy_stores, kept_stores, size_of_stores
from registry.trail.anchors import Anchor
from registry.trail.chain import GENESIS, HOUSE

KEY_FILE = "key.sealed"
OWN_VARIABLES = ("DATABASE_URL", "PTPCT_", "AWS_")
"""How the variables begin that say what is peculiar to an installation (docs/deployment.md)."""
_MIGRATIONS = "SELECT app, name FROM django_migrations ORDER BY app, name"
_BODIES = "SELECT ipa_code FROM registry_administration ORDER BY ipa_code"
_TRAIL = "registry_trailrecord"
_HEADS = (
    "SELECT r.chain, r.number, r.digest FROM registry_trailrecord r JOIN (SELECT chain, "
    "max(number) AS last FROM registry_trailrecord GROUP BY chain) AS c "
    "ON c.chain = r.chain AND c.last = r.number"
)
_ONLY_HEAD = "SELECT '', number, digest FROM registry_trailrecord ORDER BY number DESC LIMIT 1"
"""Before a migrate there is one chain, without a name."""


@dataclass(frozen=True)
class Made:
    """What a backup holds: tables, rows, stored files, and where the trail ends."""

    tables: int
    rows: int
    files: int
    trail: TrailHead


def make_backup(*, folder: Path, passphrase: str) -> Made:
    """Copy the installation as it is now into a new folder, whole or not at all.

    The database is that of one moment; the files beside it are copied after it. The secret key and
    the variables of the installation are sealed by the passphrase. Raises `BackupRefusedError`.
    """
    passphrase = check_passphrase(passphrase)
    # deriving the key takes half a second of one processor, copying the database the other
    with ThreadPoolExecutor(1) as beside, snapshot() as moment, new_folder(folder) as new:
        key = beside.submit(DerivedKey, passphrase)
        check_room(new.path, moment.needed() + size_of_stores())
        made = _filled(new, moment)
        files = copy_stores(new)
        manifest = _write_manifest(new, made, stores=tuple(kept_stores()))
        _seal(new, key, manifest)
    return Made(
        len(made.tables), sum(table.rows for table in made.tables.values()), files, made.trail
    )


def database_alone(folder: Path) -> Manifest:
    """Copy the database alone into a new folder, for a move; return its manifest."""
    with snapshot() as moment, new_folder(folder) as new:
        check_room(new.path, moment.needed())
        made = _filled(new, moment)
        _write_manifest(new, made)
    return made


def _filled(new: NewFolder, moment: Snapshot) -> Manifest:
    began = timezone.now()
    tables = moment.write(new)
    if not {"django_migrations", _TRAIL} <= set(tables):
        raise BackupRefusedError(
            _("Nel database non c’è un registro: mancano le sue tabelle (manage.py migrate).")
        )
    heads = moment.fetch(_HEADS if "chain" in tables[_TRAIL].columns else _ONLY_HEAD)
    chains = {chain: TrailHead(*head) for chain, *head in heads}
    house = chains.pop(HOUSE, TrailHead(0, GENESIS))
    bodies = {code: chains.get(code, house) for (code,) in moment.fetch(_BODIES)}
    return Manifest(
        engine=moment.vendor,
        engine_version=moment.version,
        migrations=tuple((app, name) for app, name in moment.fetch(_MIGRATIONS)),
        trail=house,
        chains=chains,
        anchors=tuple(
            str(Anchor(code, head.number, head.digest))
            for code, head in bodies.items()
            if head.number
        ),
        tables=tables,
        files=new.files,
        made_at=began.isoformat(timespec="seconds"),
    )


def _write_manifest(new: NewFolder, made: Manifest, *, stores: tuple[str, ...] = ()) -> bytes:
    """Write the manifest of all that stands in the folder; return its bytes."""
    content = Manifest(**{**vars(made), "files": dict(new.files), "stores": stores}).as_bytes()
    with new.new_file(NAME) as file:
        file.write(content)
    return content


def secrets_of_the_installation() -> dict[str, Any]:
    """Return what an installation needs besides its rows and files: its key and its variables."""
    own = {name: value for name, value in os.environ.items() if name.startswith(OWN_VARIABLES)}
    return {"secret_key": settings.SECRET_KEY, "variables": own}


def _seal(new: NewFolder, key: "Future[DerivedKey]", manifest: bytes) -> None:
    sealed = key.result().seal(secrets_of_the_installation(), manifest=manifest)
    with new.new_file(KEY_FILE) as file:
        file.write(sealed)
