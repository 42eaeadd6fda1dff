"""What a connection to PostgreSQL is told: how long a lock is waited for, and a silent network."""

from collections.abc import Mapping
from typing import Any

_SILENCE = {
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 60_000,
}
"""Of TCP, in seconds, the last in milliseconds; the server has the same, with `tcp_` before."""
_CONNECT_SECONDS = 10


def postgresql_options(
    given: Mapping[str, Any], *, lock_seconds: int, is_pooled: bool
) -> dict[str, Any]:
    """Return the options of connections; what is `given`, in the address of the database, stays.

    A machine that loses its network says good-bye to nobody. Both ends find out within a minute; by
    themselves it takes them a quarter of an hour to two hours, in which what was locked stays
    locked. A pool passes nothing on to the server: there it is told to the role.
    """
    told: dict[str, Any] = {**_SILENCE, "connect_timeout": _CONNECT_SECONDS}
    if not is_pooled:
        server = {f"tcp_{name.removeprefix('tcp_')}": value for name, value in _SILENCE.items()}
        if lock_seconds:
            server["lock_timeout"] = f"{lock_seconds}s"
        told["options"] = " ".join(f"-c {name}={value}" for name, value in server.items())
    return told | given
