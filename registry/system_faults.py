"""What disks, networks and databases answer in English, in words of whoever keeps the site."""

import errno
import re

from django.db import InterfaceError, OperationalError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

ERRORS = {
    errno.ENOENT: gettext_noop("il file o la cartella non c’è"),
    errno.EACCES: gettext_noop("mancano i permessi"),
    errno.EPERM: gettext_noop("il sistema non lo permette"),
    errno.EEXIST: gettext_noop("c’è già"),
    errno.EISDIR: gettext_noop("è una cartella, non un file"),
    errno.ENOTDIR: gettext_noop("una parte del percorso non è una cartella"),
    errno.ENOTEMPTY: gettext_noop("la cartella non è vuota"),
    errno.EROFS: gettext_noop("il disco si può soltanto leggere"),
    errno.ENOSPC: gettext_noop("il disco è pieno"),
    errno.EDQUOT: gettext_noop("lo spazio concesso è finito"),
    errno.EFBIG: gettext_noop("il file è troppo grande per il disco"),
    errno.EIO: gettext_noop("il disco ha un guasto"),
    errno.ENAMETOOLONG: gettext_noop("il nome è troppo lungo"),
    errno.ELOOP: gettext_noop("i collegamenti girano in tondo"),
    errno.EXDEV: gettext_noop("sono due dischi diversi"),
    errno.EBUSY: gettext_noop("è in uso"),
    errno.ETXTBSY: gettext_noop("è in uso"),
    errno.EMFILE: gettext_noop("i file aperti sono troppi"),
    errno.ENFILE: gettext_noop("i file aperti sono troppi"),
    errno.ENOMEM: gettext_noop("la memoria è finita"),
    errno.ECONNREFUSED: gettext_noop("a quell’indirizzo nessuno accetta la connessione"),
    errno.ECONNRESET: gettext_noop("la connessione è stata interrotta"),
    errno.EHOSTUNREACH: gettext_noop("il computer non si raggiunge"),
    errno.ENETUNREACH: gettext_noop("la rete non si raggiunge"),
    errno.ETIMEDOUT: gettext_noop("nessuno ha risposto in tempo"),
}
"""Words for the numbers an operating system answers with (POSIX, errno.h)."""
_SQLITE = {
    "BUSY": gettext_noop("il database è occupato da un altro programma"),
    "CANTOPEN": gettext_noop("il file non si apre"),
    "CORRUPT": gettext_noop("il file è danneggiato"),
    "FULL": ERRORS[errno.ENOSPC],
    "IOERR": ERRORS[errno.EIO],
    "LOCKED": gettext_noop("il database è occupato da un altro programma"),
    "NOTADB": gettext_noop("il file non è un database SQLite"),
    "PERM": ERRORS[errno.EACCES],
    "READONLY": gettext_noop("il database si può soltanto leggere"),
}
_POSTGRESQL = {
    "password authentication failed|no password supplied|role .* does not exist|no pg_hba.conf": (
        gettext_noop("nome utente, password o provenienza non sono accettati")
    ),
    "database .* does not exist": gettext_noop("sul server non c’è un database con quel nome"),
    "translate host name|resolve host|Name or service not known|name resolution": (
        gettext_noop("nessun computer ha quel nome")
    ),
    "too many (clients|connections)|remaining connection slots": (
        gettext_noop("le connessioni al server sono troppe")
    ),
    "is (starting up|shutting down)": gettext_noop("il server si sta avviando o fermando"),
    "Connection refused": ERRORS[errno.ECONNREFUSED],
    "timeout|timed out": ERRORS[errno.ETIMEDOUT],
    "No such file or directory": (
        gettext_noop("il server è spento, o il suo socket è in un’altra cartella")
    ),
    "[Pp]ermission denied": ERRORS[errno.EACCES],
    "No space left": ERRORS[errno.ENOSPC],
    "closed the connection|connection (is|already) closed": ERRORS[errno.ECONNRESET],
    "No route to host|unreachable": ERRORS[errno.EHOSTUNREACH],
}
"""What the server or its library says of itself, in a language that cannot be chosen by us."""


_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_DISK_FULL = "53100"
"""PostgreSQL: the disk of the server has no room."""


_GONE = "08006"
_AWAY = ("08", "57P01", "57P02", "57P03")
"""PostgreSQL: connections that fail, and a server that is told to stop or is only starting."""


class FilesAwayError(OSError):
    """The files that several hosts share cannot be reached, or are not kept as they were given."""


def files_away() -> str:
    """Return what whoever keeps the site is told of such an error."""
    return _("Il posto dei file non risponde come deve (PTPCT_FILES): riprova quando risponde.")


def is_disk_full(error: BaseException) -> bool:
    """Tell whether there was no room for what was to be written: on a disk, or in a database."""
    return any(
        (isinstance(found, OSError) and found.errno in _FULL)
        or getattr(found, "sqlite_errorname", "") == "SQLITE_FULL"
        or getattr(found, "sqlstate", None) == _DISK_FULL
        for found in _chain(error)
    )


def is_database_away(error: BaseException) -> bool:
    """Tell whether PostgreSQL cannot be reached, or has let the connection go in the middle."""
    return isinstance(error, OperationalError | InterfaceError) and any(
        # what the server itself refuses has a number; what never reached it has none
        type(found).__module__.startswith("psycopg")
        and (getattr(found, "sqlstate", None) or _GONE).startswith(_AWAY)
        for found in _chain(error)
    )


def told_of(error: BaseException) -> str:
    """Return in Italian why a disk, a network or a database refused; the number of what is new.

    Without a full stop, as part of a sentence. The English text is in the traceback
    (`--traceback`). A library that wraps an error is asked for the one it wraps.
    """
    for found in _chain(error):
        if isinstance(found, OSError) and found.errno is not None:
            words = ERRORS.get(found.errno)
            return _(words) if words else _("errore di sistema %(n)d") % {"n": found.errno}
        if name := getattr(found, "sqlite_errorname", ""):
            words = _SQLITE.get(name.split("_")[1])
            return _(words) if words else _("errore %(name)s") % {"name": name}
    return _of_server(error)


def _of_server(error: BaseException) -> str:
    text = str(error)
    for pattern, words in _POSTGRESQL.items():
        if re.search(pattern, text):
            return _(words)
    codes = [code for found in _chain(error) if (code := getattr(found, "sqlstate", None))]
    name = codes[0] if codes else type(error).__name__
    return _("errore %(name)s") % {"name": name}


def _chain(error: BaseException) -> list[BaseException]:
    chain = [error]
    while (cause := chain[-1].__cause__) is not None and cause not in chain:
        chain.append(cause)
    return chain
