"""Settings of the tests: those of the project, without HTTPS, on a database of their own."""

import os
import tempfile
from pathlib import Path

# Set before the settings are read: the tests must not depend on the machine's own variables.
for name in [name for name in os.environ if name.startswith("PTPCT_")]:
    del os.environ[name]
os.environ["PTPCT_SECRET_KEY"] = "chiave-per-le-sole-prove-mai-usata-da-una-installazione-vera"
os.environ["PTPCT_VAR_DIR"] = str(Path(tempfile.gettempdir()) / f"ptpct-tests-{os.getuid()}")

from ptpct.settings import *  # noqa: E402, F403
from ptpct.settings import DATABASES, VAR_DIR  # noqa: E402

# Hashing as slow as in production would be half of the time of the tests.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # A file, not memory: the live server's threads then wait for each other as in production.
    DATABASES["default"]["TEST"] = {"NAME": VAR_DIR / "test.sqlite3"}
    DATABASES["default"]["OPTIONS"]["init_command"] += "PRAGMA synchronous = OFF;"
