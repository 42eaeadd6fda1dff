"""Settings of a worker that waits a moment for a locked database, and not twenty seconds."""

from ptpct.settings import *  # noqa: F403
from ptpct.settings import DATABASES

if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"]["timeout"] = 0.2
    DATABASES["default"]["OPTIONS"]["init_command"] += "PRAGMA busy_timeout = 200;"
