"""Whether this host is like the others of its installation: asked before it answers anybody.

On PostgreSQL alone; SQLite is of one host (docs/decisions/0089).
"""

import logging
import secrets
from functools import cache
from pathlib import Path
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from registry import clock
from registry.models import Installation

logger = logging.getLogger(__name__)

_ONE = 1


class OtherHostError(Exception):
    """This host differs from the others in what they must have in common, as the message says."""


def refuse_differences() -> None:
    """Raise `OtherHostError` where this host is not like the others; the first one is noted.

    Nothing before there are tables.
    """
    if not settings.IS_DATABASE_SHARED:
        return
    own = _own()
    try:
        with transaction.atomic():
            row, is_first = Installation.objects.get_or_create(pk=_ONE, defaults=own)
    except DatabaseError:
        return
    finally:
        # what opens it now may be copied into many processes
        if not connection.in_atomic_block:
            connection.close()
    if is_first:
        logger.info("this host is the first of its installation")
        return
    if row.upgrading_since:
        raise OtherHostError(str(_UPGRADING))
    sentences = [
        _SENTENCES[name] % {"own": own[name], "others": getattr(row, name)}
        for name in _SENTENCES
        if own[name] != getattr(row, name)
    ]
    if sentences:
        raise OtherHostError(" ".join(sentences))


def take_on() -> None:
    """Note this host as the one the others have to be like."""
    Installation.objects.update_or_create(pk=_ONE, defaults=_own())


def forget() -> None:
    """Let the next host that starts be the first: of a database that was restored."""
    Installation.objects.all().delete()


def begin_upgrade(plan: list[Any], **kwargs: Any) -> None:
    """Signal receiver: tell the hosts at work that migrations are about to run."""
    if plan and Installation._meta.db_table in connection.introspection.table_names():
        Installation.objects.update(upgrading_since=clock.now())


def end_upgrade(**kwargs: Any) -> None:
    """Signal receiver: from now on the hosts of this version are the right ones."""
    if Installation._meta.db_table in connection.introspection.table_names():
        Installation.objects.update(upgrading_since=None, version=own_version())


class Watch:
    """Looks now and then whether this host is still of the version of its installation."""

    def __init__(self, seconds: float) -> None:
        self._seconds, self._looked_at, self._is_left = seconds, 0.0, False

    def is_left_behind(self) -> bool:
        """Tell whether an upgrade is going on, or has passed by this host; False where unknown."""
        if not self._seconds or not settings.IS_DATABASE_SHARED:
            return False
        if monotonic() - self._looked_at >= self._seconds:
            self._looked_at = monotonic()
            self._is_left = _is_left_behind()
        return self._is_left


def own_version() -> str:
    """Return the version of this program, with its last migrations: a number may have several."""
    return " ".join((settings.VERSION, *_last_migrations()))


@cache
def _last_migrations() -> tuple[str, ...]:
    """Return them as they are at the start: files that are replaced later do not run here."""
    last = []
    for app in ("registry", "risk"):
        names = [path.stem for path in Path(settings.BASE_DIR, app, "migrations").glob("0*.py")]
        last.append(f"{app}.{max(names)[:4]}")
    return tuple(last)


def _is_left_behind() -> bool:
    try:
        row = Installation.objects.only("version", "upgrading_since").first()
    except DatabaseError:
        # in the middle of a migration, or the database is away: the page itself will tell
        return False
    return row is not None and (row.upgrading_since is not None or row.version != own_version())


def _own() -> dict[str, str]:
    return {
        "version": own_version(),
        "key_mark": salted_hmac("ptpct.installation", "mark").hexdigest(),
        "time_zone": settings.TIME_ZONE,
        "cache": _cache(),
        "files": f"folder {_host()}" if settings.FILES_IN == "folder" else settings.FILES_IN,
    }


def _cache() -> str:
    if not settings.IS_CACHE_SHARED:
        return f"folder {_host()}"
    address = urlsplit(settings.CACHES["default"]["LOCATION"])
    # without name and password
    return f"{address.scheme}://{address.netloc.rpartition('@')[2]}{address.path}"


def _host() -> str:
    """Return the name of the folder of this host, which it is given once."""
    file = Path(settings.VAR_DIR, "host")
    if not file.exists():
        file.write_text(secrets.token_hex(8), encoding="ascii")
    return file.read_text(encoding="ascii")


_SENTENCES = {
    "version": _(
        "Questa macchina ha la versione «%(own)s», l’installazione la «%(others)s»: aggiornare la "
        "macchina, o eseguire «manage.py migrate» se è l’installazione che va aggiornata."
    ),
    "key_mark": _(
        "PTPCT_SECRET_KEY: questa macchina ha una chiave segreta sua, diversa da quella delle "
        "altre; va scritta la stessa su tutte."
    ),
    "time_zone": _(
        "Fuso orario: questa macchina ha «%(own)s», le altre «%(others)s»; dev’essere lo stesso."
    ),
    "cache": _(
        "PTPCT_CACHE: questa macchina conta i tentativi in «%(own)s», le altre in «%(others)s»; "
        "più macchine devono nominare lo stesso Redis o Valkey."
    ),
    "files": _(
        "PTPCT_FILES: questa macchina tiene i file in «%(own)s», le altre in «%(others)s»; "
        "più macchine devono usare lo stesso posto, il database o un bucket S3."
    ),
}
"""What is said of each difference."""
_UPGRADING = _("È in corso un aggiornamento: «manage.py migrate» non è ancora arrivato in fondo.")
