"""The sign-in library counts by the clock of its host; here it gets that of the database.

Of two hosts whose clocks are two minutes apart, one would forget at once the attempts the other
has counted, refuse the codes of the telephone, and take one the other has used
(docs/decisions/0055).
"""

import time
from typing import Any

from allauth.account import models
from allauth.account.internal import stagekit
from allauth.account.internal.flows import login, reauthentication
from allauth.core.internal import ratelimit
from allauth.mfa import app_settings
from allauth.mfa.totp.internal import auth
from django.core.cache import cache

from registry import clock

_MODULES: tuple[Any, ...] = (models, stagekit, login, reauthentication, ratelimit, auth)
"""Those in which a moment is compared with one that may be of another request."""


class _Clock:
    """What these modules ask of `time`, and nothing else."""

    monotonic, sleep = staticmethod(time.monotonic), staticmethod(time.sleep)

    @staticmethod
    def time() -> float:
        """Return this moment, in seconds."""
        return clock.now().timestamp()


def _mark_used(totp: auth.TOTP, code: str) -> bool:
    """Note that a code was used; False where it was. Kept for as long as it opens.

    The library keeps it for one period, and takes it in the periods before and after too.
    """
    opens_for = app_settings.TOTP_PERIOD * (2 * app_settings.TOTP_TOLERANCE + 1)
    return cache.add(totp._get_used_cache_key(code), "y", timeout=opens_for)


def share_clock() -> None:
    """Give the library the clock of all hosts."""
    for module in _MODULES:
        vars(module)["time"] = _Clock
    auth.TOTP._mark_code_used = _mark_used
