"""What stops a backup or a restore, in sentences a person reads."""

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.utils.translation import gettext as _

from registry.system_faults import FilesAwayError, files_away, told_of

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class BackupRefusedError(Exception):
    """Nothing was made, or nothing was restored; the message is an Italian sentence."""


@contextmanager
def disk_faults_told(place: Path) -> Iterator[None]:
    """Turn what a disk answers while `place` is written to into a refusal."""
    try:
        yield
    except FilesAwayError as error:
        # not the disk of the copy: those the installation keeps elsewhere
        raise BackupRefusedError(files_away()) from error
    except OSError as error:
        if error.errno in _FULL:
            raise BackupRefusedError(_full(place)) from error
        names = {"place": error.filename or place, "reason": told_of(error)}
        raise BackupRefusedError(_("Non riesco a usare %(place)s: %(reason)s.") % names) from error
    except sqlite3.Error as error:
        if getattr(error, "sqlite_errorname", "") == "SQLITE_FULL":
            raise BackupRefusedError(_full(place)) from error
        sentence = _("SQLite non riesce a leggere o a scrivere: %(reason)s.")
        raise BackupRefusedError(sentence % {"reason": told_of(error)}) from error


def _full(place: Path) -> str:
    return _("Il disco di %(place)s è pieno: libera spazio e riprova.") % {"place": place}
