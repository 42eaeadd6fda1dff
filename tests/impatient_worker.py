"""Settings of a worker that waits a moment for a locked database, and not twenty seconds.

While there is the file that `HELD_BY` names, a process that begins gets no further than this.
"""

import os
import time
from pathlib import Path

from ptpct.settings import *  # noqa: F403
from ptpct.settings import DATABASES

if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"]["timeout"] = 0.2
    DATABASES["default"]["OPTIONS"]["init_command"] += "PRAGMA busy_timeout = 200;"

while Path(os.environ.get("HELD_BY", "/nessun-posto")).exists():
    time.sleep(0.05)
