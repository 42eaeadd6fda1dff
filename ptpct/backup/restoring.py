"""Restoring a backup into an empty place, and saying what is missing.

What can be known before is looked at before anything is written: every digest, the passphrase, the
place. Files and key come first, the database last and at once, so that what a restore that dies
leaves behind is an empty place, and the next one may begin again.
"""

import datetime
import io
import os
import shlex
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from ptpct.backup import checking, loading, sealing, stores
from ptpct.backup.folder import check_room, entry_of, put_privately
from ptpct.backup.making import KEY_FILE
from ptpct.backup.manifest import NAME, Manifest, read_manifest
from ptpct.backup.refusals import BackupRefusedError, disk_faults_told
from registry.services.installation import forget

VARIABLES_FILE = "variabili-ripristinate.env"
SECRET_KEY_FILE = "secret-key"  # noqa: S105 - the name of a file


@dataclass
class Restored:
    """What came back: tables and rows, files, and in words what is missing."""

    manifest: Manifest
    rows: int = 0
    files: int = 0
    findings: list[str] = field(default_factory=list)

    @property
    def made_at(self) -> str:
        """Return the moment of the backup as an Italian reads it."""
        moment = datetime.datetime.fromisoformat(self.manifest.made_at)
        return timezone.localtime(moment).strftime("%d/%m/%Y %H:%M:%S")


Say = Callable[[str], None]
"""Tells whoever waits what is being done now."""


def restore_backup(
    *, folder: Path, passphrase: str | None, without_key: bool = False, say: Say = lambda text: None
) -> Restored:
    """Put back what a backup holds; return it with what is missing.

    `passphrase` opens the key, unless the backup is of a database alone or is restored without it.
    Raises `BackupRefusedError` when the backup is damaged, the passphrase another one, the place
    not empty or the program older: then nothing has been written.
    """
    say(_("Controllo i codici di controllo della copia."))
    content, manifest, findings = read_backup(folder)
    secrets = _secrets(folder, content, manifest, passphrase, without_key=without_key)
    loading.check_known(manifest)
    loading.check_empty()
    if manifest.stores:
        stores.check_empty(manifest.files)
    check_room(settings.VAR_DIR, sum(entry.size for entry in manifest.files.values()))
    restored = Restored(manifest, findings=findings)
    put, restored.files = _put_files(folder, manifest, findings)
    try:
        if secrets is not None:
            findings += _put_secrets(secrets)
        say(_("Carico il database."))
        left_out = loading.load_database(folder, manifest)
    except BaseException:
        stores.remove(put)
        raise
    for table in left_out:
        sentence = _("La tabella %(table)s non è di questo programma: è rimasta nella copia.")
        findings.append(sentence % {"table": table})
    say(_("Verifico ciò che è tornato."))
    findings += _checked(folder, manifest)
    restored.rows = sum(table.rows for table in manifest.tables.values())
    if manifest.stores and secrets is None:
        findings.append(_without_key())
    # of a backup whose files stood in folders; they are rows here, and its rows had to come first
    _put, count = stores.restore_stores(folder, manifest.files, known=stores.stores_in_database())
    restored.files += count + stores.bring_files()
    # the host that starts here is not the one of the backup
    forget()
    return restored


def needs_passphrase(folder: Path) -> bool:
    """Tell whether a backup has a key, which only its passphrase opens."""
    return (folder / KEY_FILE).exists()


def read_backup(folder: Path) -> tuple[bytes, Manifest, list[str]]:
    """Return the manifest of a backup, as bytes and read, and which stored files it has lost.

    Every file is read and its digest compared. Raises `BackupRefusedError`, with the name of the
    file, when one is damaged or missing without which nothing can be restored.
    """
    with disk_faults_told(folder):
        if not (folder / NAME).is_file():
            told = {"place": folder, "name": NAME}
            raise BackupRefusedError(
                _("%(place)s non è una copia di sicurezza: manca %(name)s.") % told
            )
        content = (folder / NAME).read_bytes()
        manifest = read_manifest(content)
        lost = []
        for name, entry in list(manifest.files.items()):
            sentence = _fault(folder / name, name, entry)
            if sentence and not name.startswith(f"{stores.FOLDER}/"):
                raise BackupRefusedError(sentence)
            if sentence:
                lost.append(sentence)
                del manifest.files[name]
    return content, manifest, lost


def _fault(path: Path, name: str, entry: Any) -> str:
    if not path.is_file():
        return _("Nella copia manca il file %(name)s.") % {"name": name}
    if entry_of(path) != entry:
        return _("Il file %(name)s della copia è danneggiato.") % {"name": name}
    return ""


def _secrets(
    folder: Path,
    content: bytes,
    manifest: Manifest,
    passphrase: str | None,
    *,
    without_key: bool,
) -> dict[str, Any] | None:
    """Return what was sealed; None when there is nothing, or it is to be done without."""
    if not manifest.stores or without_key:
        return None
    if not (folder / KEY_FILE).is_file():
        raise BackupRefusedError(_("Nella copia manca il file %(name)s.") % {"name": KEY_FILE})
    sealed = (folder / KEY_FILE).read_bytes()
    sealing.check_undamaged(sealed, manifest=content)
    if passphrase is None:
        raise BackupRefusedError(_("Per ripristinare serve la frase segreta della copia."))
    return sealing.unseal(sealed, passphrase=passphrase, manifest=content)


def _put_files(
    folder: Path, manifest: Manifest, findings: list[str]
) -> tuple[list[tuple[str, str]], int]:
    for alias in sorted(set(manifest.stores) - set(settings.STORAGES)):
        sentence = _("I file di «%(store)s» non sono di questo programma: restano nella copia.")
        findings.append(sentence % {"store": alias})
    with disk_faults_told(settings.VAR_DIR):
        return stores.restore_stores(folder, manifest.files)


def _put_secrets(secrets: dict[str, Any]) -> list[str]:
    """Write the secret key and the variables into the folder of the installation."""
    with disk_faults_told(settings.VAR_DIR):
        _write_privately(settings.VAR_DIR / SECRET_KEY_FILE, secrets["secret_key"])
        # quoted, as whoever works by hand reads that file with a shell, which systemd understands
        values = sorted(secrets["variables"].items())
        lines = [f"{name}={shlex.quote(value)}\n" for name, value in values]
        _write_privately(settings.VAR_DIR / VARIABLES_FILE, "".join(lines))
    given = os.environ.get("PTPCT_SECRET_KEY", "").strip()
    if given and given != secrets["secret_key"]:
        return [
            _(
                "PTPCT_SECRET_KEY è un’altra chiave: quella della copia è in %(file)s. Finché non "
                "vale quella, i secondi fattori non si aprono."
            )
            % {"file": settings.VAR_DIR / SECRET_KEY_FILE}
        ]
    return []


def _write_privately(path: Path, text: str) -> None:
    put_privately(path, io.BytesIO(text.encode()))


def _checked(folder: Path, manifest: Manifest) -> list[str]:
    findings = [
        *checking.row_findings(folder, manifest),
        *checking.lost_guard_findings(manifest),
    ]
    loading.bring_up_to_date()
    return [
        *findings,
        *checking.engine_findings(),
        *checking.trail_findings(manifest.trail, manifest.anchors, manifest.chains),
        *checking.issue_findings(),
    ]


def _without_key() -> str:
    return _(
        "La chiave non è stata ripristinata: chi ha un secondo fattore deve rifarlo "
        "(manage.py reset_second_factor) e i collegamenti spediti per posta non valgono più."
    )
