"""Where this installation lives and what it is called: what the other settings stand on."""

import tomllib
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from ptpct import env

BASE_DIR = Path(__file__).resolve().parent.parent.parent
VAR_DIR = Path(env.text("PTPCT_VAR_DIR", default=str(BASE_DIR / "var")))
LOCAL_HOSTS = ("127.0.0.1", "localhost", "[::1]")

VERSION = tomllib.loads((BASE_DIR / "pyproject.toml").read_text(encoding="utf-8"))["project"][
    "version"
]

DEBUG = env.flag("PTPCT_DEBUG", default=False)
SECRET_KEY = env.secret("PTPCT_SECRET_KEY", file=VAR_DIR / "secret-key")
ALLOWED_HOSTS = env.hosts("PTPCT_ALLOWED_HOSTS", default=LOCAL_HOSTS)
NAMED_HOSTS = sorted(set(ALLOWED_HOSTS) - set(LOCAL_HOSTS))
"""Names under which others reach this installation: none where it is only tried out."""
CSRF_TRUSTED_ORIGINS = env.origins("PTPCT_CSRF_TRUSTED_ORIGINS")

if DEBUG and NAMED_HOSTS:
    raise ImproperlyConfigured(
        f"PTPCT_DEBUG: non si accende dove altri arrivano ({', '.join(NAMED_HOSTS)}): ogni errore "
        "mostrerebbe a chiunque dati e impostazioni. Togliere PTPCT_DEBUG."
    )

# Named hosts mean a network, and a network means HTTPS unless said otherwise.
HTTPS = env.flag("PTPCT_HTTPS", default=set(ALLOWED_HOSTS) != set(LOCAL_HOSTS))
# Where the links in the mails lead: never taken from a request, whose host a stranger chooses.
SITE_URL = env.origin(
    "PTPCT_SITE_URL",
    default=f"https://{ALLOWED_HOSTS[0]}" if HTTPS else f"http://{ALLOWED_HOSTS[0]}:8000",
)

# --- Language and time -----------------------------------------------------------------------

LANGUAGE_CODE = "it"
# Italian is the source language of the screen text; other languages are catalogues in locale/.
LANGUAGES = [("it", "Italiano")]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = "ptpct.formats"
TIME_ZONE = "Europe/Rome"
# The demo tells a story of its own time; an installation at work leaves this empty.
TODAY = env.day("PTPCT_TODAY")
USE_I18N = True
USE_TZ = True
USE_THOUSAND_SEPARATOR = True
