"""Whether this host is like the others of its installation: asked before it answers anybody.

On PostgreSQL alone; SQLite is of one host (docs/decisions/0089).
"""

import logging
import secrets
import threading
from contextlib import suppress
from functools import cache
from pathlib import Path
from time import monotonic, sleep
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import Error, connection, transaction
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import QuerySet
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from registry import clock
from registry.enums import JobState
from registry.models import Installation, Job
from registry.readable import grouped
from registry.services.expiry import STALE_AFTER
from registry.system_faults import is_database_away

logger = logging.getLogger(__name__)

_ONE = 1
_APPLIED = "django_migrations"
"""The table of the migrations that were applied: of all versions."""
_BEGUN = "ptpct: upgrade begun"
"""What is said of it (`COMMENT ON TABLE`) while a version is left that had no row to say it in."""
_unasked = threading.Event()
"""Set while this process does not know whether it is like the others: the database was away."""


class OtherHostError(Exception):
    """This host differs from the others in what they must have in common, as the message says."""


class UpgradeRefusedError(Exception):
    """The database cannot be migrated; the message is an Italian sentence."""


def refuse_differences(*, may_wait: bool = False) -> None:
    """Raise `OtherHostError` where this host is not like the others; the first one is noted.

    Nothing before there are tables. While the database is of an earlier version, or on its way to
    this one, whoever `may_wait` is let start: a site then answers 503 until it is (`Watch`). Where
    the database is away, raises what it says: whoever serves nevertheless asks later (`Watch`).
    """
    if not settings.IS_DATABASE_SHARED:
        return
    try:
        with transaction.atomic():
            sentence = _too_early()
            row, is_first = _row(may_be_first=not sentence)
    except Error as error:
        if is_database_away(error):
            _unasked.set()
            raise
        return
    finally:
        # what opens it now may be copied into many processes
        if not connection.in_atomic_block:
            connection.close()
    if is_first:
        logger.info("this host is the first of its installation")
    elif sentence and not may_wait:
        raise OtherHostError(str(sentence))
    elif row and (sentences := _differences(row, but="version" if sentence else "")):
        raise OtherHostError(" ".join(sentences))
    elif sentence:
        logger.warning("this host waits for “manage.py migrate”, and answers 503 until then")
    _unasked.clear()


def take_on() -> None:
    """Note this host as the one the others have to be like."""
    Installation.objects.update_or_create(pk=_ONE, defaults=_own())


def forget() -> None:
    """Let the next host that starts be the first: of a database that was restored."""
    Installation.objects.all().delete()


def begin_upgrade(
    plan: list[Any], *, verbosity: int = 1, stdout: Any = None, **kwargs: Any
) -> None:
    """Signal receiver: tell the hosts at work that migrations are about to run.

    Returns when all of them have looked, and their workers have ended what they had in hand: what
    comes next takes the guards of the tables away. Raises `UpgradeRefusedError` where one does not
    end; the hosts then go on as before.
    """
    if not plan:
        return
    if _has_table(Installation._meta.db_table):
        before = Installation.objects.values_list("upgrading_since", flat=True).first()
        if Installation.objects.update(upgrading_since=clock.now()) and settings.IS_DATABASE_SHARED:
            sleep(settings.HOST_CHECK_SECONDS)
            try:
                _wait_for_jobs(stdout if verbosity else None)
            except UpgradeRefusedError:
                Installation.objects.update(upgrading_since=before)
                raise
    elif settings.IS_DATABASE_SHARED and _has_table(_APPLIED):
        _mark(_BEGUN)


def end_upgrade(**kwargs: Any) -> None:
    """Signal receiver: from now on the hosts of this version are the right ones."""
    if _has_table(Installation._meta.db_table):
        Installation.objects.update(upgrading_since=None, version=own_version())
    if settings.IS_DATABASE_SHARED and _is_marked():
        _mark("")


def is_upgrade_untold() -> bool:
    """Tell whether hosts are still to be told of this version, or that an upgrade has ended: a
    `migrate` does, with or without migrations.
    """
    if not _has_table(Installation._meta.db_table):
        return _is_marked()
    row = Installation.objects.first()
    return _is_marked() or (row is not None and _is_elsewhere(row))


class Watch:
    """Looks now and then whether this host is still of the version of its installation."""

    def __init__(self, seconds: float) -> None:
        self._seconds, self._is_left = seconds, False
        # the clock may begin with the machine, which may have started just now
        self._looked_at = float("-inf")
        self._has_row = False

    def is_left_behind(self) -> bool:
        """Tell whether an upgrade is going on, has passed by this host or is still to come to its
        database, or whether a host that has waited for it is unlike the others; where unknown, what
        was known.
        """
        if not self._seconds or not settings.IS_DATABASE_SHARED:
            return False
        is_unasked = _unasked.is_set()
        if is_unasked or monotonic() - self._looked_at >= self._seconds:
            self._looked_at = monotonic()
            with suppress(Error):
                # in the middle of a migration, or the database is away: the page itself will tell
                self._is_left = self._is_left_now() or (
                    (self._is_left or is_unasked) and _is_unlike()
                )
                _unasked.clear()
        return self._is_left

    def _is_left_now(self) -> bool:
        # a version of before had no table for it; once it is there it stays
        self._has_row = self._has_row or _has_table(Installation._meta.db_table)
        row = self._has_row and Installation.objects.only("version", "upgrading_since").first()
        return _is_elsewhere(row) if row else bool(_too_early())


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


def _wait_for_jobs(told: Any) -> None:
    """Return when no worker has a job in hand. Raises `UpgradeRefusedError` after so long."""
    until, is_told = monotonic() + settings.UPGRADE_WAIT_SECONDS, not told
    while count := _in_hand().count():
        if monotonic() >= until:
            raise UpgradeRefusedError(str(_IN_HAND))
        if not is_told:
            words = ngettext(
                "Si aspetta che finisca %(n)s operazione in corso, al più %(minutes)s minuti.",
                "Si aspetta che finiscano %(n)s operazioni in corso, al più %(minutes)s minuti.",
                count,
            )
            minutes = grouped(settings.UPGRADE_WAIT_SECONDS // 60)
            told.write(words % {"n": grouped(count), "minutes": minutes})
            is_told = True
        sleep(settings.HOST_CHECK_SECONDS)


def _in_hand() -> QuerySet[Job]:
    """Return the jobs somebody is doing; those of a worker that was killed are nobody's."""
    return Job.objects.filter(state=JobState.RUNNING, beat_at__gt=clock.now() - STALE_AFTER)


def _is_elsewhere(row: Installation) -> bool:
    return row.upgrading_since is not None or row.version != own_version()


def _is_unlike() -> bool:
    """Tell, and log, whether a host that has waited for its database is not like the others."""
    try:
        refuse_differences()
    except OtherHostError as error:
        logger.error("this host is not like the others: %s", error)
        return True
    return False


def _too_early() -> Any:
    """Return why the database is not of this version yet, "" where it is."""
    if _is_marked():
        return _UPGRADING
    going_on = Installation.objects.filter(upgrading_since__isnull=False)
    if _has_table(Installation._meta.db_table) and going_on.exists():
        return _UPGRADING
    return _BEHIND if _is_behind() else ""


def _is_behind() -> bool:
    """Tell whether migrations of this version were not applied, of others before it some."""
    applied = MigrationRecorder(connection).applied_migrations()
    numbers = {f"{app}.{name[:4]}" for app, name in applied}
    return "registry.0001" in numbers and not numbers.issuperset(_last_migrations())


def _is_marked() -> bool:
    """Tell whether an upgrade goes on of a database that has no row to say it in yet."""
    if connection.vendor != "postgresql":
        return False
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT obj_description(to_regclass('{_APPLIED}'))")
        return cursor.fetchone()[0] == _BEGUN


def _mark(words: str) -> None:
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute(f"COMMENT ON TABLE {_APPLIED} IS %s", [words or None])


def _has_table(name: str) -> bool:
    return name in connection.introspection.table_names()


def _row(*, may_be_first: bool) -> tuple[Installation | None, bool]:
    """Return what hosts have in common, and whether this one was noted just now as the first."""
    if may_be_first:
        return Installation.objects.get_or_create(pk=_ONE, defaults=_own())
    if _has_table(Installation._meta.db_table):
        return Installation.objects.first(), False
    return None, False


def _differences(row: Installation, *, but: str) -> list[str]:
    own = _own()
    return [
        sentence % {"own": own[name], "others": getattr(row, name)}
        for name, sentence in _SENTENCES.items()
        if name != but and own[name] != getattr(row, name)
    ]


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
_IN_HAND = _(
    "Un’operazione in corso non finisce: fermare i worker di tutte le macchine e ripetere "
    "«manage.py migrate». Non è stato cambiato niente."
)
_BEHIND = _(
    "Il database è di una versione precedente: eseguire «manage.py migrate» su una macchina sola."
)
