"""The passphrase of a backup, from a file or from whoever sits there."""

import getpass
import stat
import sys
from pathlib import Path

from django.utils.translation import gettext as _

from ptpct.backup.refusals import BackupRefusedError, disk_faults_told


def passphrase_from(file: Path | None, *, is_new: bool) -> str:
    """Return the passphrase in a file that not everybody can read, else ask for it.

    A new one is asked for twice. It never comes from the command line, which others can see. Raises
    `BackupRefusedError`.
    """
    if file is not None:
        with disk_faults_told(file):
            # its group may: credentials that systemd hands over look so
            if stat.S_IMODE(file.stat().st_mode) & 0o037:
                raise BackupRefusedError(
                    _("%(file)s può essere letto da altri: chmod 600 %(file)s.") % {"file": file}
                )
            try:
                return file.read_text(encoding="utf-8").strip()
            except UnicodeDecodeError as error:
                told = {"file": file}
                raise BackupRefusedError(_("%(file)s non è un testo.") % told) from error
    if not sys.stdin.isatty():
        raise BackupRefusedError(
            _("Serve la frase segreta: in un file, con --passphrase-file, o da un terminale.")
        )
    given = getpass.getpass(_("Frase segreta: "))
    if is_new and getpass.getpass(_("Ancora una volta: ")) != given:
        raise BackupRefusedError(_("Le due frasi non sono uguali."))
    return given
