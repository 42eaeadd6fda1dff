"""The cache of several hosts: Django's own for Redis and Valkey, which says so when it is away.

Read only where `PTPCT_CACHE` names one: the library has a list of its own,
`requirements-hosts.txt`.
"""

import logging
from collections.abc import Callable
from functools import wraps
from time import monotonic
from typing import Any

from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from registry.fleeting import CacheAwayError

logger = logging.getLogger(__name__)

ASKED_AGAIN = 2.0
"""Seconds after which one that was away is asked again: no page waits for it in between."""
PATIENCE = 1.0
"""Seconds in which it has to answer."""
_OPERATIONS = ("add", "get", "set", "touch", "delete", "get_many", "has_key", "incr", "set_many")
_ALL = (*_OPERATIONS, "delete_many", "clear")


def _told_away(operation: str) -> Callable[..., Any]:
    ask = getattr(RedisCacheClient, operation)

    @wraps(ask)
    def asked(client: "SharedClient", *arguments: Any, **named: Any) -> Any:
        if monotonic() < client.away_until:
            raise CacheAwayError(operation)
        try:
            return ask(client, *arguments, **named)
        except RedisError as error:
            # each thread has a client of its own
            SharedClient.away_until = monotonic() + ASKED_AGAIN
            logger.error("the cache of the hosts does not answer: %s", error)
            raise CacheAwayError(operation) from error

    return asked


class SharedClient(RedisCacheClient):
    """Asks Redis. Whatever it refuses, or does not answer, raises `CacheAwayError`."""

    away_until = 0.0

    def __init__(self, servers: Any, **options: Any) -> None:
        # tried once more at once: the server may have begun anew since a connection was made
        named = {"retry": Retry(NoBackoff(), 1), "health_check_interval": 30}
        limits = {"socket_timeout": PATIENCE, "socket_connect_timeout": PATIENCE}
        super().__init__(servers, **named, **limits, **options)


for _operation in _ALL:
    setattr(SharedClient, _operation, _told_away(_operation))


class SharedCache(RedisCache):
    """A cache in Redis or Valkey; each operation raises `CacheAwayError` while it is away."""

    def __init__(self, server: Any, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = SharedClient
