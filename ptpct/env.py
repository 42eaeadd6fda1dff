"""Typed readers of environment variables.

Each takes the variable's name and a default, gives back a typed value, and raises
``ImproperlyConfigured`` with an Italian message when the value makes no sense: a wrong setting must
stop the start, never be guessed. An empty variable counts as a missing one. No text is wrapped in
gettext here: settings are read before translations exist.
"""

import datetime
import ipaddress
import os
import tempfile
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from django.core.management.utils import get_random_secret_key

TRUE_WORDS = frozenset({"1", "true", "yes", "on", "si", "sì"})
FALSE_WORDS = frozenset({"0", "false", "no", "off"})
SHORTEST_SECRET = 50
SHORTEST_TOKEN = 32
FEWEST_SIGNS = 10
"""Different signs of a secret key: "aaaa…" is long, and the first that is tried."""


def text(name: str, *, default: str) -> str:
    """Return the variable without surrounding spaces, or ``default``."""
    return os.environ.get(name, "").strip() or default


def flag(name: str, *, default: bool) -> bool:
    """Return a yes or no; anything but the words listed above is refused."""
    value = os.environ.get(name, "").strip().lower()
    if not value:
        return default
    if value in TRUE_WORDS:
        return True
    if value in FALSE_WORDS:
        return False
    raise ImproperlyConfigured(f"{name}: «{value}» non è un sì o un no (scrivere 1 oppure 0).")


def number(name: str, *, default: int, minimum: int = 0) -> int:
    """Return a whole number not below ``minimum``."""
    value = os.environ.get(name, "").strip()
    if not value:
        return default
    try:
        result = int(value)
    except ValueError as error:
        raise ImproperlyConfigured(f"{name}: «{value}» non è un numero intero.") from error
    if result < minimum:
        raise ImproperlyConfigured(f"{name}: {result} è minore del minimo ammesso, {minimum}.")
    return result


def day(name: str) -> datetime.date | None:
    """Return a date written as 2021-01-31, None when there is none."""
    value = os.environ.get(name, "").strip()
    if not value:
        return None
    try:
        return datetime.date.fromisoformat(value)
    except ValueError as error:
        raise ImproperlyConfigured(f"{name}: «{value}» non è una data (2021-01-31).") from error


def choice(name: str, *, default: str, among: tuple[str, ...]) -> str:
    """Return one of the words in ``among``."""
    value = text(name, default=default)
    if value not in among:
        raise ImproperlyConfigured(
            f"{name}: «{value}» non è ammesso (uno tra: {', '.join(among)})."
        )
    return value


def items(name: str, *, default: tuple[str, ...] = ()) -> list[str]:
    """Return a list written with commas, without empty items."""
    parts = [part.strip() for part in os.environ.get(name, "").split(",")]
    return [part for part in parts if part] or list(default)


def hosts(name: str, *, default: tuple[str, ...]) -> list[str]:
    """Return bare host names: an address with scheme, path or spaces, or ``*``, is refused."""
    names = items(name, default=default)
    for host in names:
        if host == "*" or any(mark in host for mark in "/ "):
            raise ImproperlyConfigured(
                f"{name}: «{host}» non è un nome di macchina (esempio: registro.comune.esempio.it)."
            )
    return names


def networks(name: str) -> list[ipaddress.IPv4Network | ipaddress.IPv6Network]:
    """Return addresses and networks (10.1.2.3, 10.1.0.0/16); anything else is refused."""
    found = []
    for item in items(name):
        try:
            found.append(ipaddress.ip_network(item))
        except ValueError as error:
            raise ImproperlyConfigured(
                f"{name}: «{item}» non è un indirizzo né una rete (esempio: 10.1.2.3, 10.1.0.0/16)."
            ) from error
    return found


def origins(name: str) -> list[str]:
    """Return web origins; one without http:// or https:// is refused."""
    origins = items(name)
    for origin in origins:
        if not origin.startswith(("http://", "https://")):
            raise ImproperlyConfigured(f"{name}: «{origin}» deve iniziare con http:// o https://.")
    return origins


def origin(name: str, *, default: str) -> str:
    """Return one web origin, as https://registro.esempio.it, without a slash at its end."""
    value = text(name, default=default).rstrip("/")
    if not value.startswith(("http://", "https://")):
        raise ImproperlyConfigured(f"{name}: «{value}» deve iniziare con http:// o https://.")
    return value


def cache_address(name: str) -> str:
    """Return the address of a Redis or Valkey, "" for none; its library has to be installed."""
    value = os.environ.get(name, "").strip()
    if not value:
        return ""
    if not value.startswith(("redis://", "rediss://", "unix://")):
        raise ImproperlyConfigured(
            f"{name}: «{value}» deve iniziare con redis://, rediss:// oppure unix://."
        )
    return needing(value, name, library="redis")


def file_place(name: str, *, default: str) -> str:
    """Return "folder", "database", or a bucket as s3://name; its library has to be installed."""
    value = text(name, default=default)
    if value.startswith("s3://") and value.removeprefix("s3://").strip("/"):
        return needing(value.rstrip("/"), name, library="storages")
    if value not in ("folder", "database"):
        raise ImproperlyConfigured(
            f"{name}: «{value}» non è ammesso (folder, database oppure s3://nome-del-bucket)."
        )
    return value


def needing(value: str, name: str, *, library: str) -> str:
    """Return a value that only makes sense with a library of `requirements-hosts.txt`."""
    if find_spec(library) is None:
        raise ImproperlyConfigured(
            f"{name}: manca la libreria «{library}»: pip install -r requirements-hosts.txt."
        )
    return value


def together(*names: str) -> tuple[str, ...]:
    """Return the values of variables that only make sense together; none of them gives ()."""
    values = tuple(os.environ.get(name, "").strip() for name in names)
    missing = [name for name, value in zip(names, values, strict=True) if not value]
    if len(missing) == len(names):
        return ()
    if missing:
        raise ImproperlyConfigured(f"{', '.join(missing)}: manca, e serve insieme alle altre.")
    return values


def secret(name: str, *, file: Path) -> str:
    """Return the secret key: the variable, else the content of ``file``, created on first need.

    The file serves an installation on one machine; several machines share the variable. It is
    created readable by its owner only, and by one process even when several start together.
    """
    value = os.environ.get(name, "").strip()
    if not value:
        value = _secret_in(file, name=name)
    if len(value) < SHORTEST_SECRET:
        raise ImproperlyConfigured(
            f"{name}: la chiave segreta è troppo corta (almeno {SHORTEST_SECRET} caratteri)."
        )
    if len(set(value)) < FEWEST_SIGNS:
        raise ImproperlyConfigured(
            f"{name}: la chiave segreta ripete pochi caratteri (almeno {FEWEST_SIGNS} diversi)."
        )
    return value


def token(name: str) -> str:
    """Return a word that opens something by itself, "" for none; a short one is refused."""
    value = os.environ.get(name, "").strip()
    if value and len(value) < SHORTEST_TOKEN:
        raise ImproperlyConfigured(f"{name}: troppo corto (almeno {SHORTEST_TOKEN} caratteri).")
    return value


def _secret_in(file: Path, *, name: str) -> str:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        if not file.exists():
            # Written aside, then linked in place: the loser of a race reads the winner's key whole.
            with tempfile.NamedTemporaryFile("w", dir=file.parent, encoding="ascii") as draft:
                draft.write(get_random_secret_key())
                draft.flush()
                with suppress(FileExistsError):
                    os.link(draft.name, file)
        return file.read_text(encoding="ascii").strip()
    except OSError as error:
        raise ImproperlyConfigured(
            f"Manca {name} e la chiave segreta non si può leggere né creare in {file}: {error}."
        ) from error
