"""Where is kept what is known for a while: who has a page open, how often a sign-in was tried."""

from ptpct import env
from ptpct.settings.installation import VAR_DIR

# One machine needs nothing; several count together in Redis or Valkey (docs/decisions/0086).
_ADDRESS = env.cache_address("PTPCT_CACHE")
IS_CACHE_SHARED = bool(_ADDRESS)

if IS_CACHE_SHARED:
    CACHES = {
        "default": {
            "BACKEND": "ptpct.shared_cache.SharedCache",
            "LOCATION": _ADDRESS,
            "KEY_PREFIX": "ptpct",
        },
    }
else:
    # Seen by all the processes of one machine.
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
            "LOCATION": VAR_DIR / "cache",
            # With the few hundred of the default, a flood of names would push the counters out.
            "OPTIONS": {"MAX_ENTRIES": 5_000},
        },
    }
